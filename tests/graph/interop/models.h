// Models that go to ONNX: every layer and function that has a form there. For the tests and for ./dev
// interop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/graph.h>
#include <xgrad/graph/onnx.h>
#include <xgrad/xgrad.h>

namespace models {

using namespace xgrad;

/// A model: writes itself to a file, and returns its inputs and results.
struct Model {
  std::string name;
  std::function<std::vector<std::vector<Tensor>>(const std::string& file)> write;
};

inline std::vector<Tensor> flat(const Tensor& t) { return {t}; }
inline std::vector<Tensor> flat(const optional<std::tuple<Tensor, Tensor>>& t) {
  return {std::get<0>(*t), std::get<1>(*t)};
}
inline std::vector<Tensor> flat(const std::tuple<Tensor, Tensor>& t) {
  return {std::get<0>(t), std::get<1>(t)};
}
inline std::vector<Tensor> flat(const std::tuple<Tensor, std::tuple<Tensor, Tensor>>& t) {
  return {std::get<0>(t), std::get<0>(std::get<1>(t)), std::get<1>(std::get<1>(t))};
}

template <class M, class... Inputs>
Model model(const std::string& name, M module, const Inputs&... inputs) {
  return {name, [=](const std::string& file) mutable {
            graph::to_onnx(module, std::make_tuple(inputs...), file);
            module->eval();
            const NoGradGuard no_grad;
            std::vector<Tensor> all;
            for (const auto& list : {flat(inputs)...}) all.insert(all.end(), list.begin(), list.end());
            return std::vector<std::vector<Tensor>>{all, flat(module(inputs...))};
          }};
}

/// A function as a module.
class FunctionImpl : public nn::Module {
 public:
  FunctionImpl(std::function<Tensor(const Tensor&)> f) : f_(std::move(f)) {}
  Tensor forward(const Tensor& x) { return f_(x); }

