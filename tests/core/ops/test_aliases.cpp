// Other names of ops, methods in place that are made of an op and a copy, and small makers of tensors.
#include <limits>

#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

TEST_CASE("an op by another name is the op, as function, as method and in place") {
  const Tensor x = tensor({-0.5, 0.25, 0.75}, kDouble), y = tensor({0.5, 0.25, 2.0}, kDouble);
  CHECK(absolute(x).equal(abs(x)));
  CHECK(x.arctan2(y).equal(atan2(x, y)));
  CHECK(greater(x, 0.3).equal(x > 0.3));
  CHECK(clip(x, 0, nullopt).equal(clamp(x, 0)));
  CHECK(x.divide(y, "floor").equal(div(x, y, "floor")));
  CHECK(x.subtract(y, 2).equal(x - 2 * y));
  CHECK(x.clone().multiply_(3).equal(x * 3));
  Tensor z = x.clone();
  CHECK(arcsin_(z).is_same(z));
  CHECK(z.equal(asin(x)));
  CHECK(fix(y).equal(trunc(y)));
}

TEST_CASE("a gradient passes an op in place that is a copy of its result") {
  const Tensor x = arange(4, kDouble).requires_grad_(), y = x * 1;
  CHECK(y.cumsum_(0).is_same(y));
  (y * arange(4, kDouble)).sum().backward();
  CHECK(x.grad().equal(tensor({6., 6., 5., 3.}, kDouble)));
  const Tensor m = ones({2, 2}, kDouble).requires_grad_();
  (m * 1).tril_().sum().backward();
  CHECK(m.grad().equal(ones({2, 2}, kDouble).tril()));
}

TEST_CASE("a result of another dtype or shape does not replace a tensor") {
  const Tensor whole = arange(4), x = ones({3});
  CHECK(whole.clone().cumsum_(0).equal(tensor({0, 1, 3, 6})));
  CHECK(arange(3, kInt).cumprod_(0).dtype() == kInt);
  CHECK(contains(message_of<TypeError>([&] { whole.mvlgamma_(1); }),
                 "mvlgamma_: the result has dtype float32"));
  CHECK(contains(message_of<TypeError>([&] { x.float_power_(2); }), "float_power_: "));
  CHECK(contains(message_of<TypeError>([&] { x.cumsum_(0, kDouble); }), "cumsum_: "));
  CHECK(contains(message_of([&] { ones({4}).addmm_(ones({2, 3}), ones({3, 4})); }), "addmm_: "));
  CHECK(whole.equal(arange(4)));
  CHECK(x.equal(ones({3})));
}

TEST_CASE("clamps and rounded quotients work in place") {
  const Tensor x = arange(-3, 3, kFloat);
  CHECK(x.clone().clamp_(tensor(-1.f), tensor(1.f)).equal(clamp(x, -1, 1)));
  CHECK(x.clone().clamp_min_(0).equal(relu(x)));
  CHECK(x.clone().clamp_max_(zeros({6})).equal(clamp_max(x, 0)));
  CHECK(arange(6).floor_divide_(2).equal(tensor({0, 0, 1, 1, 2, 2})));
  CHECK(arange(6).div_(4, "trunc").equal(tensor({0, 0, 0, 0, 1, 1})));
  CHECK_THROWS_AS(arange(6).div_(2), Error);
  CHECK_THROWS_AS(arange(6).floor_divide_(0), Error);
}

TEST_CASE("elements are close within both tolerances") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor a = tensor({1., 1., inf, inf, nan, 1.}, kDouble),
               b = tensor({1.000001, 1.1, inf, -inf, nan, inf}, kDouble);
  CHECK(isclose(a, b).equal(tensor({true, false, true, false, false, false})));
  CHECK(a.isclose(b, 1e-5, 0.2, true).equal(tensor({true, true, true, false, true, false})));
  CHECK(isclose(tensor({3, 4}), tensor({3, 5}), 0, 0).equal(tensor({true, false})));
  CHECK(isclose(tensor({true}), tensor({false}), 0, 1).item<bool>());
  CHECK_THROWS_AS(isclose(tensor({1}), tensor({1.0})), TypeError);
  CHECK_THROWS_AS(isclose(a, b, -1), ValueError);
}

