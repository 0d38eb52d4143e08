// Rows: normalisation and GELU in a model of vectors.
#include "../training_tables.h"

namespace conformance {

namespace nn = lib::nn;

void register_training_norms(Registry& registry) {
  auto& layers = training_tables(registry).layers;
  layers["BatchNorm1d"] = [](nn::Sequential& net, const Args& a) {
    net->push_back(nn::BatchNorm1d(nn::BatchNorm1dOptions(a.integer("num_features"))));
  };
  layers["LayerNorm"] = [](nn::Sequential& net, const Args& a) {
    net->push_back(nn::LayerNorm(nn::LayerNormOptions(a.integers("normalized_shape"))));
  };
  layers["GELU"] = [](nn::Sequential& net, const Args&) { net->push_back(nn::GELU()); };
}

}  // namespace conformance
