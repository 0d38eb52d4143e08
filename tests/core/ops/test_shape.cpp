// Joins, pieces and new sizes beyond the recorded cases: what is a view, dtypes, and what is refused.
#include <doctest/doctest.h>

#include <limits>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

TEST_CASE("tensors are equal when no element differs, wherever it is, and NaN differs from itself") {
  const Tensor x = arange(10000).view({100, 100});
  CHECK(equal(x, x));
  CHECK(equal(x, x.clone()));
  CHECK(equal(x.t(), x.t().clone()));
  CHECK_FALSE(equal(x, x.t()));
  CHECK_FALSE(equal(x, x.view({-1})));
  for (const int64_t at : {0, 1023, 1024, 9999}) {
    Tensor other = x.clone();
    other.view({-1})[at] = -1;
    CHECK_FALSE(equal(x, other));
    CHECK_FALSE(equal(other, x));
  }
  const Tensor nan = full({10000}, std::numeric_limits<float>::quiet_NaN());
  CHECK_FALSE(equal(nan, nan));
  CHECK(equal(zeros({0}), zeros({0})));
}

TEST_CASE("windows are a view, also of a strided tensor") {
  const Tensor x = arange(10).slice(0, 0, 10, 2), w = x.unfold(0, 2, 1);
  CHECK(w.equal(tensor({0, 2, 2, 4, 4, 6, 6, 8}).view({4, 2})));
  w[1][0].fill_(7);
  CHECK(x.equal(tensor({0, 7, 4, 6, 8})));
  CHECK_EQ(arange(3).unfold(0, 0, 2).sizes().vec(), std::vector<int64_t>{2, 0});
}

TEST_CASE("pieces of tensor_split are views that may be written") {
  const Tensor x = zeros({7});
  const std::vector<Tensor> pieces = x.tensor_split(3);
  CHECK_EQ(pieces[0].numel(), 3);
  CHECK_EQ(pieces[2].numel(), 2);
  pieces[1].fill_(1);
  CHECK_EQ(x.sum().item<float>(), 2);
  CHECK_EQ(x.tensor_split({-2, 9})[0].numel(), 5);
  CHECK_EQ(x.tensor_split(tensor(2)).size(), 2);
  CHECK_THROWS_AS(x.tensor_split(0), Error);
  CHECK_THROWS_AS(x.tensor_split(tensor({1.5})), Error);
}

TEST_CASE("joins promote dtypes") {
  CHECK_EQ(hstack({tensor({1}), tensor({1.5})}).dtype(), kFloat);
  CHECK_EQ(block_diag({ones({2}, kInt), ones({1}, kDouble)}).dtype(), kDouble);
}

TEST_CASE("numbers among the blocks of a matrix promote as numbers do") {
  CHECK_EQ(block_diag({tensor(1), ones({1, 1}, kInt)}).dtype(), kInt);
  CHECK_EQ(block_diag({tensor(1., kDouble), ones({1, 1})}).dtype(), kFloat);
  CHECK_EQ(block_diag({tensor(1.), ones({1, 1}, kInt)}).dtype(), kFloat);
}

TEST_CASE("elements repeated a few times stand beside each other, whatever their layout") {
  for (const ScalarType t : {kByte, kHalf, kFloat, kDouble})
    for (const int64_t times : {1, 3, 40}) {
      const Tensor x = arange(2 * 1500).to(t).view({1500, 2}).t();
      const Tensor expected = x.index_select(1, arange(1500 * times).floor_divide(times));
      CHECK(x.repeat_interleave(times, 1).equal(expected));
    }
}

TEST_CASE("repeats have the dtype that they are asked for in") {
  CHECK(repeat_interleave(tensor({2, 0, 1}, kInt)).equal(tensor({0, 0, 2}, kInt)));
  CHECK_EQ(repeat_interleave(zeros({0}, kLong)).numel(), 0);
  CHECK_THROWS_AS(repeat_interleave(tensor({1, -1})), Error);
  CHECK_EQ(message_of([] {
             tensor({1, 2}).repeat_interleave(2, 0, 3);
           }),
           "repeat_interleave: output_size is 3, but repeats sum to 4");
}

TEST_CASE("repeating once gives a copy") {
  const Tensor x = zeros({2, 2});
  x.repeat_interleave(1, 0).fill_(1);
  rot90(x, 4).fill_(1);
  CHECK_EQ(x.sum().item<float>(), 0);
}

TEST_CASE("a part is replaced in a copy that lies in memory as the tensor does") {
  const Tensor x = arange(12).view({3, 4}).t();
  const Tensor y = x.as_strided_scatter(tensor({-1, -1}), {2}, {4}, 1);
  CHECK_EQ(y.strides().vec(), x.strides().vec());
  CHECK(y[1].equal(tensor({-1, -1, 9})));
  CHECK(x[1].equal(tensor({1, 5, 9})));
}

TEST_CASE("padding must fit the dtype") {
  CHECK(constant_pad_nd(tensor({1, 2}), {1, -1}, 7).equal(tensor({7, 1})));
  CHECK_THROWS_AS(constant_pad_nd(ones({2}, kByte), {1, 1}, 300), Error);
  CHECK_THROWS_AS(constant_pad_nd(ones({2}), {1}), Error);
  CHECK_THROWS_AS(constant_pad_nd(ones({2}), {1, 1, 1, 1}), Error);
}

TEST_CASE("a resized tensor keeps its elements, in row-major order") {
  Tensor x = arange(6);
  x.resize_({2, 2});
  CHECK(x.equal(tensor({0, 1, 2, 3}).view({2, 2})));
  x.resize_({100});
  CHECK(x.slice(0, 0, 6).equal(arange(6)));
  CHECK(x.resize_({6}).equal(arange(6)));
}

