// Counts and lookups beyond the recorded cases: the edges of bins, NaN, large integers, layouts, and what is
// refused.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

const double kNan = std::nan(""), kInf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("bincount counts, or adds weights, at least as far as minlength") {
  const Tensor x = tensor({3, 0, 3, 1});
  CHECK(bincount(x).equal(tensor({1, 1, 0, 2})));
  CHECK(bincount(x.to(kByte), nullopt, 6).equal(tensor({1, 1, 0, 2, 0, 0})));
  CHECK(bincount(x, tensor({1., 2., 4., 8.}, kFloat)).equal(tensor({2., 8., 0., 5.}, kFloat)));
  CHECK(bincount(x, tensor({1, 2, 4, 8})).equal(tensor({2., 8., 0., 5.}, kDouble)));
  CHECK(bincount(tensor({9, 1, 9, 2}).slice(0, 1, 4, 2)).equal(tensor({0, 1, 1})));
  CHECK(bincount(empty({0}, kLong), ones({0}), 2).equal(zeros({2}, kLong)));
  CHECK_EQ(bincount(zeros({0}, kLong)).sizes().vec(), std::vector<int64_t>{0});
}

TEST_CASE("bincount refuses what has no place") {
  CHECK_EQ(message_of([] {
             bincount(tensor({1, -2}));
           }),
           "bincount: self must not be negative: its smallest element is -2");
  CHECK_EQ(message_of([] {
             bincount(tensor({1}), tensor({1., 2.}));
           }),
           "bincount: weights and self must have one shape: weights is [2], self is [1]");
  CHECK_THROWS_AS(bincount(tensor({std::numeric_limits<int64_t>::max()})), Error);
  CHECK_THROWS_AS(bincount(tensor({1.5})), TypeError);
  CHECK_THROWS_AS(bincount(tensor({true})), TypeError);
  CHECK_THROWS_AS(bincount(zeros({1, 1}, kLong)), Error);
  CHECK_THROWS_AS(bincount(tensor({1}), nullopt, -1), Error);
}

TEST_CASE("histc counts a value at max in the last bin, and nothing that is outside or NaN") {
  const Tensor x = tensor({-1., 0., 0.5, 1., 2., 3., 3.5, kNan, kInf}, kDouble);
  CHECK(histc(x, 3, 0, 3).equal(tensor({2., 1., 2.}, kDouble)));
  CHECK(histc(x.to(kHalf), 3, 0, 3).equal(tensor({2., 1., 2.}, kHalf)));
  CHECK(histc(tensor({1., 2., 4.}), 3).equal(tensor({1., 1., 1.})));
  CHECK(histc(tensor({1., 1.}), 3).equal(tensor({0., 2., 0.})));
  CHECK(histc(zeros({0}), 2).equal(zeros({2})));
}

TEST_CASE("a value just below max is counted in the last bin") {
  for (const int64_t bins : {1, 3, 7, 49, 1000})
    for (const float max : {0.1f, 1.f, 3.f, 1e10f}) {
      const Tensor x = tensor({std::nextafter(max, 0.f)}, kFloat);
      CHECK_EQ(histc(x, bins, 0, max)[bins - 1].item<float>(), 1);
    }
}

TEST_CASE("histc refuses integers, and a range that is none") {
  CHECK_EQ(message_of<TypeError>([] { histc(tensor({1, 2})); }), "histc: self must be floating: got int64");
  CHECK(contains(message_of([] { histc(tensor({1., kNan})); }), "histc: the range must be finite"));
  CHECK(contains(message_of([] { histc(tensor({1.}), 3, 2, 1); }), "histc: max must be larger than min"));
  CHECK_THROWS_AS(histc(tensor({1.}), 0), Error);
}

