// Layers by themselves, forward and backward, and training steps of the networks they are made for. Compiled
// against xgrad and against LibTorch; only what both offer under the same names may appear.
#include "library.h"

namespace bench {

namespace {

namespace nn = lib::nn;
using lib::Tensor;

// The same numbers in every library, whatever a layer starts with.
void fill_parameters(nn::Module& module) {
  const lib::NoGradGuard no_grad;
  unsigned seed = 30;
  for (auto& item : module.named_parameters()) {
    Tensor& p = item.value();
    const auto inputs = p.dim() > 1 ? p.numel() / p.size(0) : std::int64_t{16};
    p.copy_(filled(p.sizes().vec(), seed++, 1.F / std::sqrt(static_cast<float>(inputs))));
  }
}

/// Forward and backward of one layer, the gradient of its input included; `width` counts the multiply-adds of
/// one number of the result. A layer without products reads and writes five arrays.
template <class Layer>
void add_layer(const std::string& name, const std::vector<std::int64_t>& shape, double goal, double width,
               const Layer& make) {
  double size = 1;
  for (const std::int64_t n : shape) size *= static_cast<double>(n);
  Work work;
  if (width > 0)
    work.product(size, width, 1);
  else
    work.bytes = 5 * 4 * size;
  workload(name).goal(goal).work(work).each([shape, make] {
    auto layer = make();
    fill_parameters(*layer);
    Tensor x = filled(shape, 1).set_requires_grad(true);
    const Tensor upstream = filled(layer->forward(x).sizes().vec(), 2);
    return [layer, x, upstream]() mutable {
      layer->forward(x).backward(upstream);
      Tensor gradient = x.grad();
      x.mutable_grad() = Tensor();
      for (auto& p : layer->parameters()) p.mutable_grad() = Tensor();
      return gradient;
    };
  });
}

// Two convolutions with batch norm and a way around them.
struct Block : nn::Module {
  Block(std::int64_t from, std::int64_t to, std::int64_t stride) {
    first = register_module("first",
                            nn::Conv2d(nn::Conv2dOptions(from, to, 3).stride(stride).padding(1).bias(false)));
    first_norm = register_module("first_norm", nn::BatchNorm2d(to));
    second = register_module("second", nn::Conv2d(nn::Conv2dOptions(to, to, 3).padding(1).bias(false)));
    second_norm = register_module("second_norm", nn::BatchNorm2d(to));
    if (stride != 1 || from != to)
      around =
          register_module("around", nn::Conv2d(nn::Conv2dOptions(from, to, 1).stride(stride).bias(false)));
  }
  Tensor forward(const Tensor& x) {
    const Tensor y = second_norm->forward(second->forward(lib::relu(first_norm->forward(first->forward(x)))));
    return lib::relu(y + (around ? around->forward(x) : x));
  }
  nn::Conv2d first{nullptr}, second{nullptr}, around{nullptr};
  nn::BatchNorm2d first_norm{nullptr}, second_norm{nullptr};
};

// He et al., "Deep residual learning for image recognition", 2015, in its small form for 32 x 32 pictures.
struct ResNet : nn::Module {
  ResNet() {
    stem = register_module("stem", nn::Conv2d(nn::Conv2dOptions(3, 16, 3).padding(1).bias(false)));
    norm = register_module("norm", nn::BatchNorm2d(16));
    const std::int64_t widths[] = {16, 16, 32, 64};
    for (int i = 0; i < 3; ++i)
      blocks.push_back(register_module("block" + std::to_string(i),
                                       std::make_shared<Block>(widths[i], widths[i + 1], i == 0 ? 1 : 2)));
    classify = register_module("classify", nn::Linear(64, 10));
  }
  Tensor forward(Tensor x) {
    x = lib::relu(norm->forward(stem->forward(x)));
    for (auto& block : blocks) x = block->forward(x);
    return classify->forward(x.mean({2, 3}));
  }
  nn::Conv2d stem{nullptr};
  nn::BatchNorm2d norm{nullptr};
  std::vector<std::shared_ptr<Block>> blocks;
  nn::Linear classify{nullptr};
};

// Characters to the next character by a transformer that looks back only.
struct Gpt : nn::Module {
  static constexpr std::int64_t width = 128, length = 64, letters = 96;
  Gpt() {
    letter = register_module("letter", nn::Embedding(letters, width));
    place = register_parameter("place", lib::zeros({length, 1, width}));
    layers = register_module(
        "layers", nn::TransformerEncoder(
                      nn::TransformerEncoderLayer(
                          nn::TransformerEncoderLayerOptions(width, 4).dim_feedforward(512).dropout(0)),
                      2));
    norm = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({width})));
    head = register_module("head", nn::Linear(width, letters));
    mask =
        register_buffer("mask", lib::full({length, length}, -std::numeric_limits<float>::infinity()).triu(1));
  }
  // [length, batch] to [length * batch, letters]
  Tensor forward(const Tensor& text) {
    const Tensor x = layers->forward(letter->forward(text) + place, mask);
    return head->forward(norm->forward(x)).flatten(0, 1);
  }
  nn::Embedding letter{nullptr};
  Tensor place, mask;
  nn::TransformerEncoder layers{nullptr};
  nn::LayerNorm norm{nullptr};
  nn::Linear head{nullptr};
};

template <class Net, class Optimizer, class Options>
auto step_of(const Options& options, const Tensor& input, const Tensor& target) {
  auto net = std::make_shared<Net>();
  fill_parameters(*net);
  return training_step(net, std::make_shared<Optimizer>(net->parameters(), options), input, target);
}