TEST_CASE("resizing refuses gradients and memory that others need") {
  const Tensor x = zeros({2}), view = x.view({2, 1});
  CHECK_EQ(message_of([&] { x.resize_({3}); }),
           "resize_: cannot grow memory that other tensors share: self is [2], the new size is [3]");
  CHECK_EQ(message_of([] { ones({2}).requires_grad_().resize_({1}); }),
           "resize_: cannot resize a tensor that requires grad: self is [2]");
  CHECK_THROWS_AS(x.resize_({-1}), Error);
  CHECK_EQ(x.sizes().vec(), std::vector<int64_t>{2});
}

TEST_CASE("as_strided_ and swapaxes_ change the tensor itself and its gradient") {
  const Tensor leaf = arange(4., kDouble).requires_grad_();
  Tensor x = leaf * 1;
  x.as_strided_({2, 2}, {1, 1});
  CHECK(x.detach().equal(tensor({0., 1., 1., 2.}, kDouble).view({2, 2})));
  x.swapaxes_(0, 1).sum().backward();
  CHECK(leaf.grad().equal(tensor({1., 2., 1., 0.}, kDouble)));
}

TEST_CASE("unsafe pieces may be changed in place where gradients are recorded") {
  const Tensor leaf = arange(6., kDouble).requires_grad_();
  const Tensor x = leaf * 1;
  const std::vector<Tensor> halves = x.unsafe_split(2), parts = unsafe_split_with_sizes(x, {1, 5});
  CHECK_EQ(halves.size(), 3);
  CHECK_EQ(x.unsafe_chunk(4).size(), 3);
  CHECK(parts[1].detach().equal(x.detach().slice(0, 1)));
  halves[1].mul_(3);
  x.sum().backward();
  CHECK(leaf.grad().equal(tensor({1., 1., 3., 3., 1., 1.}, kDouble)));
}

TEST_CASE("resize and resize_as give a copy of another size") {
  const Tensor x = arange(6, kDouble).reshape({2, 3}).t();
  CHECK(resize(x, {2, 2}).equal(tensor({0., 3., 1., 4.}, kDouble).view({2, 2})));
  CHECK(resize_as(x, ones({1})).equal(zeros({1}, kDouble)));
  CHECK_EQ(resize(x, {7}).numel(), 7);
  CHECK_EQ(x.sizes().vec(), std::vector<int64_t>{3, 2});
}

TEST_CASE("view(dtype) reads the same memory as another dtype") {
  const Tensor x = tensor({1.0f, -2.0f, 0.5f, 3.0f}).view({2, 2});
  const Tensor bits = x.view(kInt);
  CHECK(bits.dtype() == kInt);
  CHECK(equal(bits, tensor({0x3f800000, int(0xc0000000), 0x3f000000, 0x40400000}).view({2, 2})));
  CHECK(equal(bits.view(kFloat), x));
  const Tensor bytes = x.view(kByte);
  CHECK(bytes.sizes() == IntArrayRef({2, 8}));
  CHECK(bytes.strides() == IntArrayRef({8, 1}));
  CHECK(bytes[0][3].item<int>() == 0x3f);
  CHECK(bytes[0][7].item<int>() == 0xc0);
  CHECK(equal(bytes.view(kFloat), x));
  CHECK(x.view(kDouble).sizes() == IntArrayRef({2, 1}));
  CHECK(x.t().view(kInt).strides() == x.t().strides());
  CHECK(zeros({0}).view(kShort).sizes() == IntArrayRef({0}));

  // A change of one is a change of the other, and the version check sees it.
  const Tensor w = ones({2}, requires_grad()), y = w * 2, z = y * y;
  bits.zero_();
  CHECK(equal(x, zeros({2, 2})));
  y.view(kInt).zero_();
  CHECK_THROWS_AS(z.sum().backward(), Error);
  CHECK_FALSE(w.view(kInt).requires_grad());

  CHECK_THROWS_WITH_AS(zeros({}).view(kByte), doctest::Contains("self is a scalar"), Error);
  CHECK_THROWS_WITH_AS(x.t().view(kByte), doctest::Contains("the last stride must be 1"), Error);
  CHECK_THROWS_WITH_AS(zeros({3}, kByte).view(kShort),
                       doctest::Contains("the last size must be divisible by 2"), Error);
  CHECK_THROWS_WITH_AS(zeros({8}, kByte).slice(0, 1, 5).view(kShort),
                       doctest::Contains("storage_offset() must be divisible by 2"), Error);
  CHECK_THROWS_WITH_AS(zeros({3, 5}, kByte).slice(1, 0, 4).view(kShort),
                       doctest::Contains("every other stride must be divisible by 2"), Error);
}

TEST_CASE("squeeze of several dimensions") {
  const Tensor x = arange(6.0).view({1, 2, 1, 3}).requires_grad_();
  CHECK(x.squeeze({0, 2}).sizes() == IntArrayRef({2, 3}));
  CHECK(squeeze(x, {0, 1, -2}).sizes() == IntArrayRef({2, 3}));
  CHECK(x.squeeze(IntArrayRef()).sizes() == x.sizes());
  (x.squeeze({0, 2}) * arange(6.0).view({2, 3})).sum().backward();
  CHECK(equal(x.grad(), arange(6.0).view({1, 2, 1, 3})));
  Tensor y = zeros({1, 4, 1});
  CHECK(y.squeeze_({0, 2}).sizes() == IntArrayRef({4}));
  CHECK_THROWS_WITH_AS(x.squeeze({0, -4}), doctest::Contains("appears multiple times"), Error);
  CHECK_THROWS_AS(x.squeeze({0, 4}), IndexError);
}
