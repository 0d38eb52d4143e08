// Layers of images: names, shapes, what their options lead to, and what they refuse.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "messages.h"
#include "values.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;

namespace {

// The largest element of a window of [h, w] and where it stands, one by one: of equal ones the first, of NaN
// the last.
std::pair<double, int64_t> largest_in(const double* x, int64_t h, int64_t w, int64_t top, int64_t left,
                                      int64_t side) {
  double best = -INFINITY;
  int64_t place = -1;
  for (int64_t y = std::max<int64_t>(top, 0); y < std::min(top + side, h); ++y)
    for (int64_t i = std::max<int64_t>(left, 0); i < std::min(left + side, w); ++i) {
      const double v = x[y * w + i];
      if (place < 0) place = y * w + i;
      if (v > best || v != v) best = v, place = y * w + i;
    }
  return {best, place};
}

// How many windows of x, [1, 1, 7, w], are pooled otherwise.
template <class T>
int64_t count_wrong(const Tensor& x, int64_t side, int64_t stride, int64_t padding) {
  const auto options = F::MaxPool2dFuncOptions(side).stride(stride).padding(padding);
  const auto [values, places] = F::max_pool2d_with_indices(x.to(xgrad::scalar_type_of<T>), options);
  const Tensor alone = F::max_pool2d(x.to(xgrad::scalar_type_of<T>), options);  // asks for no places
  int64_t wrong = allclose(alone, values, 0, 0, true) ? 0 : 1;
  for (int64_t i = 0; i < values.numel(); ++i) {
    const int64_t row = i / values.size(3), column = i % values.size(3);
    const auto [best, place] = largest_in(x.data_ptr<double>(), x.size(2), x.size(3), row * stride - padding,
                                          column * stride - padding, side);
    const auto got = static_cast<double>(values.template data_ptr<T>()[i]);
    const bool same = got == best || (got != got && best != best);
    wrong += !same || places.template data_ptr<int64_t>()[i] != place;
  }
  return wrong;
}

// One dimension of sampling at coordinates: pixels, -1 for none, and what they count.
std::vector<std::pair<int64_t, double>> taps_of(double x, int64_t n, int mode, int padding, bool align) {
  const auto moved = [&](double at) {
    const double low = align ? 0 : -0.5, high = static_cast<double>(n) - 1 - low;
    while (padding == 2 && high > low && (at < low || at > high))
      at = at < low ? 2 * low - at : 2 * high - at;
    return padding == 0 ? at : std::clamp(at, 0.0, static_cast<double>(n - 1));
  };
  double at = align ? (x + 1) / 2 * static_cast<double>(n - 1) : ((x + 1) * static_cast<double>(n) - 1) / 2;
  if (mode != 2) at = moved(at);
  if (mode == 1) at = std::nearbyint(at);
  const double first = std::floor(at);
  std::vector<std::pair<int64_t, double>> taps;
  for (int k = -1; k < 3; ++k) {
    const double d = std::abs(at - first - k);
    const double linear = std::max(0.0, 1 - d);
    const double cubic = d < 1 ? (1.25 * d - 2.25) * d * d + 1 : -0.75 * (((d - 5) * d + 8) * d - 4);
    const auto pixel = static_cast<int64_t>(std::nearbyint(mode == 2 ? moved(first + k) : first + k));
    taps.emplace_back(pixel >= 0 && pixel < n ? pixel : -1, mode == 2 ? cubic : linear);
  }
  return taps;
}

// input [N, C, D, H, W] at grid [N, points, 3], one by one; a single slice and z = 0 are two dimensions.
Tensor sampled(const Tensor& input, const Tensor& grid, int mode, int padding, bool align) {
  const Tensor out = xgrad::zeros({input.size(0), input.size(1), grid.size(1)}, xgrad::kDouble);
  const auto x = input.accessor<double, 5>();
  const auto at = grid.accessor<double, 3>();
  auto y = out.accessor<double, 3>();
  for (int64_t n = 0; n < out.size(0); ++n)
    for (int64_t p = 0; p < out.size(2); ++p) {
      const auto along = [&](int d) {
        return taps_of(at[n][p][2 - d], input.size(d + 2), d == 0 && input.size(2) == 1 ? 1 : mode, padding,
                       align);
      };
      for (const auto& tz : along(0))
        for (const auto& ty : along(1))
          for (const auto& tx : along(2))
            for (int64_t c = 0; c < out.size(1) && std::min({tz.first, ty.first, tx.first}) >= 0; ++c)
              y[n][c][p] += x[n][c][tz.first][ty.first][tx.first] * tz.second * ty.second * tx.second;
    }
  return out;
}

}  // namespace