// The products of the networks; norms, attention's softmax and the like are left out, and so is what fits in
// caches.
Work work_of_resnet(double batch) {
  constexpr double pixels[] = {1024, 1024, 256, 64}, widths[] = {16, 16, 32, 64};
  Work work;
  work.product(batch * 1024, 9 * 3, 16, true);
  for (int i = 1; i <= 3; ++i) {
    work.product(batch * pixels[i], 9 * widths[i - 1], widths[i])
        .product(batch * pixels[i], 9 * widths[i], widths[i]);
    if (i > 1) work.product(batch * pixels[i], widths[i - 1], widths[i]);
  }
  return work.product(batch, 64, 10).optimizer(Work::kMomentum);
}

Work work_of_lstm(double steps, double batch) {
  Work work;
  for (int gate = 0; gate < 4; ++gate)
    work.product(steps * batch, 32, 128, true).product(steps * batch, 128, 3 * 128);
  return work.product(batch, 128, 10).optimizer(Work::kAdam);
}

Work work_of_gpt(double batch) {
  constexpr double width = Gpt::width, length = Gpt::length;
  const double rows = length * batch;
  Work work, attention;
  for (int i = 0; i < 2; ++i) {
    work.product(rows, width, 3 * width).product(rows, width, width);
    work.product(rows, width, 4 * width).product(rows, 4 * width, width);
    attention.product(rows, length, 2 * width);
  }
  work.product(rows, width, Gpt::letters).optimizer(Work::kAdam);
  work.flops += attention.flops;
  return work;
}

template <class Net, class Optimizer, class Options>
void add_step(const std::string& name, double goal, const Work& work, const Options& options,
              const Tensor& input, const Tensor& target) {
  workload(name).goal(goal).work(work).each([=] { return step_of<Net, Optimizer>(options, input, target); });
}

/// The most memory that three steps need, parameters and states included.
template <class Net, class Optimizer, class Options>
void add_peak(const std::string& name, double goal, const Options& options, const Tensor& input,
              const Tensor& target) {
  workload(name + ", peak of memory").goal(goal).memory().once([=] {
    const double before = resident_bytes();
    const auto step = step_of<Net, Optimizer>(options, input, target);
    Parts parts;
    for (int i = 0; i < 3; ++i) parts.digest = Result<Tensor>::digest(step().detach());
    parts.costs = {peak_bytes() - before};
    return parts;
  });
}

struct LstmNet : nn::Module {
  LstmNet() {
    lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(32, 128).num_layers(2)));
    head = register_module("head", nn::Linear(128, 10));
  }
  Tensor forward(const Tensor& x) { return head->forward(std::get<0>(lstm->forward(x))[-1]); }
  nn::LSTM lstm{nullptr};
  nn::Linear head{nullptr};
};

}  // namespace

void add_layer_workloads() {
  add_layer("LayerNorm of 4096 x 512, both ways", {4096, 512}, 2.5, 0,
            [] { return nn::LayerNorm(nn::LayerNormOptions({512})); });
  add_layer("GELU of 1 M, both ways", {1'000'000}, 2.7, 0, [] { return nn::GELU(); });
  add_layer("conv 3x3, 64 to 64 channels of 28x28, batch 8, both ways", {8, 64, 28, 28}, 1, 9 * 64,
            [] { return nn::Conv2d(nn::Conv2dOptions(64, 64, 3).padding(1)); });
  add_layer("conv 1x1, 64 to 64 channels of 28x28, batch 8, both ways", {8, 64, 28, 28}, 1, 64,
            [] { return nn::Conv2d(nn::Conv2dOptions(64, 64, 1)); });
  add_layer("BatchNorm2d of 8 x 64 x 28 x 28, both ways", {8, 64, 28, 28}, 1, 0,
            [] { return nn::BatchNorm2d(64); });
  add_layer("Conv1d, 64 to 64 channels of 256, batch 8, both ways", {8, 64, 256}, 1, 5 * 64,
            [] { return nn::Conv1d(nn::Conv1dOptions(64, 64, 5).padding(2)); });
  namespace optim = lib::optim;
  const auto sgd = optim::SGDOptions(0.01).momentum(0.9);
  const optim::AdamWOptions adamw(1e-3);
  const auto text = [](std::int64_t batch) {
    return classes(Gpt::length * batch, Gpt::letters, 1).view({Gpt::length, batch});
  };
  const auto next = [](std::int64_t batch) { return classes(Gpt::length * batch, Gpt::letters, 2); };
  add_step<ResNet, optim::SGD>("ResNet 32x32, batch 16, SGD step", 1.4, work_of_resnet(16), sgd,
                               filled({16, 3, 32, 32}, 1), classes(16, 10, 2));
  add_step<LstmNet, optim::Adam>("LSTM 2 x 128, 32 steps, batch 32, Adam step", 1.5, work_of_lstm(32, 32),
                                 optim::AdamOptions(1e-3), filled({32, 32, 32}, 1), classes(32, 10, 2));
  add_step<Gpt, optim::AdamW>("GPT of 2 layers, 64 letters, batch 8, AdamW step", 1.4, work_of_gpt(8), adamw,
                              text(8), next(8));
  add_peak<ResNet, optim::SGD>("ResNet 32x32, batch 128, SGD step", 1, sgd, filled({128, 3, 32, 32}, 1),
                               classes(128, 10, 2));
  add_peak<Gpt, optim::AdamW>("GPT of 2 layers, 64 letters, batch 64, AdamW step", 1, adamw, text(64),
                              next(64));
}

}  // namespace bench
