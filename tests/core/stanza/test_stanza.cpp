// What a stanza may say beyond one result of required tensors: absent inputs, lists, several results, results
// without a gradient.
#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

Tensor ramp(IntArrayRef sizes, double first) {
  return (arange(static_cast<double>(numel_of(sizes)), kDouble) * 0.25 + first).reshape(sizes);
}

std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

struct Cell {
  Tensor x = ramp({2, 3}, -1).requires_grad_(), h = ramp({2, 2}, 0), c = ramp({2, 2}, -0.5),
         w_ih = ramp({8, 3}, -2), w_hh = ramp({8, 2}, -1);

  std::tuple<Tensor, Tensor> run() const { return lstm_cell(x, {h, c}, w_ih, w_hh); }
  // d(weights of h' + weights of c') / dx, each sum left out where its weight is undefined.
  Tensor gradient(const Tensor& of_h, const Tensor& of_c) const {
    const auto [h1, c1] = run();
    std::vector<Tensor> roots, weights;
    if (of_h.defined()) roots.push_back(h1), weights.push_back(of_h);
    if (of_c.defined()) roots.push_back(c1), weights.push_back(of_c);
    return autograd::grad(roots, {x}, weights)[0];
  }
};

}  // namespace

TEST_CASE("an input that may be absent takes no part in the derivative of the others") {
  const Tensor x = ramp({2, 3}, -1).requires_grad_(), weight = ones({3}, kDouble), bias = zeros({3}, kDouble);
  const Tensor g = ramp({2, 3}, 0.5);
  const Tensor with = autograd::grad({layer_norm(x, {3}, weight, bias)}, {x}, {g})[0];
  const Tensor without = autograd::grad({layer_norm(x, {3})}, {x}, {g})[0];
  CHECK(equal(with, without));
}

TEST_CASE("an absent input has an edge that leads nowhere") {
  const Tensor x = ramp({2, 3}, -1).requires_grad_(), bias = zeros({3}, kDouble).requires_grad_();
  const auto node = layer_norm(x, {3}, {}, bias).grad_fn();
  REQUIRE_EQ(node->num_outputs(), 3);
  CHECK(node->should_compute_output(0));
  CHECK_FALSE(node->should_compute_output(1));
  CHECK(node->should_compute_output(2));
}

TEST_CASE("an input that must be there is asked for by name of the op") {
  CHECK(message([] { layer_norm(Tensor(), {3}); }).find("undefined") != std::string::npos);
  CHECK(message([] { cat({ones({2}), Tensor()}); }).find("undefined") != std::string::npos);
  CHECK(message([] { stack({Tensor()}); }).find("undefined") != std::string::npos);
}

TEST_CASE("a result that has no gradient does not require one") {
  const Tensor x = ramp({2, 4}, -1).requires_grad_();
  const auto [y, mean, rstd] = native_layer_norm(x, {4}, {}, {}, 0.5);
  CHECK(y.requires_grad());
  CHECK_FALSE(mean.requires_grad());
  CHECK_FALSE(rstd.requires_grad());
  // Rows of four numbers 0.25 apart have the variance 0.3125 / 4.
  CHECK(allclose(rstd, full({2, 1}, 1 / std::sqrt(0.078125 + 0.5), kDouble)));
}

TEST_CASE("results of one op are outputs of one node") {
  const Cell cell;
  const auto [h, c] = cell.run();
  CHECK(h.grad_fn() == c.grad_fn());
  CHECK(h.output_nr() != c.output_nr());
  CHECK(h.grad_fn()->num_inputs() > std::max(h.output_nr(), c.output_nr()));
}

TEST_CASE("the derivative of two results is the sum of the derivatives of each") {
  const Cell cell;
  const Tensor of_h = ramp({2, 2}, 1), of_c = ramp({2, 2}, -3);
  CHECK(allclose(cell.gradient(of_h, of_c), cell.gradient(of_h, Tensor()) + cell.gradient(Tensor(), of_c)));
}

TEST_CASE("an LSTM cell is what its formula says") {
  const Tensor x = tensor({{0.5}}, kDouble), h = tensor({{-1.0}}, kDouble), c = tensor({{2.0}}, kDouble);
  const Tensor w_ih = tensor({{0.1}, {0.2}, {0.3}, {0.4}}, kDouble),
               w_hh = tensor({{0.5}, {-0.6}, {0.7}, {-0.8}}, kDouble);
  const auto sigma = [](double v) { return 1 / (1 + std::exp(-v)); };
  const double i = sigma(0.05 - 0.5), f = sigma(0.1 + 0.6), g = std::tanh(0.15 - 0.7), o = sigma(0.2 + 0.8);
  const double next = f * 2 + i * g;
  const auto [h1, c1] = lstm_cell(x, {h, c}, w_ih, w_hh);
  CHECK(c1.item<double>() == doctest::Approx(next).epsilon(1e-14));
  CHECK(h1.item<double>() == doctest::Approx(o * std::tanh(next)).epsilon(1e-14));
}

TEST_CASE("a list of one and a list of many take the same way") {
  const Tensor x = ramp({2, 3}, 0).requires_grad_();
  std::vector<Tensor> many(300, x);
  const Tensor one = autograd::grad({cat({x})}, {x}, {ones({2, 3}, kDouble)})[0];
  CHECK(equal(one, ones({2, 3}, kDouble)));
  const Tensor all = autograd::grad({cat(many)}, {x}, {ones({600, 3}, kDouble)})[0];
  CHECK(equal(all, full({2, 3}, 300, kDouble)));
}
