// Rows: clipping of gradients.
#include "../training_tables.h"

namespace conformance {

void register_training_clipping(Registry& registry) {
  TrainingTables& t = training_tables(registry);
  t.clip_grad_norm = [](const std::vector<lib::Tensor>& parameters, const Args& a) {
    return lib::nn::utils::clip_grad_norm_(parameters, a.real("max_norm"), a.real("norm_type", 2.0));
  };
  t.clip_grad_value = [](const std::vector<lib::Tensor>& parameters, double value) {
    lib::nn::utils::clip_grad_value_(parameters, value);
  };
}

}  // namespace conformance
