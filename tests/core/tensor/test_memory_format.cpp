// Channels last: strides, questions and what keeps them, against what PyTorch 2.15 gives.
#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

using Sizes = std::vector<int64_t>;

constexpr MemoryFormat kLast = MemoryFormat::ChannelsLast, kLast3d = MemoryFormat::ChannelsLast3d,
                       kRows = MemoryFormat::Contiguous, kPreserve = MemoryFormat::Preserve;

Tensor images() { return arange(120, kFloat).reshape({2, 3, 4, 5}); }
Sizes strides_of(const Tensor& t) { return t.strides().vec(); }

}  // namespace

TEST_CASE("channels last has dimension 1 innermost") {
  CHECK_EQ(strides_of(empty({2, 3, 4, 5}, kLast)), Sizes{60, 1, 15, 3});
  CHECK_EQ(strides_of(empty({2, 3, 4, 5}, {}, kLast)), Sizes{60, 1, 15, 3});
  CHECK_EQ(strides_of(empty({2, 0, 4, 5}, kLast)), Sizes{0, 1, 0, 0});
  CHECK_EQ(strides_of(empty({2, 3, 4, 5, 6}, TensorOptions(kDouble).memory_format(kLast3d))),
           Sizes{360, 1, 90, 18, 3});
}

TEST_CASE("whoever makes or copies a tensor takes the format") {
  const Tensor x = images();
  for (const Tensor& t :
       {x.contiguous(kLast), x.clone(kLast), x.to(kLast), x.to(kDouble, false, false, kLast),
        empty_like(x, {}, kLast), zeros_like(x, kLast), rand_like(x, kLast),
        empty({10}).resize_({2, 3, 4, 5}, kLast), empty({10}).resize_as_(x.contiguous(kLast), kPreserve)})
    CHECK_EQ(strides_of(t), Sizes{60, 1, 15, 3});
  const Tensor last = x.contiguous(kLast);
  CHECK(last.equal(x));
  CHECK(last.contiguous(kLast).is_same(last));
  CHECK(last.to(kLast).is_same(last));
  CHECK(last.to(kPreserve).is_same(last));
  CHECK_EQ(strides_of(last.contiguous()), strides_of(x));
  CHECK_EQ(strides_of(last.to(kRows)), strides_of(x));
  CHECK_EQ(strides_of(empty({10}).resize_as_(last)), strides_of(x));
}

TEST_CASE("which format a tensor has is read from its strides") {
  struct Case {
    Sizes sizes;
    bool rows_are_last, last_are_rows;
    MemoryFormat suggested;  // of a tensor made as channels last
  };
  for (const Case& c : std::vector<Case>{{{2, 3, 4, 5}, false, false, kLast},
                                         {{2, 1, 4, 5}, true, true, kLast},
                                         {{2, 3, 1, 1}, true, true, kLast},
                                         {{1, 1, 1, 1}, true, true, kRows},
                                         {{2, 3, 1, 5}, false, false, kLast},
                                         {{2, 3, 4, 1}, false, false, kLast},
                                         {{2, 0, 3, 4}, false, true, kRows},
                                         {{0, 3, 4, 5}, false, true, kRows}}) {
    CAPTURE(c.sizes);
    const Tensor rows = xgrad::empty(c.sizes), last = xgrad::empty(c.sizes, kLast);
    CHECK_EQ(rows.is_contiguous(kLast), c.rows_are_last);
    CHECK(last.is_contiguous(kLast));
    CHECK_EQ(last.is_contiguous(), c.last_are_rows);
    CHECK_EQ(rows.suggest_memory_format(), kRows);
    CHECK_EQ(last.suggest_memory_format(), c.suggested);
  }
  const Tensor sliced = images().contiguous(kLast).slice(2, 0, 4, 2);
  CHECK_EQ(sliced.suggest_memory_format(), kLast);
  CHECK_EQ(sliced.suggest_memory_format(true), kRows);
  CHECK_FALSE(sliced.is_contiguous(kLast));
  CHECK_FALSE(images()[0].is_contiguous(kLast));
  CHECK_EQ(empty({2, 3, 4, 5, 6}, kLast3d).suggest_memory_format(), kLast3d);
}

TEST_CASE("ops over images keep channels last as PyTorch does") {
  const Tensor rows = images(), last = rows.contiguous(kLast);
  const Sizes kept{60, 1, 15, 3};
  for (const Tensor& t :
       {last + 1, last * last, last + rows[0], where(last > 3, last, rows), relu(last), last.clamp(0, 3),
        last.to(kDouble), empty_like(last), last.clone(), std::get<0>(last.sort(1))})
    CHECK_EQ(strides_of(t), kept);
  CHECK_EQ(strides_of(rows + last), strides_of(rows));
  CHECK_EQ(strides_of(cat({last, last}, 1)), Sizes{120, 1, 30, 6});
  CHECK(cat({last, last}, 1).equal(cat({rows, rows}, 1)));
  CHECK_EQ(strides_of(cat({last, rows}, 1)), Sizes{120, 20, 5, 1});
  const Tensor x = last.clone().requires_grad_();
  (x * 2).sum().backward();
  CHECK(x.grad().equal(full_like(x, 2)));
}

