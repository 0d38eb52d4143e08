// Order beyond the recorded cases: NaN, equal elements, long lines, layouts, all dtypes, and what is refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

const double kNan = std::nan(""), kInf = std::numeric_limits<double>::infinity();

// Numbers without any order, many of them equal when `different` is small.
Tensor mixed(int64_t n, ScalarType dtype, int64_t different) {
  std::vector<double> values(static_cast<std::size_t>(n));
  uint64_t state = 1;
  for (double& v : values) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    v = static_cast<double>(static_cast<int64_t>(state >> 33) % different);
    if (dtype == kDouble || dtype == kFloat) v = (v - 3) * 0.7;
  }
  return tensor(values, kDouble).to(dtype);
}

// The order that the standard library finds.
std::vector<int64_t> expected_order(const Tensor& x, bool descending) {
  const Tensor d = x.to(kDouble).contiguous();
  const auto* const v = d.data_ptr<double>();
  std::vector<int64_t> order(static_cast<std::size_t>(x.numel()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return descending ? v[a] > v[b] : v[a] < v[b]; });
  return order;
}

}  // namespace

TEST_CASE("a line of any length and dtype is sorted as the standard library sorts it") {
  for (const ScalarType t : {kFloat, kDouble, kLong, kInt, kShort, kChar, kByte, kHalf, kBFloat16, kBool})
    for (const int64_t n : {1, 2, 100, 129, 3000})
      for (const int64_t different : {3, 120})
        for (const bool descending : {false, true}) {
          CAPTURE(t);
          CAPTURE(n);
          const Tensor x = mixed(n, t, different);
          const auto [values, indices] = sort(x, 0, descending);
          CHECK(indices.equal(tensor(expected_order(x, descending))));
          CHECK(values.equal(x.take(indices)));
        }
}

TEST_CASE("64-bit elements that differ in high and low bits are in order") {
  const Tensor low = mixed(2000, kLong, 50), x = low + mixed(2000, kLong, 7) * (int64_t{1} << 40) - 9;
  const auto [values, indices] = sort(x);
  CHECK(values.equal(x.take(indices)));
  CHECK(all(ge(values.slice(0, 1), values.slice(0, 0, -1))).item<bool>());
  CHECK(std::get<0>(topk(x, 500)).equal(std::get<0>(sort(x, 0, true)).slice(0, 0, 500)));
  CHECK_EQ(std::get<0>(kthvalue(x, 1234)).item<int64_t>(), values[1233].item<int64_t>());
}

TEST_CASE("NaN is larger than all, 0 equals -0, and equal elements keep their order") {
  const Tensor x = tensor({0., kNan, -0., kInf, -kInf, kNan, -kNan}, kDouble);
  for (const ScalarType t : {kDouble, kFloat, kHalf, kBFloat16}) {
    CHECK(argsort(x.to(t)).equal(tensor({4, 0, 2, 3, 1, 5, 6})));
    CHECK(argsort(x.to(t), 0, true).equal(tensor({1, 5, 6, 3, 0, 2, 4})));
  }
  const Tensor values = std::get<0>(sort(x));
  CHECK_FALSE(std::signbit(values[1].item<double>()));
  CHECK(std::signbit(values[2].item<double>()));
  CHECK(std::get<1>(topk(x, 2)).equal(tensor({1, 5})));
  CHECK(std::get<1>(topk(x, 2, 0, false)).equal(tensor({4, 0})));
}

TEST_CASE("sorting goes along any dimension of any layout") {
  const Tensor x = mixed(60, kFloat, 1000).view({3, 4, 5}).transpose(0, 2);
  for (int64_t d = 0; d < 3; ++d) {
    const auto [values, indices] = sort(x, d);
    CHECK(values.equal(x.gather(d, indices)));
    CHECK(values.equal(std::get<0>(x.contiguous().sort(d))));
    CHECK_EQ(values.strides().vec(), x.strides().vec());
  }
  CHECK(std::get<0>(topk(x, 2, 0)).equal(std::get<0>(sort(x, 0, true)).slice(0, 0, 2)));
}

