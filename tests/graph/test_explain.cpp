// What explain writes of a graph, and that it leaves the graph as it is. The chain rule is compared with what
// a person would write, its numbers with the closed form.
#include "core/autograd/checks.h"

#include <xgrad/graph/explain.h>
#include <xgrad/graph/notation.h>

using namespace xgrad;
using autograd::variable_list;
using checks::check;
using checks::check_error;
using checks::error_of;
using checks::leaf;
using graph::Names;

TEST_CASE("explain shows every node with its value, its derivatives and the gradient that reaches it") {
  const graph::KeepValues keep;
  const Tensor x = leaf({3}), y = leaf({2});
  const Tensor z = (x * y + x).sum();
  CHECK_EQ(graph::explain(z, Names{{"x", x}, {"y", y}}),
           "SumBackward0   value 9   gradient 1\n"
           "    ∂/∂self = 1 = [1]   passes [1] to AddBackward0\n"
           "AddBackward0   value [9]   gradient [1]\n"
           "    ∂/∂self = 1 = [1]   passes [1] to MulBackward0\n"
           "    ∂/∂other = 1 = [1]   passes [1] to leaf x\n"
           "MulBackward0   value [6]   gradient [1]\n"
           "    ∂/∂self = other = [2]   passes [2] to leaf x\n"
           "    ∂/∂other = self = [3]   passes [3] to leaf y\n"
           "leaf x   value [3]   gradient [3]\n"
           "leaf y   value [2]   gradient [3]\n"
           "\n"
           "f = sum(x·y+x)\n"
           "∂f/∂x = 1 · 1 + 1 · 1 · y = [3]\n"
           "∂f/∂y = 1 · 1 · x = [3]\n");
}

TEST_CASE("explain ends with the chain rule as a person writes it") {
  const graph::KeepValues keep;
  const Tensor x = tensor(1., requires_grad()), y = tensor(2., requires_grad());
  const std::string text = graph::explain(cos(1 / (x + y)), Names{{"x", x}, {"y", y}});
  // sin(1/3) / 9 = 0.036355
  check_error(text, "f = cos(1/(x+y))\n");
  check_error(text, "∂f/∂x = −sin(1/(x+y)) · (−1/(x+y)²) · 1 = 0.03635\n");
  check_error(text, "∂f/∂y = −sin(1/(x+y)) · (−1/(x+y)²) · 1 = 0.03635\n");
}

TEST_CASE("the chain rule goes through products of vectors and the numbers of a loss") {
  const graph::KeepValues keep;
  const Tensor w = tensor({1., 1., 1.}, requires_grad()), d = tensor({1., 2., 3.});
  const std::string text =
      graph::explain(0.5 * (sigmoid(matmul(d, w)) - 0.9).pow(2), Names{{"w", w}, {"d", d}});
  check_error(text, "f = 0.5·(σ(d @ w)−0.9)²\n");
  check_error(text,
              "∂f/∂w = 0.5 · 2·(σ(d @ w)−0.9) · 1 · (1−σ(d @ w))·σ(d @ w) · d = [0.0002405, 0.0004811, ");
}

TEST_CASE("through products of matrices the chain rule is nested") {
  const graph::KeepValues keep;
  const Tensor a = ones({2, 3}, requires_grad()), b = ones({3, 2}, requires_grad());
  const std::string text = graph::explain(mm(a, b).exp().mean(), Names{{"a", a}, {"b", b}});
  check_error(text, "∂/∂self · grad = grad @ other.T");
  check_error(text, "f = mean(exp(a @ b))\n");
  check_error(text, "∂f/∂a = 1/4·exp(a @ b) @ bᵀ = [10.04, ");  // 2 exp(3) / 4
  check_error(text, "∂f/∂b = aᵀ @ 1/4·exp(a @ b) = [10.04, ");
}

TEST_CASE("what has several steps inside says what they come to") {
  const auto line_of = [](const Tensor& y) { return graph::explain(y); };
  const Tensor x = checks::leaf({1, 2, 4});
  check_error(line_of(x.var()), "∂/∂self = 2 * (self - mean(self)) / 2 = [−1.333, −0.3333, 1.667]");
  check_error(line_of(x.std()), "∂/∂self = (self - mean(self)) / (2 * result) = [");
  check_error(line_of(x.norm()), "∂/∂self = self / result = [0.2182, 0.4364, 0.8729]");
  check_error(line_of(x.norm(3)), "∂/∂self = sign(self) * pow(abs(self) / result, 2) = [");
  check_error(line_of(x.cumprod(0)), "∂/∂self · grad = flip(cumsum(flip(grad * result))) / self");
  const Tensor image = checks::leaf({1, 2, 3, 4}).view({1, 1, 4}),
               kernel = checks::leaf({1, 2}).view({1, 1, 2});
  const std::string conv = line_of(conv1d(image, kernel, checks::leaf({1})));
  check_error(conv, "∂/∂self · grad = conv_transpose(grad, other)");
  check_error(conv, "∂/∂other · grad = conv_weight(self, grad)");
  check_error(conv, "∂/∂third · grad = sum(grad)");
}