TEST_CASE("max pooling keeps channels last, both ways") {
  Tensor rows = randint(0, 9, {2, 67, 7, 8}, kFloat);  // many are equal
  rows.index_put_({0, 5, 3, 3}, NAN);
  for (const ScalarType dtype : {kFloat, kDouble, kLong})
    for (const int64_t side : {2, 3}) {
      const Tensor values = dtype == kLong ? rows.nan_to_num().to(dtype) : rows.to(dtype);
      const bool differentiated = dtype != kLong;
      const Tensor a = values.clone().requires_grad_(differentiated),
                   b = values.contiguous(kLast).requires_grad_(differentiated);
      const auto [y, places] = max_pool2d_with_indices(a, side, 2, side / 2);
      const auto [last, places_last] = max_pool2d_with_indices(b, side, 2, side / 2);
      CHECK(last.is_contiguous(kLast));
      CHECK(places_last.is_contiguous(kLast));
      CHECK(places_last.equal(places));
      CHECK(last.nan_to_num().equal(y.nan_to_num()));
      if (!differentiated) continue;
      const Tensor g = arange(y.numel(), dtype).view(y.sizes());
      y.backward(g);
      last.backward(g);
      CHECK(b.grad().equal(a.grad()));
    }
  const Tensor numbers = rows.nan_to_num();
  CHECK(std::get<0>(adaptive_max_pool2d(numbers.contiguous(kLast), {3, 2}))
            .equal(std::get<0>(adaptive_max_pool2d(numbers, {3, 2}))));
}

TEST_CASE("convolutions of single channels keep channels last, and their bits") {
  for (const ScalarType dtype : {kFloat, kDouble})
    for (const int64_t stride : {1, 2})
      for (const int64_t padding : {0, 1, 5}) {
        const Tensor x = randn({2, 21, 6, 11}, dtype), w = randn({21, 1, 3, 3}, dtype).requires_grad_(),
                     bias = randn({21}, dtype);
        const auto convolved = [&](const Tensor& image) {
          return conv2d(image, w, padding == 1 ? bias : Tensor(), stride, padding, {1, 2}, 21);
        };
        const Tensor a = x.clone().requires_grad_(), b = x.contiguous(kLast).requires_grad_();
        const Tensor y = convolved(a), last = convolved(b);
        CHECK(last.is_contiguous(kLast));
        CHECK(last.equal(y));
        const Tensor g = randn(y.sizes(), dtype);
        const auto wanted = autograd::grad({y}, {a, w}, {g}),
                   got = autograd::grad({last}, {b, w}, {g.contiguous(kLast)});
        CHECK(got[0].equal(wanted[0]));
        CHECK(got[1].equal(wanted[1]));
      }
  const Tensor x = randn({1, 4, 3, 5, 6}), w = randn({4, 1, 2, 3, 2});
  const Tensor last = conv3d(x.contiguous(kLast3d), w, {}, 1, 1, 1, 4);
  CHECK(last.is_contiguous(kLast3d));
  CHECK(last.equal(conv3d(x, w, {}, 1, 1, 1, 4)));
}

TEST_CASE("convolutions of channels last images have the values of contiguous ones, and their format") {
  struct Row {
    DimVector x, w;
    int64_t stride, padding, dilation, groups;
  };
  for (const ScalarType dtype : {kFloat, kDouble})
    for (const bool transposed : {false, true})
      for (const Row& row : {Row{{2, 20, 9, 8}, {20, 20, 3, 3}, 1, 1, 1, 1},
                             {{3, 17, 5, 6}, {17, 17, 1, 1}, 1, 0, 1, 1},
                             {{2, 12, 9, 13}, {12, 12, 3, 2}, 2, 1, 1, 1},
                             {{1, 10, 8, 7}, {10, 10, 1, 1}, 3, 0, 1, 1},
                             {{2, 9, 11, 9}, {9, 9, 4, 3}, 3, 2, 2, 1},
                             {{2, 20, 6, 9}, {20, 10, 3, 3}, 2, 0, 1, 2},
                             {{1, 300, 3, 4}, {300, 300, 2, 2}, 1, 1, 1, 1},
                             {{2, 3, 12, 9}, {3, 3, 5, 5}, 2, 2, 1, 1}}) {
        const Tensor x = randn(row.x, dtype), w = randn(row.w, dtype), bias = randn({row.x[1]}, dtype);
        const auto run = [&](MemoryFormat images, MemoryFormat weights) {
          const Tensor a = x.clone(images).requires_grad_(), b = w.clone(weights).requires_grad_();
          const Tensor y = convolution(a, b, row.groups == 1 ? bias : Tensor(), row.stride, row.padding,
                                       row.dilation, transposed, 0, row.groups);
          const auto grads = autograd::grad({y.square().sum()}, {a, b});
          return std::vector<Tensor>{y, grads[0], grads[1]};
        };
        const auto plain = run(kRows, kRows);
        for (const auto& [images, weights] : {std::pair(kLast, kRows), {kLast, kLast}, {kRows, kLast}}) {
          const auto last = run(images, weights);
          CHECK(last[0].is_contiguous(kLast));
          CHECK(last[1].is_contiguous(kLast));
          for (std::size_t i = 0; i < 3; ++i)
            CHECK(allclose(last[i], plain[i], 1e-4, 1e-5 * plain[i].abs().max().item<double>()));
        }
      }
}

