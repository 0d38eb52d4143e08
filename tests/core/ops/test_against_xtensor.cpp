// Reductions, broadcasting and views against xtensor's, which shares no line with them: over the same memory,
// in row-major, transposed and sliced layouts. (Fixed ranks: xtensor 0.24 mistakes others when GCC compiles
// C++20.)
#include <doctest/doctest.h>

#include <functional>

#include "xtensor/headers.h"

#include <xgrad/xgrad.h>
#include <xgrad/xtensor.h>

using namespace xgrad;

namespace {

using Cube = XtensorView<double, 3>;
using Matrix = XtensorView<double, 2>;

// A tensor and the same elements as xtensor sees them.
void for_each_cube(const std::function<void(const Tensor&, const Cube&)>& f) {
  manual_seed(4);
  const Tensor dense = randn({3, 4, 5}, kDouble);
  const Tensor layouts[] = {dense, dense.permute({2, 0, 1}), dense.slice(1, 0, 4, 3).slice(2, 1, 5, 2),
                            randn({3, 1, 5}, kDouble).expand({3, 4, 5}), randn({37, 3, 70}, kDouble)};
  for (const Tensor& t : layouts) {
    CAPTURE(t.sizes().vec());
    CAPTURE(t.strides().vec());
    f(t, as_xtensor<double, 3>(t));
  }
}

template <class E>
void check(const Tensor& got, const E& expected, double tolerance = 1e-12) {
  const Tensor t = from_xtensor(expected);
  CHECK_EQ(got.sizes().vec(), t.sizes().vec());
  CHECK(allclose(got, t, tolerance, tolerance));
}

}  // namespace

TEST_CASE("reductions over all elements are xtensor's") {
  for_each_cube([](const Tensor& t, const Cube& x) {
    check(t.sum(), xt::sum(x));
    check(t.mean(), xt::mean(x));
    check(t.prod(), xt::prod(x));
    check(t.max(), xt::amax(x));
    check(t.min(), xt::amin(x));
  });
}

TEST_CASE("reductions over each dimension are xtensor's") {
  for_each_cube([](const Tensor& t, const Cube& x) {
    for (std::size_t d = 0; d < 3; ++d) {
      CAPTURE(d);
      const auto dim = static_cast<int64_t>(d);
      check(t.sum(dim), xt::sum(x, d));
      check(t.mean(dim), xt::mean(x, d));
      check(t.prod(dim), xt::prod(x, d));
      check(t.amax(dim), xt::amax(x, d));
      check(std::get<0>(t.min(dim)), xt::amin(x, d));
    }
  });
}

TEST_CASE("reductions over several dimensions are xtensor's") {
  for_each_cube([](const Tensor& t, const Cube& x) {
    check(t.sum({0, 2}), xt::sum(x, {0, 2}));
    check(t.mean({0, 1}), xt::mean(x, {0, 1}));
    check(t.amin({1, 2}), xt::amin(x, {1, 2}));
  });
}

TEST_CASE("a softmax is what xtensor's exp and sum make of it") {
  for_each_cube([](const Tensor& t, const Cube& x) {
    const xt::xtensor<double, 3> powers = xt::exp(x);
    const xt::xtensor<double, 2> sums = xt::sum(powers, 1);
    check(t.softmax(1), powers / xt::view(sums, xt::all(), xt::newaxis(), xt::all()));
  });
}

TEST_CASE("operands broadcast as xtensor's do") {
  manual_seed(5);
  const Tensor cube = rand({3, 4, 5}, kDouble) + 0.5, row = rand({5}, kDouble) + 0.5,
               column = rand({4, 1}, kDouble) + 0.5, thin = (rand({1, 4, 3}, kDouble) + 0.5).transpose(0, 2);
  const auto x = as_xtensor<double, 3>(cube);
  const auto r = as_xtensor<double, 1>(row);
  const auto c = as_xtensor<double, 2>(column);
  const auto y = as_xtensor<double, 3>(thin);
  check(cube + row, x + r);
  check(column - cube, c - x);
  check(cube * thin, x * y);
  check(row / column, r / c);
  check(pow(cube, column), xt::pow(x, c));
  check(maximum(thin, row), xt::maximum(y, r));
  check(cube > column, xt::greater(x, c));
  check(where(cube > column, row, thin), xt::where(xt::greater(x, c), r, y));
}

TEST_CASE("a gradient is summed over what was broadcast") {
  manual_seed(6);
  const Tensor cube = randn({3, 4, 5}, kDouble), column = randn({4, 1}, kDouble).requires_grad_();
  (cube * column).sum().backward();
  const xt::xtensor<double, 1> sums = xt::sum(as_xtensor<double, 3>(cube), {0, 2});
  check(column.grad(), xt::view(sums, xt::all(), xt::newaxis()));
}

TEST_CASE("views are xtensor's views") {
  for_each_cube([](const Tensor& t, const Cube& x) {
    check(t.select(1, 1), xt::view(x, xt::all(), 1, xt::all()));
    check(t.slice(2, 1, 9, 2),
          xt::view(x, xt::all(), xt::all(), xt::range(1, std::min<std::size_t>(9, x.shape(2)), 2)));
    check(t.unsqueeze(1), xt::view(x, xt::all(), xt::newaxis(), xt::all(), xt::all()));
    check(t.permute({1, 2, 0}), xt::transpose(x, {1, 2, 0}));
  });
}

TEST_CASE("elements turned and moved around are where xtensor puts them") {
  manual_seed(7);
  const Tensor t = randn({4, 5}, kDouble), turned = randn({5, 4}, kDouble).t();
  for (const Tensor& m : {t, turned}) {
    const Matrix x = as_xtensor<double, 2>(m);
    check(m.flip(1), xt::flip(x, 1));
    check(m.roll(2, 0), xt::roll(x, 2, 0));
    check(m.diagonal(1), xt::diagonal(x, 1));
    check(m.tril(1), xt::tril(x, 1));
    check(m.triu(-1), xt::triu(x, -1));
    check(cat({m, m}, 1), xt::concatenate(xt::xtuple(x, x), 1));
    check(stack({m, m}, 1), xt::stack(xt::xtuple(x, x), 1));
  }
}
