// Whole steps of networks, from three weights up, as a user writes them: modules, a loss, an optimiser,
// inference without gradients. Compiled against xgrad and against LibTorch; only what both offer under the
// same names may appear.
#include "library.h"

namespace bench {

namespace {

struct Perceptron : lib::nn::Module {
  Perceptron() { weights = register_parameter("weights", lib::ones({3})); }
  lib::Tensor forward(const lib::Tensor& x) { return lib::sigmoid(lib::matmul(x, weights)); }
  lib::Tensor weights;
};

void add_perceptron() {
  workload("perceptron training step").goal(20).each([] {
    auto net = std::make_shared<Perceptron>();
    auto sgd = std::make_shared<lib::optim::SGD>(net->parameters(), lib::optim::SGDOptions(0.1));
    const lib::Tensor x = lib::tensor({1.F, 2.F, 3.F});
    return [net, sgd, x] {
      const lib::Tensor loss = 0.5 * (net->forward(x) - 0.9).pow(2);
      loss.backward();
      sgd->step();
      sgd->zero_grad();
      return net->weights;
    };
  });
}

// Linear layers with relu between them.
struct Mlp : lib::nn::Module {
  explicit Mlp(const std::vector<std::int64_t>& sizes) {
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
      layers.push_back(register_module("layer" + std::to_string(i), lib::nn::Linear(sizes[i], sizes[i + 1])));
    const lib::NoGradGuard no_grad;
    unsigned seed = 10;
    for (auto& layer : layers) {
      const auto inputs = layer->weight.size(1), outputs = layer->weight.size(0);
      const float scale = 1.F / std::sqrt(static_cast<float>(inputs));
      layer->weight.copy_(filled({outputs, inputs}, seed++, scale));
      layer->bias.copy_(filled({outputs}, seed++, scale));
    }
  }

  lib::Tensor forward(lib::Tensor x) {
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) x = lib::relu(layers[i]->forward(x));
    return layers.back()->forward(x);
  }

  std::vector<lib::nn::Linear> layers;
};

// LeCun et al., "Gradient-based learning applied to document recognition", 1998, as it is taught today.
struct LeNet : lib::nn::Module {
  LeNet() {
    namespace nn = lib::nn;
    first = register_module("first", nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)));
    second = register_module("second", nn::Conv2d(nn::Conv2dOptions(6, 16, 5)));
    classify =
        register_module("classify", std::make_shared<Mlp>(std::vector<std::int64_t>{400, 120, 84, 10}));
    const lib::NoGradGuard no_grad;
    unsigned seed = 20;
    for (const auto& [weight, inputs] : {std::pair{first->weight, 25}, std::pair{second->weight, 150}})
      weight.copy_(filled(weight.sizes().vec(), seed++, 1.F / std::sqrt(static_cast<float>(inputs))));
    first->bias.zero_();
    second->bias.zero_();
  }

  lib::Tensor forward(lib::Tensor x) {
    x = lib::max_pool2d(lib::relu(first->forward(x)), 2);
    x = lib::max_pool2d(lib::relu(second->forward(x)), 2);
    return classify->forward(x.flatten(1));
  }

  lib::nn::Conv2d first{nullptr}, second{nullptr};
  std::shared_ptr<Mlp> classify;
};

void add_lenet() {
  Work work;
  work.product(64 * 28 * 28, 25, 6, true).product(64 * 10 * 10, 150, 16);
  work.product(64, 400, 120).product(64, 120, 84).product(64, 84, 10).optimizer(Work::kSgd);
  workload("LeNet 28x28, batch 64, SGD step").goal(1.7).work(work).each([] {
    auto net = std::make_shared<LeNet>();
    auto sgd = std::make_shared<lib::optim::SGD>(net->parameters(), lib::optim::SGDOptions(0.01));
    return training_step(net, sgd, filled({64, 1, 28, 28}, 1), classes(64, 10, 2));
  });
}

Work work_of(const std::vector<std::int64_t>& sizes, std::int64_t batch, double arrays) {
  Work work;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
    work.product(static_cast<double>(batch), static_cast<double>(sizes[i]), static_cast<double>(sizes[i + 1]),
                 i == 0);
  return work.optimizer(arrays);
}

template <class Optimizer, class Options>
void add_training(const std::string& name, const std::vector<std::int64_t>& sizes, std::int64_t batch,
                  double goal, const Options& options, double arrays) {
  workload(name).goal(goal).work(work_of(sizes, batch, arrays)).each([sizes, batch, options] {
    auto net = std::make_shared<Mlp>(sizes);
    auto optimizer = std::make_shared<Optimizer>(net->parameters(), options);
    return training_step(net, optimizer, filled({batch, sizes.front()}, 1), classes(batch, sizes.back(), 2));
  });
}

void add_inference(const std::string& name, const std::vector<std::int64_t>& sizes, double goal) {
  workload(name).goal(goal).each([sizes] {
    auto net = std::make_shared<Mlp>(sizes);
    const lib::Tensor x = filled({1, sizes.front()}, 1);
    return [net, x] {
      const lib::NoGradGuard no_grad;
      return net->forward(x);
    };
  });
}

}  // namespace

void add_model_workloads() {
  add_perceptron();
  using lib::optim::Adam, lib::optim::SGD;
  const std::vector<std::int64_t> small{4, 16, 3}, large{784, 512, 512, 10};
  const lib::optim::SGDOptions plain(0.01);
  add_training<SGD>("MLP 4-16-3, batch 16, SGD step", small, 16, 10, plain, Work::kSgd);
  add_training<SGD>("MLP 784-512-512-10, batch 64, SGD step", large, 64, 1.3, plain, Work::kSgd);
  add_training<Adam>("MLP 784-512-512-10, batch 64, Adam step", large, 64, 1.3, lib::optim::AdamOptions(1e-3),
                     Work::kAdam);
  add_lenet();
  add_inference("MLP 4-16-3, batch 1, inference", {4, 16, 3}, 10);
}

}  // namespace bench