TEST_CASE("a convolution has the parameters of Python, in its order") {
  const nn::Conv2d layer(nn::Conv2dOptions(4, 6, {3, 2}).groups(2));
  const auto named = layer->named_parameters();
  CHECK(named.keys() == std::vector<std::string>{"weight", "bias"});
  CHECK(layer->weight.sizes().vec() == std::vector<int64_t>{6, 2, 3, 2});
  CHECK(layer->bias.sizes().vec() == std::vector<int64_t>{6});
  CHECK(
      nn::ConvTranspose2d(nn::ConvTranspose2dOptions(4, 6, 3).groups(2).bias(false))->weight.sizes().vec() ==
      std::vector<int64_t>{4, 3, 3, 3});
}

TEST_CASE("a padding mode is a margin of its own before the convolution") {
  xgrad::manual_seed(1);
  const Tensor x = xgrad::randn({2, 1, 5, 6});
  for (const nn::ConvPaddingMode mode :
       {nn::ConvPaddingMode(xgrad::kReflect), nn::ConvPaddingMode(xgrad::kReplicate),
        nn::ConvPaddingMode(xgrad::kCircular)}) {
    nn::Conv2d layer(nn::Conv2dOptions(1, 2, 3).padding({1, 2}).padding_mode(mode));
    const Tensor padded = xgrad::pad(x, {2, 2, 1, 1}, mode.word());
    CHECK(xgrad::equal(layer->forward(x), xgrad::conv2d(padded, layer->weight, layer->bias)));
  }
}

TEST_CASE("a transposed convolution makes the size that is asked for") {
  nn::ConvTranspose2d layer(nn::ConvTranspose2dOptions(2, 3, 3).stride(2).padding(1));
  const Tensor x = xgrad::ones({1, 2, 4, 5});
  CHECK(layer->forward(x).sizes().vec() == std::vector<int64_t>{1, 3, 7, 9});
  CHECK(layer->forward(x, std::vector<int64_t>{8, 9}).sizes().vec() == std::vector<int64_t>{1, 3, 8, 9});
  CHECK(contains(message_of([&] {
                   layer->forward(x, std::vector<int64_t>{9, 9});
                 }),
                 "output_size must be within one stride of the least: got [9, 9]"));
}

TEST_CASE_TEMPLATE("max pooling finds the same elements in rows of every length", T, float, double) {
  int64_t wrong = 0;
  for (int64_t w = 1; w < 350; w += w < 75 ? 3 : 61)
    for (int64_t stride = 1; stride <= 5; ++stride)
      for (int64_t side = 1; side <= std::min<int64_t>(w, 3); ++side)
        for (int64_t padding = 0; padding <= side / 2; ++padding) {
          const Tensor x = xgrad::randint(0, 5, {1, 1, 7, w}, xgrad::kDouble);  // many are equal
          if (w % 2 == 1) x.index_put_({0, 0, 3, w / 2}, NAN);
          wrong += count_wrong<T>(x, side, stride, padding);
        }
  CHECK(wrong == 0);
}