TEST_CASE("an int is a dimension of argsort, a bool asks for stability") {
  const Tensor x = tensor({2., 1., 4., 3.}).view({2, 2});
  CHECK(argsort(x, 0).equal(argsort(x, int64_t{0})));
  CHECK(argsort(x, true, 0).equal(argsort(x, 0)));
  CHECK(std::get<1>(sort(x, true, 0, true)).equal(argsort(x, 0, true)));
}

TEST_CASE("topk takes the first of equal elements, however many it takes") {
  const Tensor x = mixed(500, kFloat, 7);
  const Tensor order = argsort(x, 0, true);
  for (const int64_t k : {1, 30, 65, 200, 500}) CHECK(std::get<1>(topk(x, k)).equal(order.slice(0, 0, k)));
}

// Compares topk of a vector with the first of `order`, sorted and as they stand.
void check_topk(const Tensor& x, std::vector<int64_t> order, bool largest) {
  const int64_t n = x.numel();
  CAPTURE(x.dtype());
  CAPTURE(n);
  CAPTURE(largest);
  for (const int64_t k : {int64_t{1}, int64_t{2}, int64_t{6}, n / 9, n / 3, n - n / 5, n}) {
    if (k < 1 || k > n) continue;
    CAPTURE(k);
    std::vector<int64_t> first(order.begin(), order.begin() + k);
    const auto [values, indices] = topk(x, k, 0, largest);
    CHECK(indices.equal(tensor(first)));
    CHECK(values.is_floating_point() ? allclose(values, x.take(indices), 0, 0, true)
                                     : values.equal(x.take(indices)));
    std::sort(first.begin(), first.end());
    CHECK(std::get<1>(topk(x, k, 0, largest, false)).equal(tensor(first)));
  }
}

TEST_CASE("topk of any dtype and length takes what the standard library sorts to the front") {
  for (const ScalarType t : {kFloat, kDouble, kLong, kInt, kShort, kChar, kByte, kHalf, kBFloat16})
    for (const int64_t n : {1, 9, 17, 64, 100, 300, 1500, 9000})
      for (const int64_t different : {3, 120, 1 << 30}) {
        const Tensor numbers = mixed(n, t, different);
        for (const Tensor& x : {numbers, numbers - 60, std::get<0>(sort(numbers)), numbers * 0 + 1})
          for (const bool largest : {false, true}) check_topk(x, expected_order(x, largest), largest);
      }
}

TEST_CASE("topk has the order of sort for NaN, infinity, zeros of both signs and the ends of the integers") {
  const Tensor small = tensor({0., kNan, -0., kInf, -kInf, -kNan, 5e-324, -5e-324, 1., 1e300}, kDouble);
  for (const ScalarType t : {kDouble, kFloat, kHalf, kBFloat16})
    for (const int64_t n : {10, 200, 3000})
      for (const int64_t different : {4, 10})
        for (const bool largest : {false, true}) {
          const Tensor x = small.take(mixed(n, kLong, different)).to(t), order = argsort(x, 0, largest);
          check_topk(x, {order.data_ptr<int64_t>(), order.data_ptr<int64_t>() + n}, largest);
        }
  const Tensor ends = tensor({INT64_MAX, int64_t{0}, INT64_MIN, int64_t{-1}, INT64_MAX - 1, INT64_MIN + 1});
  for (const int64_t n : {10, 200, 3000})
    for (const bool largest : {false, true}) {
      const Tensor x = ends.take(mixed(n, kLong, 6)), order = argsort(x, 0, largest);
      check_topk(x, {order.data_ptr<int64_t>(), order.data_ptr<int64_t>() + n}, largest);
    }
}

TEST_CASE("topk that need not be sorted keeps the order of the tensor") {
  const auto [values, indices] = topk(tensor({5., 1., 9., 7., 3.}), 3, 0, true, false);
  CHECK(indices.equal(tensor({0, 2, 3})));
  CHECK(values.equal(tensor({5., 9., 7.})));
}

