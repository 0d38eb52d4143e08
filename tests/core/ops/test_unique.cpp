// Sets of values, and histograms between edges, beyond the recorded cases.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {
const double kNan = std::nan("");
}

TEST_CASE("unique gives the values, the place of each element, and how often it was there") {
  const Tensor x = tensor({3, 1, 3, 2, 1, 3}).view({2, 3});
  const auto [values, inverse, counts] = _unique2(x, true, true, true);
  CHECK(values.equal(tensor({1, 2, 3})));
  CHECK(values.take(inverse).equal(x));
  CHECK(counts.equal(tensor({2, 1, 3})));
  const auto [alone, no_inverse, no_counts] = _unique2(x);
  CHECK(alone.equal(values));
  CHECK_EQ(no_inverse.numel() + no_counts.numel(), 0);
}

TEST_CASE("unique knows that NaN differs from NaN, and that -0 is 0") {
  const auto [values, inverse, counts] =
      _unique2(tensor({1., kNan, kNan, -0., 0.}, kDouble), true, true, true);
  CHECK_EQ(values.numel(), 4);
  CHECK(inverse.equal(tensor({1, 2, 3, 0, 0})));
  CHECK(counts.equal(tensor({2, 1, 1, 1})));
}

TEST_CASE("unique slices are sorted by their elements") {
  const Tensor x = tensor({2, 1, 1, 5, 2, 1, 1, 4}).view({4, 2});
  const auto [values, inverse, counts] = unique_dim(x, 0, true, true, true);
  CHECK(values.equal(tensor({1, 4, 1, 5, 2, 1}).view({3, 2})));
  CHECK(inverse.equal(tensor({2, 1, 2, 0})));
  CHECK(counts.equal(tensor({1, 1, 2})));
  CHECK(std::get<0>(unique(x.t(), true, false, false, 1)).equal(values.t()));
  CHECK_THROWS_AS(unique_dim(zeros({2, 0}), 0), Error);
  CHECK_EQ(std::get<0>(unique_dim(zeros({0, 2}), 0)).sizes().vec(), std::vector<int64_t>{0, 2});
}

TEST_CASE("unique_consecutive only joins neighbours") {
  const auto [values, inverse, counts] = unique_consecutive(tensor({1, 1, 2, 2, 2, 1}), true, true);
  CHECK(values.equal(tensor({1, 2, 1})));
  CHECK(inverse.equal(tensor({0, 0, 1, 1, 1, 2})));
  CHECK(counts.equal(tensor({2, 3, 1})));
  CHECK_EQ(std::get<0>(unique_consecutive(zeros({0}), true, true)).numel(), 0);
  CHECK_EQ(std::get<0>(unique_consecutive(tensor({3.}).squeeze())).numel(), 1);
}

TEST_CASE("isin promotes dtypes and does not find NaN") {
  CHECK(isin(tensor({1, 2}), tensor({1.5, 2.})).equal(tensor({false, true})));
  CHECK(isin(tensor({1., kNan}), tensor({kNan, 1.})).equal(tensor({true, false})));
  CHECK(isin(tensor({1, 2}), zeros({0}, kLong), false, true).equal(tensor({true, true})));
  CHECK(isin(tensor({1, 2}), 2, false, true).equal(tensor({true, false})));
  CHECK(isin(2, tensor({1, 2})).item<bool>());
  CHECK_THROWS_AS(isin(tensor({true}), tensor({true})), TypeError);
}

TEST_CASE("isin finds what equals one of the tests, of any dtype") {
  const int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  for (ScalarType t : {kByte, kChar, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble}) {
    manual_seed(1);
    const Tensor x = randint(-300, 300, {40, 30}, kLong).to(t),
                 tests = randint(-300, 300, {100}, kLong).to(t);
    CHECK(isin(x.t(), tests).equal(eq(x.t().unsqueeze(-1), tests).any(-1)));
  }
  const Tensor edges = tensor({low, high, int64_t{0}, int64_t{-1}});
  CHECK(isin(edges, tensor({high, int64_t{5}})).equal(tensor({false, true, false, false})));
  CHECK(isin(edges, tensor({low, int64_t{-1}})).equal(tensor({true, false, false, true})));
  CHECK(isin(tensor({0., -0.}), tensor({-0.})).equal(tensor({true, true})));
}

TEST_CASE("a histogram counts a value at the last edge, and nothing outside or NaN") {
  const Tensor x = tensor({0., 0.5, 1., 2., 2.5, kNan, -1.}, kDouble);
  const auto [counts, edges] = histogram(x, tensor({0., 1., 2.}, kDouble));
  CHECK(counts.equal(tensor({2., 2.}, kDouble)));
  const std::vector<double> range{0, 2};
  CHECK(std::get<0>(histogram(x, 2, ArrayRef<double>(range))).equal(counts));
  CHECK(std::get<1>(histogram(tensor({1., 1.}), 2)).equal(tensor({0.5, 1., 1.5})));
  CHECK(std::get<1>(histogram(zeros({0}), 2)).equal(tensor({0., 0.5, 1.})));
}

TEST_CASE("weights add up, and a density has the integral 1") {
  const Tensor x = tensor({0., 0.5, 3.}, kDouble), edges = tensor({0., 1., 4.}, kDouble);
  CHECK(std::get<0>(histogram(x, edges, tensor({1., 2., 4.}, kDouble))).equal(tensor({3., 4.}, kDouble)));
  const Tensor density = std::get<0>(histogram(x, edges, nullopt, true));
  CHECK(allclose(density, tensor({2. / 3, 1. / 9}, kDouble)));
}

TEST_CASE("a histogram of points has a dimension for each coordinate") {
  const Tensor points = tensor({0., 0., 1., 3., 1., 4.}, kDouble).view({3, 2});
  const auto [counts, edges] =
      histogramdd(points, {tensor({0., 0.5, 1.}, kDouble), tensor({0., 2., 3., 4.}, kDouble)});
  CHECK(counts.equal(tensor({1., 0., 0., 0., 0., 2.}, kDouble).view({2, 3})));
  CHECK_EQ(std::get<0>(histogramdd(points, {2, 3})).sizes().vec(), std::vector<int64_t>{2, 3});
  CHECK_EQ(message_of([&] { histogramdd(points, IntArrayRef{2}); }),
           "histogramdd: needs bins for each coordinate: self is [3, 2], bins for 1");
}

TEST_CASE("histograms refuse integers, other dtypes and ranges without end") {
  CHECK_THROWS_AS(histogram(tensor({1, 2}), 2), TypeError);
  CHECK_THROWS_AS(histogram(tensor({1., 2.}), tensor({1., 2.}, kDouble)), TypeError);
  CHECK_THROWS_AS(histogram(tensor({1., 2.}), 2, nullopt, tensor({1, 2})), TypeError);
  CHECK_THROWS_AS(histogram(tensor({1., kNan}), 2), Error);
  CHECK_THROWS_AS(histogram(tensor({1.}), 0), Error);
}
