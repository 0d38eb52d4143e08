// Writes at indices and reductions of what was written, beyond the recorded cases: dtypes, NaN, empty places,
// and that nothing is changed by what is refused.
#include <doctest/doctest.h>

#include <cmath>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

const double kNan = std::nan(""), kInf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("slices are added in any dtype, with a number that the dtype holds") {
  const Tensor index = tensor({0, 0, 2});
  for (const ScalarType t : {kFloat, kHalf, kLong, kByte})
    CHECK(zeros({3}, t).index_add(0, index, tensor({1, 2, 3}).to(t), 2).equal(tensor({6, 0, 6}).to(t)));
  CHECK(zeros({3}, kBool).index_add(0, index, ones({3}, kBool)).equal(tensor({true, false, true})));
  CHECK_THROWS_AS(zeros({3}).index_add(0, index, ones({3}, kDouble)), TypeError);
  CHECK_THROWS_AS(zeros({3}).index_add(0, tensor({-1, 0, 0}), ones({3})), IndexError);
  CHECK_THROWS_AS(zeros({}).index_add(0, tensor({0, 0}), ones({2})), Error);
}

TEST_CASE("an index without dimensions takes a slice without its dimension") {
  CHECK(zeros({2, 3}).index_add(0, tensor(1), ones({3})).equal(cat({zeros({1, 3}), ones({1, 3})})));
}

TEST_CASE("only index_fill and put count from the end") {
  CHECK(zeros({3}).index_fill(0, tensor({-1}), 2).equal(tensor({0., 0., 2.})));
  CHECK(zeros({3}).put(tensor({-1}), tensor({2.})).equal(tensor({0., 0., 2.})));
  CHECK_THROWS_AS(zeros({3}).index_copy(0, tensor({-1}), ones({1})), IndexError);
  const Tensor number = zeros({}), both = tensor({0, 0});  // as PyTorch has it
  CHECK(number.index_copy(0, both, tensor({2., 3.})).item<double>() == 3);
  CHECK(number.index_copy(0, tensor({0}), ones({})).item<double>() == 1);
  CHECK_THROWS_AS(number.index_copy(0, tensor({0}), ones({1, 1})), Error);
  CHECK_THROWS_AS(number.index_add(0, tensor({0}), ones({1})), Error);
}

TEST_CASE("a write of a tensor over itself reads what was there before") {
  const Tensor x = tensor({1., 2., 3.}), index = tensor({1, 2, 0});
  CHECK(x.clone().index_copy_(0, index, x).equal(tensor({3., 1., 2.})));
  const Tensor y = x.clone();
  CHECK(y.index_copy_(0, index, y).equal(tensor({3., 1., 2.})));
  CHECK(y.masked_scatter_(tensor({false, true, true}), y).equal(tensor({3., 3., 1.})));
}

TEST_CASE("places that nothing is written to keep their value, and NaN wins") {
  const Tensor x = tensor({1., 2., 3.}), index = tensor({0, 0, 2}), src = tensor({5., kNan, 7.});
  for (const char* how : {"amin", "amax"})
    CHECK(allclose(x.scatter_reduce(0, index, src, how, false), tensor({kNan, 2., 7.}), 0, 0, true));
}

TEST_CASE("means of integers are rounded down") {
  const Tensor x = zeros({2}, kLong), index = tensor({0, 0});
  CHECK(x.scatter_reduce(0, index, tensor({-1, -4}), "mean", false).equal(tensor({-3, 0})));
  CHECK(x.scatter_reduce(0, index, tensor({2, 3}), "mean").equal(tensor({1, 0})));
  CHECK(x.index_reduce(0, index, tensor({-1, -4}), "mean", false).equal(tensor({-3, 0})));
}