TEST_CASE("a value belongs before its equals, or behind them from the right; NaN comes last") {
  const Tensor sorted = tensor({1., 2., 2., 3.}, kDouble), x = tensor({0., 2., 2.5, 3., kNan}, kDouble);
  CHECK(searchsorted(sorted, x).equal(tensor({0, 1, 3, 3, 4})));
  CHECK(searchsorted(sorted, x, false, true).equal(tensor({0, 3, 3, 4, 4})));
  CHECK(searchsorted(sorted, x, false, false, "right").equal(tensor({0, 3, 3, 4, 4})));
  CHECK(bucketize(x, sorted, true, true).equal(tensor({0, 3, 3, 4, 4}, kInt)));
}

TEST_CASE("each row is sought in the row of its number, whatever the layout") {
  const Tensor sorted = tensor({{1., 3.}, {2., 4.}, {3., 5.}}, kFloat),
               x = tensor({{3., 3.}, {3., 5.}, {0., 9.}}, kFloat);
  const Tensor expected = tensor({{1, 1}, {1, 2}, {0, 2}});
  CHECK(searchsorted(sorted, x).equal(expected));
  CHECK(searchsorted(sorted.t().contiguous().t(), x.t().contiguous().t()).equal(expected));
  CHECK_EQ(searchsorted(zeros({2, 0}), zeros({2, 3})).sum().item<int64_t>(), 0);
  CHECK_EQ(searchsorted(zeros({2, 3}), zeros({2, 0})).sizes().vec(), std::vector<int64_t>{2, 0});
}

TEST_CASE("integers are compared exactly, and dtypes are promoted as everywhere") {
  const int64_t large = (int64_t{1} << 53) + 1;
  CHECK_EQ(searchsorted(tensor({large - 1, large}), tensor({large})).item<int64_t>(), 1);
  CHECK_EQ(searchsorted(tensor({1, 2}), 1.5).item<int64_t>(), 1);
  CHECK_EQ(bucketize(0.1, tensor({0.1}, kFloat)).item<int64_t>(), 0);
  CHECK(bucketize(tensor({1, 2}), tensor({1.5}, kHalf)).equal(tensor({0, 1})));
}

TEST_CASE("a sorter orders the sequence") {
  const Tensor sequence = tensor({3., 1., 2.}), order = tensor({1, 2, 0});
  CHECK(searchsorted(sequence, tensor({2.5, 0.}), false, false, nullopt, order).equal(tensor({2, 0})));
  CHECK_THROWS_AS(searchsorted(sequence, tensor({1.}), false, false, nullopt, tensor({1, 2, 3})), IndexError);
  CHECK_THROWS_AS(searchsorted(sequence, tensor({1.}), false, false, nullopt, tensor({1, 2})), Error);
}

TEST_CASE("sequences and values that do not fit, and sides that contradict, are refused") {
  CHECK_EQ(message_of([] {
             searchsorted(zeros({2, 3}), zeros({3, 3}));
           }),
           "searchsorted: sorted_sequence must be a vector, or equal self in all dimensions but the last: "
           "sorted_sequence is [2, 3], self is [3, 3]");
  CHECK_THROWS_AS(searchsorted(zeros({2, 3}), 1), Error);
  CHECK_THROWS_AS(searchsorted(zeros({}), zeros({1})), Error);
  CHECK_THROWS_AS(searchsorted(zeros({3}), zeros({1}), false, true, "left"), ValueError);
  CHECK_THROWS_AS(searchsorted(zeros({3}), zeros({1}), false, false, "middle"), ValueError);
  CHECK_THROWS_AS(searchsorted(tensor({true}), tensor({true})), TypeError);
  CHECK_THROWS_AS(bucketize(zeros({1}), zeros({1, 1})), Error);
}

TEST_CASE("counts and positions have no gradient, also of what requires one") {
  const Tensor x = tensor({1., 2.}, requires_grad());
  CHECK_FALSE(histc(x, 2).requires_grad());
  CHECK_FALSE(bincount(tensor({0, 1}), x).requires_grad());
  CHECK(searchsorted(x, x * 2).equal(tensor({1, 2})));
}
