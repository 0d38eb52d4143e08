// Convolutions against plain loops: shapes that meet every way in which one is computed.
#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

struct Case {
  int64_t n, c, h, w, out, kernel, stride, padding, dilation, groups;
};
// Depthwise, grouped, strided, a point, long rows, deep products, more rows than a tile has, margins beyond
// the kernel, rows of whole registers.
constexpr Case kCases[] = {
    {2, 3, 9, 11, 4, 3, 1, 1, 1, 1},    {2, 4, 9, 11, 6, 3, 2, 1, 1, 2},   {1, 1, 7, 7, 1, 3, 2, 2, 2, 1},
    {2, 6, 13, 40, 6, 5, 3, 2, 1, 6},   {3, 6, 12, 37, 6, 3, 1, 1, 2, 6},  {2, 5, 33, 35, 7, 1, 1, 0, 1, 1},
    {2, 5, 33, 35, 7, 1, 2, 0, 1, 1},   {1, 8, 20, 70, 40, 3, 1, 0, 1, 1}, {2, 300, 5, 6, 30, 2, 1, 1, 1, 1},
    {2, 40, 9, 9, 300, 3, 2, 1, 1, 1},  {1, 1, 5, 5, 2, 4, 4, 2, 1, 1},    {2, 2, 6, 50, 2, 3, 1, 1, 3, 1},
    {2, 3, 4, 5, 2, 2, 1, 3, 1, 1},     {9, 2, 3, 3, 2, 3, 1, 1, 1, 1},    {2, 8, 8, 32, 20, 3, 1, 1, 1, 1},
    {2, 16, 16, 16, 32, 3, 2, 1, 1, 1}, {1, 64, 8, 8, 14, 1, 1, 0, 1, 1}};

Tensor plain(const Tensor& x, const Tensor& w, const Case& c) {
  const auto a = x.to(kDouble).contiguous(), b = w.to(kDouble).contiguous();
  const double *xs = a.data_ptr<double>(), *ws = b.data_ptr<double>();
  const int64_t reach = c.dilation * (c.kernel - 1), ci = c.c / c.groups, co = c.out / c.groups;
  const int64_t oh = (c.h + 2 * c.padding - reach - 1) / c.stride + 1;
  const int64_t ow = (c.w + 2 * c.padding - reach - 1) / c.stride + 1;
  const Tensor y = zeros({c.n, c.out, oh, ow}, kDouble);
  double* out = y.data_ptr<double>();
  for (int64_t i = 0; i < y.numel(); ++i) {
    const int64_t ox = i % ow, oy = i / ow % oh, o = i / (ow * oh) % c.out, n = i / (ow * oh * c.out);
    for (int64_t k = 0; k < ci * c.kernel * c.kernel; ++k) {
      const int64_t kx = k % c.kernel, ky = k / c.kernel % c.kernel, ch = k / (c.kernel * c.kernel);
      const int64_t iy = oy * c.stride - c.padding + ky * c.dilation,
                    ix = ox * c.stride - c.padding + kx * c.dilation;
      if (iy < 0 || ix < 0 || iy >= c.h || ix >= c.w) continue;
      out[i] += xs[((n * c.c + o / co * ci + ch) * c.h + iy) * c.w + ix] *
                ws[((o * ci + ch) * c.kernel + ky) * c.kernel + kx];
    }
  }
  return y;
}

Tensor call(const Tensor& x, const Tensor& w, const Case& c) {
  return conv2d(x, w, {}, c.stride, c.padding, c.dilation, c.groups);
}

struct Arguments {
  Tensor x, w;
  explicit Arguments(const Case& c)
      : x(randn({c.n, c.c, c.h, c.w}, kDouble)),
        w(randn({c.out, c.c / c.groups, c.kernel, c.kernel}, kDouble)) {}
};

double largest_error(const Tensor& got, const Tensor& wanted) {
  return (got.detach().to(kDouble) - wanted).abs().max().item<double>() /
         (1 + wanted.abs().max().item<double>());
}

}  // namespace

TEST_CASE("a convolution is what plain loops compute") {
  manual_seed(1);
  for (const Case& c : kCases) {
    const Arguments a(c);
    CAPTURE(a.x.sizes().vec());
    CHECK(largest_error(call(a.x, a.w, c), plain(a.x, a.w, c)) < 1e-12);
    CHECK(largest_error(call(a.x.to(kFloat), a.w.to(kFloat), c), plain(a.x, a.w, c)) < 1e-5);
  }
}

TEST_CASE("the gradients of a convolution are its transposes") {
  manual_seed(2);
  for (const Case& c : kCases)
    for (const ScalarType dtype : {kDouble, kFloat}) {
      const Arguments a(c), b(c);
      const Tensor x = a.x.to(dtype).requires_grad_(), w = a.w.to(dtype).requires_grad_();
      const Tensor y = call(x, w, c), g = randn(y.sizes(), kDouble);
      const auto gradients = autograd::grad({y}, {x, w}, {g.to(dtype)});
      // <g, conv(u, w)> = <dx, u> for any u.
      const auto is_dual = [&](const Tensor& gradient, const Tensor& direction, const Tensor& value) {
        const double left = (g * value).sum().item<double>();
        const double right = (gradient.to(kDouble) * direction).sum().item<double>();
        CHECK(right == doctest::Approx(left).epsilon(dtype == kDouble ? 1e-9 : 1e-3));
      };
      is_dual(gradients[0], b.x, plain(b.x, a.w, c));
      is_dual(gradients[1], b.w, plain(a.x, b.w, c));
    }
}

