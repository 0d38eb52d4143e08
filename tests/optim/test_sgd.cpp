// SGD: the recurrences of momentum, dampening, nesterov and weight decay, on every path through the step.
#include <doctest/doctest.h>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::Tensor;

namespace {

// Four steps down the sum of squares from `p`.
Tensor descend(Tensor p, const optim::SGDOptions& options) {
  optim::SGD sgd({p}, options);
  for (int i = 0; i < 4; ++i) {
    sgd.zero_grad();
    p.pow(2).sum().backward();
    sgd.step();
  }
  return p.detach();
}

Tensor start(xgrad::ScalarType dtype = xgrad::kFloat32) {
  return xgrad::tensor({1., -2., 3.}, xgrad::dtype(dtype).requires_grad(true));
}

struct Recorded {
  optim::SGDOptions options;
  std::vector<double> result;
};

// From PyTorch 1.13, and with maximize from 2.15.
std::vector<Recorded> recorded() {
  using O = optim::SGDOptions;
  return {{O(.1), {0.4095999598503113, -0.8191999197006226, 1.2288000583648682}},
          {O(.1).momentum(.9), {-0.3086000084877014, 0.6172000169754028, -0.9257999062538147}},
          {O(.1).momentum(.9).dampening(.5).weight_decay(.01),
           {-0.03653512895107269, 0.07307025790214539, -0.10960551351308823}},
          {O(.1).momentum(.9).nesterov(true).weight_decay(.1),
           {-0.3467158377170563, 0.6934316754341125, -1.0401475429534912}},
          {O(.1).momentum(.9).weight_decay(.01).maximize(true),
           {3.402801036834717, -6.805602073669434, 10.208402633666992}}};
}

// The recurrence for one number, as the book has it.
double by_hand(double p, const optim::SGDOptions& o, int steps) {
  double buffer = 0;
  for (int i = 0; i < steps; ++i) {
    const double d = (o.maximize() ? -2 : 2) * p + o.weight_decay() * p;
    buffer = i == 0 ? d : o.momentum() * buffer + (1 - o.dampening()) * d;
    p -= o.lr() * (o.momentum() == 0 ? d : o.nesterov() ? d + o.momentum() * buffer : buffer);
  }
  return p;
}

}  // namespace

TEST_CASE("trajectories are PyTorch's, in float and double") {
  for (const Recorded& r : recorded()) {
    CHECK(is_close(descend(start(), r.options), r.result));
    const std::vector<double> exact{by_hand(1, r.options, 4), by_hand(-2, r.options, 4),
                                    by_hand(3, r.options, 4)};
    CHECK(is_close(descend(start(xgrad::kFloat64), r.options), exact, 1e-13));
  }
}

TEST_CASE("strided and 16-bit parameters take the same steps") {
  for (const Recorded& r : recorded()) {
    const Tensor base = xgrad::zeros({3, 2});
    Tensor column = base.select(1, 0);
    column.copy_(start().detach());
    column.requires_grad_();
    CHECK(is_close(descend(column, r.options), r.result, 1e-5));
    const Tensor half = start().detach().to(xgrad::kBFloat16).requires_grad_();
    CHECK(is_close(descend(half, r.options), r.result, 0.05));
  }
}

TEST_CASE("a large parameter is the same number everywhere, whatever the threads") {
  const optim::SGDOptions options = optim::SGDOptions(.1).momentum(.9).weight_decay(.1);
  const Tensor p = xgrad::full({100003}, 3., xgrad::dtype(xgrad::kFloat64).requires_grad(true));
  const Tensor result = descend(p, options);
  CHECK((result - by_hand(3, options, 4)).abs().max().item<double>() < 1e-13);
  CHECK(result.eq(result[0]).all().item<bool>());
}

TEST_CASE("a step leaves the gradient as it was, and parameters without one alone") {
  const Tensor a = start(), b = start();
  optim::SGD sgd({a, b}, optim::SGDOptions(.1).momentum(.9).weight_decay(.5));
  a.sum().backward();
  sgd.step();
  CHECK(is_close(a.grad(), {1, 1, 1}));
  CHECK(is_close(b, {1, -2, 3}));
  CHECK(sgd.state().size() == 1);
  CHECK(sgd.state().count(a.unsafeGetTensorImpl()) == 1);
}

TEST_CASE("a step counts as a change in place") {
  const Tensor w = start();
  const Tensor loss = w.pow(2).sum();
  w.mutable_grad() = xgrad::ones({3});
  optim::SGD sgd({w}, 0.1);
  const auto version = w._version();
  sgd.step();
  CHECK(w._version() == version + 1);
  CHECK(message_of([&] { loss.backward(); }).find("modified") != std::string::npos);
}

TEST_CASE("a closure is called with gradients and its loss returned") {
  const Tensor w = start();
  optim::SGD sgd({w}, 0.1);
  xgrad::NoGradGuard no_grad;
  const Tensor loss = sgd.step([&] {
    sgd.zero_grad();
    Tensor value = w.pow(2).sum();
    value.backward();
    return value;
  });
  CHECK(loss.item<float>() == 14);
  CHECK(is_close(w, {0.8, -1.6, 2.4}));
}

TEST_CASE("options that make no sense are refused") {
  using O = optim::SGDOptions;
  CHECK(message_of([] { optim::SGD({start()}, O(-1)); }).find("Invalid learning rate") != std::string::npos);
  CHECK_THROWS_AS(optim::SGD({start()}, O(.1).momentum(-1)), xgrad::ValueError);
  CHECK_THROWS_AS(optim::SGD({start()}, O(.1).weight_decay(-1)), xgrad::ValueError);
  CHECK(message_of([] {
          optim::SGD({start()}, O(.1).nesterov(true));
        }).find("Nesterov momentum requires a momentum") != std::string::npos);
}