TEST_CASE_TEMPLATE("average pooling finds the averages of rows of every length, and gives them back", T,
                   float, double) {
  const double digits = sizeof(T) == 4 ? 1e-5 : 1e-13;
  for (int64_t w = 1; w < 350; w += w < 75 ? 5 : 61)
    for (int64_t stride = 1; stride <= 5; ++stride)
      for (int64_t side = 1; side <= std::min<int64_t>(w, 3); ++side)
        for (const bool counts_padding : {false, true}) {
          const int64_t padding = side / 2;
          const Tensor x =
              xgrad::randn({2, 2, 7, w}, xgrad::kDouble).to(xgrad::scalar_type_of<T>).set_requires_grad(true);
          const Tensor y = xgrad::avg_pool2d(x, side, stride, padding, false, counts_padding);
          // By what is known otherwise: sums of ones and of elements, as convolutions.
          const Tensor ones = xgrad::ones({1, 1, side, side}, xgrad::kDouble);
          const auto sums = [&](const Tensor& of) {
            return xgrad::conv2d(of.reshape({-1, 1, 7, w}), ones, {}, stride, padding);
          };
          const double area = static_cast<double>(side * side);
          const Tensor all = sums(x.detach().to(xgrad::kDouble)).view(y.sizes());
          const Tensor wanted =
              all / (counts_padding ? xgrad::full({1}, area)
                                    : sums(ones_like(x).to(xgrad::kDouble)).view(y.sizes()));
          CAPTURE(w);
          CAPTURE(stride);
          CAPTURE(side);
          CHECK(allclose(y.to(xgrad::kDouble), wanted, 0, digits));
          CHECK(xgrad::equal(xgrad::avg_pool2d(x.contiguous(xgrad::MemoryFormat::ChannelsLast), side, stride,
                                               padding, false, counts_padding),
                             y));
          // The way back is the transpose: <g, A x> = <A' g, x>.
          const Tensor g = randn_like(y);
          y.backward(g);
          const double there = (g * y).sum().template item<double>(),
                       back = (x.grad() * x).sum().template item<double>();
          CHECK(std::abs(there - back) <= 200 * digits * (1 + std::abs(there)));
        }
}

TEST_CASE("max unpooling puts back what max pooling took") {
  const Tensor x = xgrad::arange(16, xgrad::kFloat).view({1, 1, 4, 4});
  nn::MaxPool2d pool(2);
  const auto [y, places] = pool->forward_with_indices(x);
  const Tensor back = nn::MaxUnpool2d(2)->forward(y, places);
  CHECK(back.sizes().vec() == x.sizes().vec());
  CHECK(back.sum().item<float>() == 5 + 7 + 13 + 15);
  CHECK(xgrad::equal(pool->forward(back), y));
}

TEST_CASE("bytes are resized to bytes, rounded after each dimension") {
  const Tensor x = xgrad::tensor({0, 50, 100, 150, 200, 255}, xgrad::kByte).view({1, 1, 2, 3});
  const auto resized = [&](auto mode, bool corners) {
    return F::interpolate(
        x, F::InterpolateFuncOptions().size(std::vector<int64_t>{3, 5}).mode(mode).align_corners(corners));
  };
  const auto bytes = [](std::vector<int64_t> values) {
    return xgrad::tensor(values, xgrad::kLong).to(xgrad::kByte).view({1, 1, 3, 5});
  };
  CHECK(resized(xgrad::kBilinear, false)
            .equal(bytes({0, 20, 50, 80, 100, 75, 95, 125, 157, 178, 150, 170, 200, 233, 255})));
  CHECK(resized(xgrad::kBilinear, true)
            .equal(bytes({0, 25, 50, 75, 100, 75, 100, 125, 152, 178, 150, 175, 200, 228, 255})));
  CHECK(resized(xgrad::kBicubic, false)
            .equal(bytes({0, 3, 37, 71, 92, 73, 91, 125, 161, 180, 158, 178, 213, 250, 255})));
}

TEST_CASE("bytes are resized by weights of 16 bits, as PyTorch's are, in whatever order they lie") {
  const Tensor x =
      (xgrad::arange(35 * 80, xgrad::kLong) * 37).remainder(256).to(xgrad::kByte).view({40, 2, 5, 7});
  const auto resized = [&](auto mode, const Tensor& image) {
    auto options = F::InterpolateFuncOptions().size(std::vector<int64_t>{4, 6}).mode(mode);
    return F::interpolate(image, options.align_corners(false).antialias(true));
  };
  const auto first = [](const Tensor& y) { return y.index({0, 0}).flatten().to(xgrad::kLong); };
  CHECK(
      first(resized(xgrad::kBilinear, x))
          .equal(xgrad::tensor(std::vector<int64_t>{8,  50, 91, 133, 174, 216, 11, 53, 94,  136, 177, 219,
                                                    15, 57, 98, 140, 181, 223, 18, 60, 101, 143, 184, 226})));
  CHECK(
      first(resized(xgrad::kBicubic, x))
          .equal(xgrad::tensor(std::vector<int64_t>{3,  46, 89, 133, 176, 219, 7,  50, 93,  137, 180, 223,
                                                    11, 54, 97, 141, 184, 227, 15, 58, 101, 145, 188, 231})));
  const Tensor all = resized(xgrad::kBicubic, x);
  CHECK(resized(xgrad::kBicubic, x.contiguous(xgrad::MemoryFormat::ChannelsLast)).equal(all));
  for (int64_t i = 0; i < 40; i += 13)
    CHECK(resized(xgrad::kBicubic, x.narrow(0, i, 1)).equal(all.narrow(0, i, 1)));
  // Pixels of any width are those of the planes, the last ones too.
  for (const int64_t channels : {1, 2, 3, 4, 5, 20}) {
    const Tensor planes = x.flatten().narrow(0, 0, channels * 35).view({1, channels, 5, 7});
    const Tensor pixels = planes.contiguous(xgrad::MemoryFormat::ChannelsLast);
    CHECK(resized(xgrad::kBilinear, pixels).equal(resized(xgrad::kBilinear, planes)));
  }
}

