// Rows: layers of a model for images.
#include "../training_tables.h"

namespace conformance {

namespace nn = lib::nn;

void register_training_images(Registry& registry) {
  auto& layers = training_tables(registry).layers;
  layers["Conv2d"] = [](nn::Sequential& net, const Args& a) {
    net->push_back(nn::Conv2d(
        nn::Conv2dOptions(a.integer("in_channels"), a.integer("out_channels"), a.integer("kernel_size"))
            .padding(a.integer("padding", 0))));
  };
  layers["MaxPool2d"] = [](nn::Sequential& net, const Args& a) {
    net->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(a.integer("kernel_size"))));
  };
  layers["Flatten"] = [](nn::Sequential& net, const Args&) { net->push_back(nn::Flatten()); };
}

}  // namespace conformance
