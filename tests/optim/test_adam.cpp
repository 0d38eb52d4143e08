// Adam and AdamW: values recorded from PyTorch 2.15, and the recurrence for one number.
#include <doctest/doctest.h>

#include <cmath>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::Tensor;
using Adam = optim::AdamOptions;
using AdamW = optim::AdamWOptions;

namespace {

Tensor start(xgrad::ScalarType dtype = xgrad::kFloat32) {
  return xgrad::tensor({1., -2., 3.}, xgrad::dtype(dtype).requires_grad(true));
}

// Four steps down the sum of squares.
Tensor descend(optim::Optimizer& optimizer, const Tensor& p) {
  for (int i = 0; i < 4; ++i) {
    optimizer.zero_grad();
    p.pow(2).sum().backward();
    optimizer.step();
  }
  return p.detach();
}
Tensor descend(const Tensor& p, const Adam& options) {
  optim::Adam adam({p}, options);
  return descend(adam, p);
}
Tensor descend(const Tensor& p, const AdamW& options) {
  optim::AdamW adam({p}, options);
  return descend(adam, p);
}

// The book's recurrence.
double by_hand(double p, const Adam& o, int steps) {
  const auto [beta1, beta2] = o.betas();
  double m = 0, v = 0, most = 0;
  for (int t = 1; t <= steps; ++t) {
    const double d = (o.maximize() ? -2 : 2) * p + o.weight_decay() * p;
    m = beta1 * m + (1 - beta1) * d;
    v = beta2 * v + (1 - beta2) * d * d;
    most = std::max(most, v);
    const double mean = m / (1 - std::pow(beta1, t)),
                 square = (o.amsgrad() ? most : v) / (1 - std::pow(beta2, t));
    p -= o.lr() * mean / (std::sqrt(square) + o.eps());
  }
  return p;
}

std::vector<Adam> variants() {
  return {Adam(.1), Adam(.1).betas({.5, .9}).eps(1e-3).weight_decay(.1),
          Adam(.1).betas({.3, .6}).amsgrad(true), Adam(.1).maximize(true).weight_decay(.1)};
}
const std::vector<std::vector<double>> kRecorded = {
    {0.6039391160011292, -1.601504921913147, 2.6009135246276855},
    {0.6143437623977661, -1.6064186096191406, 2.6041269302368164},
    {0.6158218383789062, -1.605560064315796, 2.6035513877868652},
    {1.4011465311050415, -2.4008216857910156, 3.40061092376709}};

}  // namespace

TEST_CASE("Adam's trajectories are PyTorch's, in float and double") {
  for (std::size_t i = 0; i < kRecorded.size(); ++i) {
    const Adam o = variants()[i];
    CHECK(is_close(descend(start(), o), kRecorded[i]));
    CHECK(is_close(descend(start(xgrad::kFloat64), o),
                   {by_hand(1, o, 4), by_hand(-2, o, 4), by_hand(3, o, 4)}, 1e-13));
  }
}

TEST_CASE("AdamW takes the weight decay from the parameter itself") {
  CHECK(is_close(descend(start(), AdamW(.1).weight_decay(.2)),
                 {0.539282500743866, -1.458858847618103, 2.3805341720581055}));
  CHECK(is_close(descend(start(), AdamW(.1).betas({.3, .6}).amsgrad(true).maximize(true)),
                 {1.403167963027954, -2.3956942558288574, 3.390352725982666}));
}

TEST_CASE("strided and 16-bit parameters take Adam's steps too") {
  for (std::size_t i = 0; i < kRecorded.size(); ++i) {
    const Tensor column = xgrad::zeros({3, 2}).select(1, 0);
    column.copy_(start().detach());
    CHECK(is_close(descend(column.requires_grad_(), variants()[i]), kRecorded[i], 1e-5));
    const Tensor half = start().detach().to(xgrad::kBFloat16).requires_grad_();
    CHECK(is_close(descend(half, variants()[i]), kRecorded[i], 0.03));
  }
}

TEST_CASE("a large parameter takes Adam's step everywhere, whatever the threads") {
  const Adam o = Adam(.1).weight_decay(.1);
  const Tensor p = xgrad::full({100003}, 3., xgrad::dtype(xgrad::kFloat64).requires_grad(true));
  const Tensor result = descend(p, o);
  CHECK((result - by_hand(3, o, 4)).abs().max().item<double>() < 1e-13);
  CHECK(result.eq(result[0]).all().item<bool>());
}

TEST_CASE("the state of Adam is what LibTorch's users know") {
  const Tensor p = start();
  optim::Adam adam({p}, Adam(.1));
  p.sum().backward();
  adam.step();
  const auto& state = static_cast<optim::AdamParamState&>(*adam.state().at(p.unsafeGetTensorImpl()));
  CHECK(state.step() == 1);
  CHECK(is_close(state.exp_avg(), {.1, .1, .1}));
  CHECK(is_close(state.exp_avg_sq(), {.001, .001, .001}));
  CHECK_FALSE(state.max_exp_avg_sq().defined());
}

TEST_CASE("amsgrad can be turned on later") {
  const Tensor p = start();
  optim::Adam adam({p}, Adam(.1));
  p.sum().backward();
  adam.step();
  static_cast<Adam&>(adam.param_groups()[0].options()).amsgrad(true);
  adam.step();
  const auto& state = static_cast<optim::AdamParamState&>(*adam.state().at(p.unsafeGetTensorImpl()));
  CHECK(state.step() == 2);
  CHECK(xgrad::equal(state.max_exp_avg_sq(), state.exp_avg_sq()));
}

TEST_CASE("options of Adam that make no sense are refused") {
  const auto refused = [](const Adam& o) { return message_of([&] { optim::Adam({start()}, o); }); };
  CHECK(refused(Adam(-1)) == "Adam: Invalid learning rate: -1.0");
  CHECK(refused(Adam().eps(-1e-9)) == "Adam: Invalid epsilon value: -1e-09");
  CHECK(refused(Adam().betas({1, .9})) == "Adam: Invalid beta parameter at index 0: 1.0");
  CHECK(refused(Adam().betas({.9, -.5})) == "Adam: Invalid beta parameter at index 1: -0.5");
  CHECK(refused(Adam().weight_decay(-.1)) == "Adam: Invalid weight_decay value: -0.1");
  CHECK_THROWS_AS(optim::AdamW({start()}, AdamW().weight_decay(-.1)), xgrad::ValueError);
}