TEST_CASE("adaptive pools take what PyTorch's take: no channels for averages, no images for all") {
  CHECK(xgrad::adaptive_avg_pool2d(xgrad::zeros({2, 0, 4, 4}), {2, 2}).sizes().vec() ==
        std::vector<int64_t>{2, 0, 2, 2});
  CHECK(std::get<0>(xgrad::adaptive_max_pool1d(xgrad::zeros({0, 4}), {2})).sizes().vec() ==
        std::vector<int64_t>{0, 2});
  CHECK_THROWS_AS(xgrad::adaptive_max_pool2d(xgrad::zeros({2, 0, 4, 4}), {2, 2}), xgrad::Error);
  CHECK_THROWS_AS(xgrad::adaptive_avg_pool3d(xgrad::zeros({2, 0, 4, 4, 4}), {2, 2, 2}), xgrad::Error);
  CHECK_THROWS_AS(xgrad::adaptive_avg_pool1d(xgrad::zeros({2, 2, 0}), {2}), xgrad::Error);
}

TEST_CASE("a layer of images is cloned, saved and restored by its options") {
  const nn::Conv2d layer(nn::Conv2dOptions(1, 2, 3).padding(xgrad::kSame));
  auto options = nn::Conv2dOptions(1, 1, 1);
  xgrad::from_dict(options, xgrad::to_dict(layer->options));
  CHECK(options == layer->options);
  auto pool = nn::MaxPool2dOptions(1);
  xgrad::from_dict(pool, xgrad::to_dict(nn::MaxPool2dOptions({2, 3}).padding(1)));
  CHECK(pool == nn::MaxPool2dOptions({2, 3}).padding(1));
  CHECK(printed(nn::Conv2d(std::dynamic_pointer_cast<nn::Conv2dImpl>(layer->clone()))) == printed(layer));
}

TEST_CASE("dropout of channels takes whole channels") {
  xgrad::manual_seed(3);
  const Tensor y = F::dropout2d(xgrad::ones({4, 8, 3, 3}), F::Dropout2dFuncOptions().p(0.5).training(true));
  const Tensor sums = y.sum({2, 3});
  CHECK(((sums == 0) | (sums == 18)).all().item<bool>());
  CHECK((sums == 0).any().item<bool>());
  CHECK(F::dropout1d(xgrad::ones({8, 3}), F::DropoutFuncOptions().p(0.5).training(true)).dim() == 2);
}

TEST_CASE(
    "functionals of dropout draw unless they are told not to, those for selu only when they are told to") {
  const Tensor x = xgrad::ones({2, 8, 3, 3});
  for (const auto& options : {F::DropoutFuncOptions(), F::DropoutFuncOptions().training(false)}) {
    const bool draws = options.training();
    CHECK((F::dropout(x, options) == 0).any().item<bool>() == draws);
    CHECK((F::dropout1d(x.flatten(2), options) == 0).any().item<bool>() == draws);
    CHECK((F::dropout2d(x, options) == 0).any().item<bool>() == draws);
    CHECK((F::dropout3d(x.unsqueeze(2), options) == 0).any().item<bool>() == draws);
  }
  CHECK((F::dropout(x) == 0).any().item<bool>());
  CHECK(equal(F::alpha_dropout(x), x));
  CHECK(equal(F::feature_alpha_dropout(x), x));
  CHECK(!equal(F::alpha_dropout(x, F::AlphaDropoutFuncOptions().training(true)), x));
}