TEST_CASE("extremes start from the ends of each dtype") {
  const Tensor index = tensor({0, 0});
  for (const ScalarType t : {kByte, kChar, kShort, kInt, kLong, kHalf, kFloat}) {
    const Tensor x = full({1}, 7, t), src = tensor({3, 5}).to(t);
    CHECK_EQ(x.scatter_reduce(0, index, src, "amax", false).item<int64_t>(), 5);
    CHECK_EQ(x.scatter_reduce(0, index, src, "amin", false).item<int64_t>(), 3);
    CHECK_EQ(x.scatter_reduce(0, index, src, "prod", false).item<int64_t>(), 15);
  }
}

TEST_CASE("the gradient of a product with zeros is that of the others") {
  const Tensor x = tensor({1., 2., 3.}, kDouble).requires_grad_();
  const Tensor src = tensor({4., 0., 0., 5.}, kDouble).requires_grad_();
  x.scatter_reduce(0, tensor({0, 0, 1, 1}), src, "prod").sum().backward();
  CHECK(x.grad().equal(tensor({0., 0., 1.}, kDouble)));
  CHECK(src.grad().equal(tensor({0., 4., 10., 0.}, kDouble)));
}

TEST_CASE("many 16-bit numbers that are added to slices are rounded after each sum, as single ones are") {
  for (const ScalarType t : {kHalf, kBFloat16}) {
    const Tensor x = arange(2 * 700).remainder(97).div(7).view({2, 700}).to(t);
    const Tensor source = arange(3 * 700).remainder(89).div(-9).view({3, 700}).to(t);
    const Tensor index = tensor({1, 0, 1}, kLong);
    const Tensor second = (x[1].to(kFloat) + source[0].to(kFloat)).to(t).to(kFloat) + source[2].to(kFloat);
    const Tensor sums = stack({x[0].to(kFloat) + source[1].to(kFloat), second}).to(t);
    CHECK(equal(index_add(x, 0, index, source), sums));
    const Tensor largest = maximum(x[0].to(kFloat), source[1].to(kFloat)).to(t);
    CHECK(equal(index_reduce(x, 0, index, source, "amax")[0], largest));
  }
}

TEST_CASE("equal extremes share the gradient") {
  const Tensor x = tensor({5.}, kDouble).requires_grad_(),
               src = tensor({5., 1., 5.}, kDouble).requires_grad_();
  x.scatter_reduce(0, tensor({0, 0, 0}), src, "amax").sum().backward();
  CHECK(allclose(x.grad(), tensor({1.}, kDouble) / 3));
  CHECK(allclose(src.grad(), tensor({1., 0., 1.}, kDouble) / 3));
}

TEST_CASE("an empty segment has what its reduction starts from") {
  const Tensor x = tensor({1., 2., 3.}), lengths = tensor({0, 2, 1});
  const auto reduced = [&](const char* how, const optional<Scalar>& initial = nullopt) {
    return segment_reduce(x, how, lengths, {}, {}, 0, false, initial);
  };
  CHECK(reduced("sum").equal(tensor({0., 3., 3.})));
  CHECK(reduced("prod").equal(tensor({1., 2., 3.})));
  CHECK(reduced("max").equal(tensor({-kInf, 2., 3.})));
  CHECK(reduced("max", 2.5).equal(tensor({2.5, 2.5, 3.})));
  CHECK(reduced("mean", 5).equal(tensor({5., 4., 8.})));
  CHECK(isnan(reduced("mean")[0]).item<bool>());
  CHECK(segment_reduce(x, "sum", {}, {}, tensor({0, 2, 3})).equal(tensor({3., 3.})));
}

TEST_CASE("a segment's product has a gradient beside one zero, and none beside two") {
  const Tensor x = tensor({2., 0., 3., 0., 5., 0., 4., 7.}, kDouble).requires_grad_();
  const Tensor y = segment_reduce(x, "prod", tensor({3, 3, 2}));
  CHECK(y.detach().equal(tensor({0., 0., 28.}, kDouble)));
  CHECK(autograd::grad({y.sum()}, {x})[0].equal(tensor({0., 6., 0., 0., 0., 0., 7., 4.}, kDouble)));
  CHECK_THROWS_AS(segment_reduce(x, "prod", tensor({9, -1}), {}, {}, 0, true), Error);
}