TEST_CASE("a transposed convolution is the gradient of the plain one") {
  manual_seed(3);
  for (const Case& c : kCases) {
    const Arguments a(c);
    const Tensor x = a.x.clone().requires_grad_();
    const Tensor y = call(x, a.w, c), g = randn(y.sizes(), kDouble), bias = randn({c.c}, kDouble);
    const Tensor gradient = autograd::grad({y}, {x}, {g})[0];
    const auto extra = [&](int64_t d) {
      return x.size(d) - ((y.size(d) - 1) * c.stride - 2 * c.padding + c.dilation * (c.kernel - 1) + 1);
    };
    const Tensor up =
        conv_transpose2d(g, a.w, bias, c.stride, c.padding, {extra(2), extra(3)}, c.groups, c.dilation);
    CHECK(largest_error(up, gradient + bias.view({-1, 1, 1})) < 1e-12);
  }
}

TEST_CASE("a convolution has the same bits for any number of threads") {
  manual_seed(4);
  const int before = get_num_threads();
  for (const Case& c : kCases) {
    const Arguments a(c);
    const Tensor x = a.x.to(kFloat).requires_grad_(), w = a.w.to(kFloat).requires_grad_();
    std::vector<Tensor> results[2];
    for (const int threads : {1, 3}) {
      set_num_threads(threads);
      const Tensor y = call(x, w, c);
      results[threads == 3] = autograd::grad({y}, {x, w}, {ones_like(y)});
      results[threads == 3].push_back(y.detach());
    }
    for (std::size_t i = 0; i < 3; ++i) CHECK(equal(results[0][i], results[1][i]));
  }
  set_num_threads(before);
}

TEST_CASE("integers wrap around and 16-bit floats are rounded once") {
  const Tensor x = full({1, 1, 4}, 100, kChar), w = full({1, 1, 2}, 2, kChar);
  CHECK(equal(conv1d(x, w), full({1, 1, 3}, -112, kChar)));
  CHECK(equal(conv_transpose1d(x.to(kLong), w.to(kLong)),
              tensor({200, 400, 400, 400, 200}, kLong).view({1, 1, 5})));
  manual_seed(5);
  const Tensor a = randn({2, 3, 6, 5}).to(kBFloat16), b = randn({4, 3, 3, 3}).to(kBFloat16);
  CHECK(equal(conv2d(a, b), conv2d(a.to(kFloat), b.to(kFloat)).to(kBFloat16)));
}

TEST_CASE("padding by name keeps the size or adds nothing") {
  const Tensor x = randn({1, 2, 7, 8}), w = randn({3, 2, 4, 3});
  CHECK(conv2d(x, w, {}, 1, "same", {2, 1}).sizes().vec() == std::vector<int64_t>{1, 3, 7, 8});
  CHECK(equal(conv2d(x, w, {}, 1, "valid"), conv2d(x, w, {}, 1, 0)));
  CHECK(allclose(conv2d(x, w, {}, 1, "same"), conv2d(constant_pad_nd(x, {1, 1, 1, 2}), w), 1e-5, 1e-5));
}

TEST_CASE("a convolution refuses what does not fit and names the numbers") {
  const Tensor x = ones({2, 4, 5, 5}), w = ones({6, 4, 3, 3});
  CHECK(message_of([&] {
          conv2d(x, ones({6, 3, 3, 3}));
        }) ==
        "conv2d: input must have the channels that weight takes: input is [2, 4, 5, 5], weight is [6, 3, 3, "
        "3], "
        "groups is 1 (4 vs 3)");
  CHECK(message_of([&] {
          conv2d(x, ones({5, 2, 3, 3}), {}, 1, 0, 1, 2);
        }) == "conv2d: groups must divide the output channels: weight is [5, 2, 3, 3], groups is 2 (5 vs 2)");
  CHECK(message_of([&] { conv2d(x, w, ones({5})); }) ==
        "conv2d: bias must have one element for each output channel: bias is [5], weight is [6, 4, 3, 3] (6 "
        "channels)");
  CHECK(message_of([&] { conv2d(x, w, {}, 0); }) == "conv2d: stride must be positive: got [0]");
  CHECK(message_of([&] { conv2d(x, w, {}, 1, -1); }) == "conv2d: padding must not be negative: got [-1]");
  CHECK(message_of([&] {
          conv2d(x, w, {}, {1, 1, 1});
        }) == "conv2d: stride must have 1 or 2 numbers: got [1, 1, 1]");
  CHECK(message_of([&] { conv2d(x, w, {}, 1, 0, 3); }) ==
        "conv2d: the kernel must not be larger than the padded input: input is [2, 4, 5, 5], weight is [6, "
        "4, 3, 3], "
        "padding is [0, 0], dilation is [3, 3] (dim 2: 7 vs 5)");
  CHECK(message_of([&] { conv2d(x, w.to(kDouble)); }) ==
        "conv2d: weight must have input's dtype: input is float32, weight is float64; convert one with "
        "to(...)");
  CHECK(message_of([&] {
          conv_transpose2d(x, ones({4, 2, 3, 3}), {}, 2, 0, 2);
        }) ==
        "conv_transpose2d: output_padding must be smaller than stride or dilation: output_padding is [2, 2], "
        "stride "
        "is [2, 2], dilation is [1, 1]");
  CHECK(message_of([&] { conv2d(x, w, {}, 2, "same"); }) ==
        "conv2d: padding='same' needs stride 1: stride is [2]");
}