TEST_CASE("layers of images refuse options that make no sense") {
  CHECK(message_of([] { nn::Conv2d(nn::Conv2dOptions(3, 4, 3).groups(2)); }) ==
        "Conv2d: in_channels must be divisible by groups: in_channels is 3, groups is 2");
  CHECK(message_of([] { nn::Conv1d(1, 1, 0); }) == "Conv1d: kernel_size must be positive: got 0");
  CHECK(message_of([] {
          nn::Conv2dOptions(1, 1, {1, 2, 3});
        }) == "expected 2 values, one for each dimension: got 3");
  CHECK(contains(message_of([] {
                   F::interpolate(xgrad::ones({1, 1, 2, 2}));
                 }),
                 "either size or scale_factor must be given"));
  CHECK(contains(message_of([] {
                   xgrad::pad(xgrad::ones({1, 2, 3}), {3, 0}, "reflect");
                 }),
                 "a reflected margin must be smaller than the dimension: pad is [3, 0], self is [1, 2, 3]"));
  CHECK(contains(message_of([] {
                   xgrad::max_pool2d(xgrad::ones({1, 1, 4, 4}), 5);
                 }),
                 "the window must not be larger than the padded input"));
}

TEST_CASE("margins of many planes are those of each plane") {
  const Tensor x = xgrad::arange(2 * 5 * 3 * 4).reshape({2, 5, 3, 4}).to(xgrad::kFloat);
  for (const char* mode : {"reflect", "replicate", "circular"})
    for (const auto& margins :
         {std::vector<int64_t>{1, 2, 2, 1}, {3, 0, 0, 0}, {-1, 2, 0, -1}, {0, 0, 1, 1}}) {
      const Tensor y = xgrad::pad(x, margins, mode);
      for (int64_t i = 0; i < 10; ++i) {
        const Tensor plane = x.narrow(0, i / 5, 1).narrow(1, i % 5, 1);
        CHECK(y[i / 5][i % 5].equal(xgrad::pad(plane, margins, mode)[0][0]));
      }
    }
}

TEST_CASE("resizing and sampling are differentiated twice") {
  const auto check = [](const auto& f, std::vector<Tensor> inputs) {
    const auto call = [&](const std::vector<Tensor>& x) { return std::vector<Tensor>{f(x)}; };
    for (Tensor& t : inputs) t.requires_grad_();
    CHECK(xgrad::autograd::gradcheck(call, inputs));
    CHECK(xgrad::autograd::gradgradcheck(call, inputs));
  };
  xgrad::manual_seed(5);
  const Tensor image = xgrad::randn({1, 2, 3, 4}, xgrad::kDouble);
  const auto resize = [&](auto mode) {
    check(
        [&](const std::vector<Tensor>& x) {
          return F::interpolate(x[0],
                                F::InterpolateFuncOptions().size(std::vector<int64_t>{5, 3}).mode(mode));
        },
        {image.clone()});
  };
  resize(xgrad::kNearest);
  resize(xgrad::kBilinear);
  resize(xgrad::kBicubic);
  const Tensor grid = xgrad::rand({1, 2, 3, 2}, xgrad::kDouble) * 1.6 - 0.8;
  for (const int64_t mode : {0, 2})
    for (const int64_t padding : {0, 1, 2})
      check(
          [&](const std::vector<Tensor>& x) { return xgrad::grid_sampler(x[0], x[1], mode, padding, false); },
          {image.clone(), grid.clone()});
}