TEST_CASE("segments of rows are those of their columns") {
  for (const ScalarType t : {kFloat, kDouble, kHalf, kBFloat16})
    for (const char* how : {"sum", "mean", "prod", "max", "min"}) {
      const Tensor x = linspace(-1.5, 1.5, 9 * 37).view({9, 37}).to(t), lengths = tensor({2, 0, 4, 3});
      const Tensor y = segment_reduce(x, how, lengths);
      for (const int64_t k : {0, 15, 16, 31, 32, 36})
        CHECK(allclose(y.select(1, k), segment_reduce(x.select(1, k), how, lengths), 0, 0, true));
    }
}

TEST_CASE("the row of padding gets no gradient, and frequent rows get less where asked") {
  const Tensor table = zeros({3, 2}, kDouble).requires_grad_();
  embedding(table, tensor({0, 2, 2}), 0, true).sum().backward();
  CHECK(table.grad().equal(tensor({0., 0., 0., 0., 1., 1.}, kDouble).view({3, 2})));
}

TEST_CASE("rows that are too long are scaled down, others kept") {
  Tensor table = tensor({3., 4., 0.3, 0.4, 6., 8.}, kDouble).view({3, 2});
  embedding_renorm_(table, tensor({0, 1, 0}), 1, 2);
  CHECK(allclose(table, tensor({0.6, 0.8, 0.3, 0.4, 6., 8.}, kDouble).view({3, 2}), 1e-6));
}

TEST_CASE("renorm of halves measures in float, and lets a row of zeros have a gradient") {
  const Tensor x = tensor({0., 20., 20.}, kHalf).view({3, 1}).requires_grad_();
  const Tensor dx = autograd::grad({x.renorm(2.5, 0, 1).sum()}, {x})[0];
  CHECK(dx[0].item<double>() == 1);  // the others are as long as they may be: PyTorch's are rounding
  CHECK(dx.abs().max().item<double>() == 1);
}

TEST_CASE("masked_fill is row-major whatever it fills, as PyTorch's") {
  const Tensor x = zeros({3, 4}).t();
  CHECK(x.masked_fill(x.eq(0), 1).equal(ones({4, 3})));
  CHECK_EQ(x.masked_fill(x.eq(0), 1).strides().vec(), std::vector<int64_t>{3, 1});
  CHECK_EQ(x.masked_fill(x.eq(0), ones({})).strides().vec(), std::vector<int64_t>{3, 1});
}

TEST_CASE("take_along_dim of a number has no dimension to name") {
  CHECK(take_along_dim(tensor(3.), tensor(0)).item<double>() == 3);
  CHECK_THROWS_AS(take_along_dim(tensor(3.), tensor(0), 0), IndexError);
}

TEST_CASE("one_hot refuses classes that it has no place for") {
  CHECK(one_hot(tensor({1, 0})).equal(tensor({0, 1, 1, 0}).view({2, 2})));
  CHECK_EQ(one_hot(zeros({0}, kLong), 3).sizes().vec(), std::vector<int64_t>{0, 3});
  CHECK_THROWS_AS(one_hot(zeros({0}, kLong)), Error);
  CHECK_THROWS_AS(one_hot(tensor({3}), 3), Error);
  CHECK_THROWS_AS(one_hot(tensor({-1})), Error);
  CHECK_THROWS_AS(one_hot(tensor({1}, kInt)), TypeError);
}

TEST_CASE("what is refused in place changes nothing") {
  const Tensor x = ones({3}), index = tensor({0, 9});
  CHECK_THROWS_AS(x.index_add_(0, index, ones({2})), IndexError);
  CHECK_THROWS_AS(x.scatter_reduce_(0, index, ones({2}), "sum", false), IndexError);
  CHECK_THROWS_AS(x.index_reduce_(0, index, ones({2}), "amax", false), IndexError);
  CHECK_THROWS_AS(x.masked_scatter_(tensor({true, true, true}), ones({2})), Error);
  CHECK(x.equal(ones({3})));
  CHECK_EQ(x._version(), 0);
}
