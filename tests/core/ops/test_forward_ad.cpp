// Forward mode over all ops: for any tangent t and weight w, w . (J t) from the forward pass equals (w J) . t
// from backward. And dual tensors by hand.
#include "core/ops/samples.h"

#include <doctest/doctest.h>

using namespace xgrad;
using samples::Row;
using samples::Sample;
using samples::Tensors;

namespace {

double inner(const Tensor& a, const Tensor& b) { return (a * b).sum().item<double>(); }

void check_transposed(const Row& row, const Sample& s) {
  Tensors x, tangents;
  for (const Tensor& t : s.inputs) {
    x.push_back(t.clone().requires_grad_());
    tangents.push_back(samples::spread(t.sizes(), -1, 1, 7));
  }
  const Tensor out = s.f(x);
  if (!out.requires_grad()) return;
  const Tensor weight = samples::spread(out.sizes(), 0.5, 1.5, 3);
  const Tensors gradients = autograd::grad({out}, x, {weight}, std::nullopt, false, true);
  double backward = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (gradients[i].defined()) backward += inner(gradients[i], tangents[i]);
  const auto [values, derivatives] =
      autograd::functional::jvp([&](const Tensors& v) { return Tensors{s.f(v)}; }, s.inputs, tangents);
  CHECK_MESSAGE(allclose(values[0], out.detach()), row.node, " ", s.what);
  const double forward = inner(derivatives[0], weight);
  CHECK_MESSAGE(std::abs(forward - backward) <= 1e-7 * (1 + std::abs(backward)), row.node, " ", s.what, ": ",
                forward, " forward, ", backward, " backward");
}

}  // namespace

TEST_CASE("the forward derivative of every op is the transpose of its backward") {
  for (const auto& rows : {samples::elementwise_rows(), samples::kernel_rows()})
    for (const Row& row : rows)
      for (const Sample& s : row.samples) check_transposed(row, s);
}

TEST_CASE("a dual tensor carries its derivative through a chain of ops") {
  const autograd::forward_ad::DualLevel level;
  const Tensor x = forward_ad::make_dual(tensor({2.}, kDouble), tensor({1.}, kDouble));
  const auto [value, derivative] = forward_ad::unpack_dual(sin(x) * x + 3);
  CHECK(value.item<double>() == doctest::Approx(std::sin(2.) * 2 + 3));
  CHECK(derivative.item<double>() == doctest::Approx(std::cos(2.) * 2 + std::sin(2.)));
}

TEST_CASE("a tangent survives a change in place and ends with its level") {
  Tensor x;
  {
    const autograd::forward_ad::DualLevel level;
    x = forward_ad::make_dual(tensor({3.}, kDouble), tensor({2.}, kDouble));
    Tensor y = x * 1;
    y.mul_(y);
    CHECK(forward_ad::unpack_dual(y).tangent.item<double>() == doctest::Approx(12));
    CHECK_THROWS_WITH_AS(autograd::forward_ad::DualLevel(), doctest::Contains("nested"), Error);
  }
  const autograd::forward_ad::DualLevel level;
  CHECK_FALSE(forward_ad::unpack_dual(x).tangent.defined());
}

TEST_CASE("backward goes through a forward derivative") {
  const Tensor x = tensor({0.7}, kDouble).requires_grad_();
  const autograd::forward_ad::DualLevel level;
  const Tensor dual = forward_ad::make_dual(x, ones({1}, kDouble));
  const Tensor derivative = forward_ad::unpack_dual(exp(sin(dual))).tangent;
  derivative.backward();
  const double s = std::sin(0.7), c = std::cos(0.7);
  CHECK(x.grad().item<double>() == doctest::Approx(std::exp(s) * (c * c - s)));
}

TEST_CASE("a dual tensor needs an open level, and a tangent that fits") {
  CHECK_THROWS_WITH_AS(forward_ad::make_dual(ones({2}), ones({2})),
                       doctest::Contains("no dual level is open"), Error);
  const autograd::forward_ad::DualLevel level;
  CHECK_THROWS_WITH_AS(forward_ad::make_dual(ones({2}), ones({3})), doctest::Contains("tangent is [3]"),
                       Error);
  CHECK_THROWS_AS(forward_ad::make_dual(ones({2}), ones({2}, kDouble)), TypeError);
  CHECK_THROWS_AS(forward_ad::make_dual(ones({2}, kLong), ones({2}, kLong)), TypeError);
}

TEST_CASE("jacobian, hessian, vjp and hvp agree with closed forms") {
  const Tensor x = tensor({1., 2., 3.}, kDouble), v = tensor({0.5, -1., 2.}, kDouble);
  const Tensor j = autograd::functional::jacobian([](const Tensor& t) { return t * t; }, x);
  CHECK(allclose(j, 2 * x * eye(3, kDouble)));
  const auto cube = [](const Tensor& t) { return pow(t, 3).sum(); };
  CHECK(allclose(autograd::functional::hessian(cube, x), 6 * x * eye(3, kDouble)));
  const auto [value, product] = autograd::functional::hvp(cube, x, v);
  CHECK(value.item<double>() == doctest::Approx(36));
  CHECK(allclose(product, 6 * x * v));
  const auto [outputs, gradients] = autograd::functional::vjp(
      [](const Tensors& t) { return Tensors{t[0] * t[1]}; }, {x, v}, {ones({3}, kDouble)});
  CHECK(allclose(gradients[0], v));
  CHECK(allclose(gradients[1], x));
}