TEST_CASE("the main diagonal is filled, of tall matrices again and again") {
  CHECK(zeros({3, 3}).fill_diagonal_(2).equal(2 * eye(3)));
  CHECK(zeros({2, 4}).fill_diagonal_(1, true).equal(eye(2, 4)));
  CHECK(
      zeros({5, 2}).fill_diagonal_(1, true).equal(tensor({{1, 0}, {0, 1}, {0, 0}, {1, 0}, {0, 1}}, kFloat)));
  CHECK(zeros({2, 2, 2}).fill_diagonal_(1).equal(tensor({{{1, 0}, {0, 0}}, {{0, 0}, {0, 1}}}, kFloat)));
  CHECK_THROWS_AS(zeros({3}).fill_diagonal_(1), Error);
  CHECK_THROWS_AS(zeros({2, 2, 3}).fill_diagonal_(1), Error);
}

TEST_CASE("ranges and windows are PyTorch's") {
  CHECK(range(0, 2.5, 0.5).equal(arange(6) * 0.5f));
  CHECK(logspace(0, 3, 4, 10, kInt).equal(tensor({1, 10, 100, 1000}, kInt)));
  CHECK(logspace(2.7, 5, 1, 10, kInt).equal(tensor({501}, kInt)));
  // No end is looked at where there is no point, and one point is the first, whatever the other end.
  CHECK(logspace(0, -0.5, 1, 10, kByte).equal(tensor({1}, kByte)));
  CHECK(logspace(-0.5, 0, 1, 10, kByte).equal(tensor({0}, kByte)));
  CHECK(linspace(3, -1, 1, kByte).equal(tensor({3}, kByte)));
  CHECK(linspace(-1, 3, 0, kByte).numel() == 0);
  CHECK(logspace(-1, 300, 0, 10, kByte).numel() == 0);
  CHECK_THROWS_WITH_AS(linspace(0, -1.0, 2, kByte), doctest::Contains("linspace: value cannot be converted"),
                       Error);
  CHECK_THROWS_WITH_AS(linspace(-1.0, 0, 1, kByte), doctest::Contains("linspace: value cannot be converted"),
                       Error);
  CHECK_THROWS_WITH_AS(logspace(3, 0, 1, 10, kByte), doctest::Contains("logspace: value cannot be converted"),
                       Error);
  CHECK(logspace(2.7, 5, 2, 10, kInt).equal(tensor({100, 100000}, kInt)));
  CHECK(
      allclose(kaiser_window(5), tensor({5.2773e-05f, 0.10172f, 0.79294f, 0.79294f, 0.10172f}), 1e-4, 1e-8));
  CHECK(allclose(kaiser_window(5, false, 2.), tensor({0.4387f, 0.8348f, 1.0f, 0.8348f, 0.4387f}), 1e-3, 0));
  CHECK_THROWS_AS(range(0, 1, 0), Error);
  CHECK_THROWS_AS(range(0, 1, -1), Error);
}

TEST_CASE("what a dtype holds is Python's finfo and iinfo") {
  CHECK_EQ(finfo(kFloat).eps, std::numeric_limits<float>::epsilon());
  CHECK_EQ(finfo(kDouble).max, std::numeric_limits<double>::max());
  CHECK_EQ(finfo(kDouble).tiny, std::numeric_limits<double>::min());
  CHECK_EQ(finfo(kHalf).max, 65504);
  CHECK_EQ(finfo(kHalf).eps, 0.0009765625);
  CHECK_EQ(finfo(kBFloat16).eps, 0.0078125);
  CHECK_EQ(finfo(kBFloat16).max, 0x1.FEp127);
  CHECK_EQ(finfo(kBFloat16).resolution, doctest::Approx(0.01));
  CHECK_EQ(finfo().bits, 32);
  CHECK_EQ(iinfo(kByte).max, 255);
  CHECK_EQ(iinfo(kLong).min, INT64_MIN);
  CHECK(contains(message_of<TypeError>([] { finfo{kLong}; }), "use iinfo"));
  CHECK(contains(message_of<TypeError>([] { iinfo{kFloat}; }), "use finfo"));
  CHECK_THROWS_AS(iinfo{kBool}, TypeError);
}