TEST_CASE("flips, margins and sums of channels last images have the values of contiguous ones") {
  for (const ScalarType dtype : {kFloat, kByte, kDouble})
    for (const int64_t channels : {1, 3, 5}) {
      const Tensor x = randint(0, 200, {2, channels, 40, 50}, dtype), last = x.contiguous(kLast);
      for (const auto& dims : {Sizes{1}, {2}, {3}, {0, 3}, {1, 2}, {0, 1, 2, 3}}) {
        const Tensor flipped = last.flip(dims);
        CHECK(flipped.is_contiguous(kLast));
        CHECK(flipped.equal(x.flip(dims)));
        CHECK(last.sum(dims, false, kDouble).equal(x.sum(dims, false, kDouble)));
      }
      CHECK(last.sum(Sizes{2, 3}).equal(x.sum(Sizes{2, 3})));
      CHECK(last.amax(Sizes{2, 3}).equal(x.amax(Sizes{2, 3})));
      const Tensor padded = constant_pad_nd(last, {1, 2, -1, 3, 0, 1}, 7);
      CHECK((channels == 1 || padded.is_contiguous(kLast)));  // of one channel the strides do not tell
      CHECK(padded.equal(constant_pad_nd(x, {1, 2, -1, 3, 0, 1}, 7)));
    }
}

TEST_CASE("segments that nobody derives are joined to the same values") {
  const Tensor rows = randn({11}), lengths = tensor({3, 0, 7, 1}, kLong);
  for (const char* how : {"sum", "mean", "max", "min", "prod"})
    for (const Tensor& data : {rows, rows.unsqueeze(1).expand({11, 3})})
      CHECK(segment_reduce(data, how, lengths)
                .sub(segment_reduce(data.clone().requires_grad_(), how, lengths).detach())
                .nan_to_num(0, 0, 0)
                .eq(0)
                .all()
                .item<bool>());
}

TEST_CASE("a format for other dimensions is refused, and nothing changes") {
  const Tensor x = images();
  const std::string text = "required rank 4 tensor to use channels_last format: sizes are [2, 3]";
  CHECK(contains(message_of([] { empty({2, 3}, kLast); }), "empty: " + text));
  CHECK(contains(message_of([&] { x.resize_({2, 3}, kLast); }), "resize_: " + text));
  CHECK_THROWS_AS(x[0].contiguous(kLast), Error);
  CHECK_THROWS_AS(x.to(kLast3d), Error);
  CHECK_THROWS_AS(x.t().clone(kLast), Error);
  CHECK(contains(message_of([] { empty({2}, kPreserve); }), "unsupported memory format"));
  CHECK_THROWS_AS(x.transpose(0, 1).contiguous(kPreserve), Error);
  CHECK(x.equal(images()));
}

TEST_CASE("strides of one's own reach into memory that is there") {
  CHECK_EQ(strides_of(empty_strided({2, 3}, {1, 2})), Sizes{1, 2});
  CHECK_EQ(empty_strided({2, 3}, {1, 2}).fill_(1).sum().item<double>(), 6);
  CHECK_EQ(ones({2}, kDouble).new_empty_strided({3, 2}, {4, 1}).dtype(), kDouble);
  CHECK_EQ(empty_strided({0, 3}, {INT64_MAX, 1}).numel(), 0);
  CHECK_THROWS_AS(empty_strided({2, 3}, {1, -2}), Error);
  CHECK_THROWS_AS(empty_strided({2, 3}, {1}), Error);
  CHECK_THROWS_AS(empty_strided({2, 3}, {INT64_MAX, INT64_MAX}), Error);
  CHECK_THROWS_AS(empty_strided({3, 3}, {int64_t{1} << 58, int64_t{1} << 58}), Error);
}