 private:
  std::function<Tensor(const Tensor&)> f_;
};
XGRAD_MODULE(Function);

inline std::vector<Model> functions() {
  const Tensor x = randn({2, 3, 4, 5});
  std::vector<Model> all;
  const auto add = [&](const std::string& name, std::function<Tensor(const Tensor&)> f) {
    all.push_back(model(name, Function(std::move(f)), x));
  };
  add("arithmetic",
      [](const Tensor& t) { return (2 - t * 3 + t / 2).pow(2).sub(t, 0.5).add(t, 2) / (t.abs() + 1); });
  add("math", [](const Tensor& t) {
    return t.sin() + t.cos().exp() + t.abs().add(1).log().sqrt().rsqrt() + t.erf().tanh();
  });
  add("rounding", [](const Tensor& t) { return t.floor() + t.ceil() + t.sign() - (-t).reciprocal().atan(); });
  add("comparison", [](const Tensor& t) {
    return where((t > 0.1).logical_not(), t, t * 2) + (t <= 0).to(kFloat) + (t != t.floor()).to(kFloat);
  });
  add("clamp", [](const Tensor& t) {
    return t.clamp(-0.5, 0.7) + t.clamp_min(0.1) + t.clamp_max(0.2) + maximum(t, t * 2) + minimum(t, t * 3);
  });
  add("views", [](const Tensor& t) {
    return t.view({6, 20}).t().reshape({5, 4, 6}).permute({2, 0, 1}).transpose(0, 2).unsqueeze(1).squeeze(1);
  });
  add("slices", [](const Tensor& t) {
    return cat({t.slice(3, 0, 5, 2), t.narrow(3, 1, 3)}, 3).select(1, 1) +
           t.chunk(3, 1)[2].select(1, 0).select(2, 0).unsqueeze(-1);
  });
  add("stack", [](const Tensor& t) {
    const auto parts = t.unbind(1);
    return stack({parts[0], parts[2]}, 1) * 2;
  });
  add("expand", [](const Tensor& t) { return t.sum({3}, true).expand({2, 3, 4, 5}) * t.mean({1}, true); });
  add("reductions", [](const Tensor& t) {
    return t.sum(1) + t.mean({1}) * t.amax({1}) + t.prod(1) + std::get<0>(t.max(1)) + t.logsumexp({1});
  });
  add("variance", [](const Tensor& t) {
    const auto [var, mean] = var_mean(t, IntArrayRef{1, 3}, 0, true);
    return t.var({2}, true, true) * t.std({0, 1}, false, true) + var + mean + t.norm(2, {3}, true) +
           t.norm(1, {0}, true);
  });
  add("index_select", [](const Tensor& t) { return t.index_select(3, tensor({4, 0, 0})); });
  add("masked_fill",
      [](const Tensor& t) { return t.masked_fill(t > 0.5, -2.5).masked_fill(t < 0, tensor(7.)); });
  add("rms_norm", [](const Tensor& t) {
    return rms_norm(t, {4, 5}, arange(20).view({4, 5}).to(kFloat), 1e-3);
  });
  add("uneven_pooling", [](const Tensor& t) {
    return cat({nn::functional::adaptive_avg_pool2d(t, nn::functional::AdaptiveAvgPool2dFuncOptions({3, 2})),
                nn::functional::adaptive_max_pool2d(t, nn::functional::AdaptiveMaxPool2dFuncOptions({3, 2}))},
               1);
  });
  add("resized", [](const Tensor& t) {
    using Options = nn::functional::InterpolateFuncOptions;
    const std::vector<int64_t> size{7, 3};
    return nn::functional::interpolate(t, Options().size(size).mode(kBilinear).align_corners(false)) +
           nn::functional::interpolate(t, Options().size(size).mode(kBicubic).align_corners(true));
  });
  add("argmax", [](const Tensor& t) { return t.argmax(2); });
  add("softmax", [](const Tensor& t) { return t.softmax(1) + t.log_softmax(3); });
  add("matmul", [](const Tensor& t) { return matmul(t, t.transpose(2, 3)); });
  add("in_place", [](const Tensor& t) {
    Tensor y = t * 2;
    y.add_(1).relu_();
    return y + t;
  });
  add("pad", [](const Tensor& t) {
    return nn::functional::pad(t, nn::functional::PadFuncOptions({1, 2, 0, 1}).value(3));
  });
  return all;
}

inline std::vector<Model> layers() {
  const Tensor image = randn({2, 4, 9, 9}), row = randn({3, 6});
  nn::Sequential activations(nn::Linear(6, 8), nn::ReLU(), nn::Linear(8, 8), nn::Sigmoid(), nn::Tanh(),
                             nn::GELU(), nn::GELU(nn::GELUOptions().approximate("tanh")), nn::ELU(),
                             nn::SELU(), nn::CELU(nn::CELUOptions().alpha(0.7)), nn::LeakyReLU(),
                             nn::Hardtanh(), nn::ReLU6(), nn::SiLU(), nn::Mish(), nn::Softplus(),
                             nn::Softsign(), nn::Hardshrink(0.01), nn::Softshrink(0.01), nn::LogSigmoid(),
                             nn::Threshold(-2, 3), nn::PReLU(), nn::Dropout(0.5), nn::LogSoftmax(1));
  nn::BatchNorm2d norm(8);
  norm->running_mean.normal_();
  norm->running_var.uniform_(0.5, 2);
  nn::Sequential images(nn::Conv2d(nn::Conv2dOptions(4, 8, 3).padding(1).groups(2)), norm,
                        nn::ReLU(nn::ReLUOptions().inplace(true)),
                        nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).padding(1)),
                        nn::GroupNorm(nn::GroupNormOptions(2, 8)),
                        nn::ConvTranspose2d(nn::ConvTranspose2dOptions(8, 4, 3).stride(2).output_padding(1)),
                        nn::InstanceNorm2d(4), nn::AvgPool2d(nn::AvgPool2dOptions(2).ceil_mode(true)),
                        nn::LayerNorm(nn::LayerNormOptions({6, 6})),
                        nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({2, 3})), nn::Flatten(),
                        nn::Linear(24, 3), nn::Softmax(1));
  nn::Sequential signals(nn::Conv1d(nn::Conv1dOptions(3, 4, 3).dilation(2).padding(1)), nn::MaxPool1d(2),
                         nn::BatchNorm1d(4));
  const Tensor words = tensor({1, 5, 2, 0, 7, 7}).view({2, 3});
  return {model("activations", activations, row), model("images", images, image),
          model("signals", signals, randn({2, 3, 12})),
          model("conv3d", nn::Conv3d(nn::Conv3dOptions(2, 3, 2)), randn({1, 2, 4, 4, 4})),
          model("embedding", nn::Sequential(nn::Embedding(8, 4), nn::Linear(4, 2)), words)};
}

inline std::vector<Model> sequences() {
  const Tensor x = randn({5, 2, 3}), h = randn({4, 2, 4}), c = randn({4, 2, 4});
  nn::TransformerEncoderLayer layer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16));
  return {model("lstm", nn::LSTM(nn::LSTMOptions(3, 4)), x),
          model("lstm_deep", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true)), x,
                optional<std::tuple<Tensor, Tensor>>(std::tuple(h, c))),
          model("gru", nn::GRU(nn::GRUOptions(3, 4).batch_first(true).num_layers(2)), x),
          model("rnn", nn::RNN(nn::RNNOptions(3, 4).bidirectional(true).nonlinearity(kReLU).bias(false)), x),
          model("rnn_row", nn::RNN(nn::RNNOptions(3, 4)), randn({5, 3})),
          model("transformer", nn::TransformerEncoder(nn::TransformerEncoderOptions(layer, 2)),
                randn({6, 2, 8}))};
}

inline std::vector<Model> all() {
  manual_seed(0);
  std::vector<Model> list = functions();
  for (auto& part : {layers(), sequences()}) list.insert(list.end(), part.begin(), part.end());
  return list;
}

}  // namespace models