TEST_CASE("a normalised value explains its gradient, with a weight or without one") {
  const Tensor x = checks::leaf({1, 2, 4, 7}), w = checks::leaf({1, 2, 1, 2}), b = checks::leaf({0, 0, 0, 0});
  const std::string with = graph::explain(layer_norm(x, {4}, w, b)),
                    without = graph::explain(layer_norm(x, {4}));
  check_error(
      with,
      "(grad * other - mean(grad * other) - normalized(self) * mean(grad * other * normalized(self))) "
      "/ std(self)");
  check_error(with, "∂/∂other · grad = sum(grad * normalized(self))");
  check_error(without,
              "∂/∂self · grad = (grad - mean(grad) - normalized(self) * mean(grad * normalized(self))) / "
              "std(self)");
  // By hand.
  const Tensor n = ((x - x.mean()) / (x.var(false) + 1e-5).sqrt()).detach();
  const Tensor g = autograd::grad({layer_norm(x, {4}, w, b)[1]}, {x})[0], gw = w * tensor({0, 1, 0, 0});
  const Tensor by_text = (gw - gw.mean() - n * (gw * n).mean()) / (x.var(false) + 1e-5).sqrt();
  CHECK(allclose(g, by_text));
}

TEST_CASE("small and great numbers have short exponents") {
  const Tensor x = tensor(2e-8, dtype(kDouble).requires_grad(true));
  check_error(graph::explain(x * 1e20), "value 2e12   gradient 1\n");
  check_error(graph::explain(-x), "leaf   value 2e−8");
}

TEST_CASE("what was broadcast gets a sum in the chain rule") {
  const graph::KeepValues keep;
  const Tensor x = ones({2, 3}, requires_grad()), b = ones({3}, requires_grad());
  check_error(graph::explain((x + b).sum(), Names{{"x", x}, {"b", b}}), "∂f/∂b = sum(1) = [2, 2, 2]\n");
}

TEST_CASE("without the values on the way explain shows no chain rule and no wrong one") {
  const Tensor x = leaf({3});
  const std::string text = graph::explain((2 * x).sum());
  check_error(text, "leaf   value [3]   gradient [2]\n");
  CHECK_EQ(text.find("∂f"), std::string::npos);
}

TEST_CASE("expressions are simplified as far as a person would") {
  const Symbol x("x"), y("y");
  CHECK_EQ(graph::in_math(-reciprocal(x + y) * reciprocal(x + y)), "−1/(x+y)²");
  CHECK_EQ(graph::in_math(Symbol(3) * pow(x, Symbol(3) - Symbol(1))), "3·x²");
  CHECK_EQ(graph::in_math(x - (y - x)), "x−(y−x)");
  CHECK_EQ(graph::in_math(pow(x + y, Symbol(-2)) * Symbol(1)), "(x+y)⁻²");
  CHECK_EQ(graph::in_math(matmul(x, y) * matmul(y, x)), "(x @ y)·(y @ x)");
  CHECK_EQ(graph::in_math(transposed(transposed(x + y))), "x+y");
}

TEST_CASE("explain runs no hooks, frees nothing and writes no .grad()") {
  const Tensor x = leaf({1, 2}), y = x * x;
  int calls = 0;
  x.register_hook([&](const Tensor&) { ++calls; });
  y.register_hook([&](const Tensor&) { ++calls; });
  y.retain_grad();
  const Tensor z = y.sum();
  const std::string first = graph::explain(z);
  CHECK_EQ(calls, 0);
  CHECK_FALSE(x.grad().defined());
  CHECK_FALSE(y.grad().defined());
  CHECK_EQ(graph::explain(z), first);
  z.backward();
  check(x.grad(), {2, 4});
}

TEST_CASE("explain shows a part of the graph that is computed only on the way") {
  const Tensor x = leaf({3});
  const Tensor y =
      autograd::checkpoint([](const variable_list& in) { return variable_list{in[0] * in[0]}; }, {x})[0];
  const std::string text = graph::explain(y.sum());
  check_error(text, "CheckpointBackward   gradient [1]\n");
  check_error(text, "MulBackward0");
  check_error(text, "leaf   value [3]   gradient [6]\n");
}

TEST_CASE("explain refuses a tensor without a history") {
  check_error(error_of([] { graph::explain(ones({2})); }),
              "does not require grad and does not have a grad_fn");
}