TEST_CASE("the median is NaN where there is one, and nanmedian passes it over") {
  const Tensor x = tensor({3., kNan, 1., 2., kNan}, kDouble);
  CHECK(std::isnan(median(x).item<double>()));
  CHECK_EQ(std::get<1>(median(x, 0)).item<int64_t>(), 1);
  CHECK_EQ(nanmedian(x).item<double>(), 2);
  CHECK_EQ(std::get<1>(nanmedian(x, 0)).item<int64_t>(), 3);
  CHECK(std::isnan(nanmedian(x.slice(0, 1, 2)).item<double>()));
  CHECK(std::isnan(median(zeros({0})).item<double>()));
  CHECK_EQ(median(tensor({4, 1, 3, 2})).item<int64_t>(), 2);
}

TEST_CASE("equal medians share the gradient") {
  const Tensor x = tensor({2., 1., 2., 3., 2.}, kDouble).requires_grad_();
  median(x).backward();
  CHECK(allclose(x.grad(), tensor({1., 0., 1., 0., 1.}, kDouble) / 3));
}

TEST_CASE("the mode is the smallest of the most frequent, where it comes last") {
  const auto [values, indices] = mode(tensor({3, 1, 3, 1, 2}));
  CHECK_EQ(values.item<int64_t>(), 1);
  CHECK_EQ(indices.item<int64_t>(), 3);
  CHECK_EQ(std::get<0>(mode(tensor({kNan, kNan, 2.}))).item<float>(), 2);
}

TEST_CASE("quantiles interpolate as they are asked to") {
  const Tensor x = tensor({4., 1., 3., 2.}, kDouble);
  const auto at = [&](const char* how) { return quantile(x, 0.4, nullopt, false, how).item<double>(); };
  CHECK_EQ(at("linear"), doctest::Approx(2.2));
  CHECK_EQ(at("lower"), 2);
  CHECK_EQ(at("higher"), 3);
  CHECK_EQ(at("nearest"), 2);
  CHECK_EQ(at("midpoint"), 2.5);
  CHECK_THROWS_AS(at("middle"), ValueError);
  const Tensor q = tensor({0., 1.}, kDouble);
  CHECK_EQ(quantile(zeros({2, 3, 4}, kDouble), q, 1).sizes().vec(), std::vector<int64_t>{2, 2, 4});
  CHECK_EQ(quantile(zeros({2, 3, 4}, kDouble), q, 1, true).sizes().vec(), std::vector<int64_t>{2, 2, 1, 4});
  CHECK_EQ(quantile(zeros({2, 3}, kDouble), q, nullopt, true).sizes().vec(), std::vector<int64_t>{2, 1, 1});
}

TEST_CASE("a NaN makes its quantiles NaN unless they pass it over") {
  const Tensor x = tensor({1., kNan, 3., 2., 5., 4.}, kDouble).view({2, 3});
  CHECK(isnan(quantile(x, 0., 1)).equal(tensor({true, false})));
  CHECK(nanquantile(x, 0.5, 1).equal(tensor({2., 4.}, kDouble)));
  CHECK(isnan(nanquantile(full({2}, kNan), 0.5)).item<bool>());
}

TEST_CASE("quantiles have a gradient for the fraction too") {
  const Tensor x = tensor({4., 1., 2.}, kDouble), q = full({}, 0.75, kDouble).requires_grad_();
  quantile(x, q).backward();
  CHECK_EQ(q.grad().item<double>(), 4);
}

TEST_CASE("what has no order, no element or no room is refused") {
  CHECK_THROWS_AS(topk(tensor({true}), 1), TypeError);
  CHECK_THROWS_AS(kthvalue(tensor({true}), 1), TypeError);
  CHECK_THROWS_AS(median(zeros({0, 2}), 0), IndexError);
  CHECK_THROWS_AS(topk(tensor({1.}), -1), Error);
  CHECK_THROWS_AS(quantile(tensor({1}), 0.5), TypeError);
  CHECK_THROWS_AS(quantile(zeros({0}), 0.5), Error);
  CHECK_THROWS_AS(quantile(zeros({2}), tensor({0.5}, kDouble)), TypeError);
  CHECK_EQ(std::get<0>(sort(zeros({0, 3}))).sizes().vec(), std::vector<int64_t>{0, 3});
  CHECK_EQ(std::get<0>(median(zeros({3, 0}), 0)).sizes().vec(), std::vector<int64_t>{0});
}