TEST_CASE("sampling at coordinates is the sum of pixels around them, in whatever order they lie") {
  xgrad::manual_seed(6);
  int64_t wrong = 0;
  for (const int64_t channels : {1, 3, 9, 20})
    for (const int64_t points : {2, 65, 200})
      for (const int64_t depth : {1, 3})
        for (int kind = 0; kind < 18; ++kind) {
          const int mode = kind % 3, padding = kind / 3 % 3;
          const bool align = kind >= 9;
          const Tensor image =
              xgrad::randn({2, depth, 6, 7, channels}, xgrad::kDouble).permute({0, 4, 1, 2, 3});
          const double reach = points == 65 ? 0.2 : 2.5;  // some read nothing but the inside
          Tensor grid = (xgrad::rand({2, 3, points}, xgrad::kDouble) * 2 - 1).mul(reach).transpose(1, 2);
          if (depth == 1) grid.select(2, 2).zero_();
          const Tensor expected = sampled(image, grid, mode, padding, align);
          const Tensor in = depth == 1 ? image.select(2, 0) : image,
                       at = depth == 1 ? grid.narrow(2, 0, 2).unsqueeze(1) : grid.unsqueeze(1).unsqueeze(1);
          for (const auto dtype : {xgrad::kDouble, xgrad::kFloat}) {
            const Tensor y = xgrad::grid_sampler(in.to(dtype), at.to(dtype), mode, padding, align);
            const double near = dtype == xgrad::kDouble ? 1e-12 : 1e-4;
            // Rounding may bring a float to the other side of a step.
            const Tensor far = (y.reshape(expected.sizes()).to(xgrad::kDouble) - expected).abs() > near;
            wrong += far.sum().item<int64_t>();
          }
        }
  CHECK(wrong == 0);
}

TEST_CASE("coordinates that are no numbers, or huge, read nothing but the image") {
  constexpr double inf = INFINITY;
  const std::vector<double> hostile{NAN,   0,   inf, 0,   -inf,         1, 1e30, -1e30,
                                    -1e10, NAN, 3e9, 0.5, -2147483649., 1};
  const Tensor grid = xgrad::tensor(hostile, xgrad::kDouble).view({1, 1, 7, 2});
  for (const auto dtype : {xgrad::kFloat, xgrad::kDouble, xgrad::kHalf})
    for (const int64_t side : {1, 3, 40})
      for (const int64_t mode : {0, 1, 2})
        for (const int64_t padding : {0, 1, 2})
          for (const bool align : {false, true}) {
            const Tensor x = xgrad::ones({1, 2, side, side}, dtype).requires_grad_(),
                         at = grid.detach().to(dtype).requires_grad_();
            const Tensor y = xgrad::grid_sampler(x, at, mode, padding, align);
            y.sum().backward();
            if (mode == 1) CHECK(y.isfinite().all().item<bool>());
            if (mode < 2 && padding != 0) CHECK((y == 1).all().item<bool>());
            CHECK(at.grad().sizes() == at.sizes());
          }
}

TEST_CASE("sampling has the same bits for any number of threads") {
  const int before = xgrad::get_num_threads();
  xgrad::manual_seed(7);
  for (const int64_t images : {1, 3}) {
    const Tensor x = xgrad::randn({images, images == 1 ? 20 : 3, 32, 30}).requires_grad_(),
                 grid = (xgrad::rand({images, 40, 50, 2}) * 2 - 1).requires_grad_();
    std::vector<Tensor> results[2];
    for (const int threads : {1, 2}) {
      xgrad::set_num_threads(threads);
      const Tensor y = xgrad::grid_sampler(x, grid, 0, 0, false);
      results[threads - 1] = xgrad::autograd::grad({y.sin().sum()}, {x, grid});
      results[threads - 1].push_back(y.detach());
    }
    for (std::size_t i = 0; i < 3; ++i) CHECK(xgrad::equal(results[0][i], results[1][i]));
  }
  xgrad::set_num_threads(before);
}

TEST_CASE("what cannot be sampled is refused") {
  const Tensor x = xgrad::ones({1, 1, 2, 2, 2}), grid = xgrad::zeros({1, 1, 1, 1, 3});
  CHECK_THROWS_AS(xgrad::grid_sampler(x, grid.to(xgrad::kDouble), 0, 0, false), xgrad::TypeError);
  CHECK_THROWS_AS(xgrad::grid_sampler(x.select(2, 0), grid, 0, 0, false), xgrad::Error);
  CHECK_THROWS_AS(xgrad::grid_sampler(x.narrow(2, 0, 0), grid, 0, 0, false), xgrad::Error);
  CHECK(xgrad::grid_sampler(x.narrow(0, 0, 0), grid.narrow(0, 0, 0), 0, 0, false).sizes().vec() ==
        std::vector<int64_t>{0, 1, 1, 1, 1});
}
