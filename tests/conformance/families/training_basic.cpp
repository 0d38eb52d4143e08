// Rows: the layers, losses and the optimizer of a plain perceptron.
#include "training_optimizer.h"

namespace conformance {

namespace {

namespace nn = lib::nn;
namespace F = lib::nn::functional;

lib::optim::SGDOptions sgd_options(const Args& a) {
  return lib::optim::SGDOptions(a.real("lr"))
      .momentum(a.real("momentum", 0))
      .dampening(a.real("dampening", 0))
      .weight_decay(a.real("weight_decay", 0))
      .nesterov(a.flag("nesterov"));
}

}  // namespace

void register_training_basic(Registry& registry) {
  TrainingTables& t = training_tables(registry);
  t.layers["Linear"] = [](nn::Sequential& net, const Args& a) {
    net->push_back(nn::Linear(
        nn::LinearOptions(a.integer("in_features"), a.integer("out_features")).bias(a.flag("bias", true))));
  };
  t.layers["Sigmoid"] = [](nn::Sequential& net, const Args&) { net->push_back(nn::Sigmoid()); };
  t.layers["Tanh"] = [](nn::Sequential& net, const Args&) { net->push_back(nn::Tanh()); };
  t.layers["ReLU"] = [](nn::Sequential& net, const Args&) { net->push_back(nn::ReLU()); };
  t.losses["mse"] = [](const lib::Tensor& output, const lib::Tensor& target) {
    return F::mse_loss(output, target);
  };
  t.losses["cross_entropy"] = [](const lib::Tensor& output, const lib::Tensor& target) {
    return F::cross_entropy(output, target);
  };
  t.losses["smooth_l1"] = [](const lib::Tensor& output, const lib::Tensor& target) {
    return F::smooth_l1_loss(output, target);
  };
  t.optimizers["SGD"] = optimizer_row<lib::optim::SGD>(sgd_options);
}

}  // namespace conformance
