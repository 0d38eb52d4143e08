// Convolutions in plain loops, for integers, whose sums wrap around, and for windows that hardly touch the
// image. Included by conv.cpp alone.
#pragma once

#include <algorithm>
#include <type_traits>

#include <xgrad/core/kernels/conv/conv.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {

/// Calls f(place in y, place in x, place in w) for all products of image and group `unit`.
template <class F>
void for_products(const ConvShape& s, int64_t unit, const F& f) {
  const int64_t pixels = s.out_pixels(), taps = s.taps();
  const int64_t y0 = unit * s.out_channels, x0 = unit * s.in_channels, w0 = unit % s.groups * s.out_channels;
  const auto place = [&](int64_t q, int64_t t, int64_t& x) {
    const int64_t out[3] = {q / (s.out[1] * s.out[2]), q / s.out[2] % s.out[1], q % s.out[2]};
    const int64_t tap[3] = {t / (s.kernel[1] * s.kernel[2]), t / s.kernel[2] % s.kernel[1], t % s.kernel[2]};
    x = 0;
    for (int d = 0; d < 3; ++d) {
      const int64_t at = out[d] * s.stride[d] - s.padding[d] + tap[d] * s.dilation[d];
      if (at < 0 || at >= s.in[d]) return false;
      x = x * s.in[d] + at;
    }
    return true;
  };
  for (int64_t q = 0; q < pixels; ++q)
    for (int64_t t = 0; t < taps; ++t) {
      int64_t x;
      if (!place(q, t, x)) continue;
      for (int64_t o = 0; o < s.out_channels; ++o)
        for (int64_t c = 0; c < s.in_channels; ++c)
          f((y0 + o) * pixels + q, (x0 + c) * s.in_pixels() + x, ((w0 + o) * s.in_channels + c) * taps + t);
    }
}

template <class T>
void add_product(T& sum, T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using Wide = std::make_unsigned_t<std::common_type_t<T, int>>;
    sum = static_cast<T>(static_cast<Wide>(sum) + static_cast<Wide>(a) * static_cast<Wide>(b));
  } else {
    sum += a * b;
  }
}

template <class T>
void plain_conv(const ConvShape& s, const T* x, const T* w, const T* bias, T* y) {
  parallel_for(0, s.batch * s.groups, 1, [&](int64_t begin, int64_t end) {
    for (int64_t u = begin; u < end; ++u) {
      for (int64_t o = 0; o < s.out_channels; ++o) {
        T* const row = y + (u * s.out_channels + o) * s.out_pixels();
        std::fill(row, row + s.out_pixels(), bias ? bias[u % s.groups * s.out_channels + o] : T(0));
      }
      for_products(s, u, [&](int64_t yi, int64_t xi, int64_t wi) { add_product(y[yi], x[xi], w[wi]); });
    }
  });
}

template <class T>
void plain_conv_transposed(const ConvShape& s, const T* y, const T* w, const T* bias, T* x) {
  parallel_for(0, s.batch * s.groups, 1, [&](int64_t begin, int64_t end) {
    for (int64_t u = begin; u < end; ++u) {
      for (int64_t c = 0; c < s.in_channels; ++c) {
        T* const row = x + (u * s.in_channels + c) * s.in_pixels();
        std::fill(row, row + s.in_pixels(), bias ? bias[u % s.groups * s.in_channels + c] : T(0));
      }
      for_products(s, u, [&](int64_t yi, int64_t xi, int64_t wi) { add_product(x[xi], y[yi], w[wi]); });
    }
  });
}

template <class T>
void plain_conv_weight(const ConvShape& s, const T* x, const T* y, T* w) {
  const int64_t size = s.out_channels * s.in_channels * s.taps();
  parallel_for(0, s.groups, 1, [&](int64_t begin, int64_t end) {
    std::fill(w + begin * size, w + end * size, T(0));
    for (int64_t g = begin; g < end; ++g)
      for (int64_t n = 0; n < s.batch; ++n)
        for_products(s, n * s.groups + g,
                     [&](int64_t yi, int64_t xi, int64_t wi) { add_product(w[wi], y[yi], x[xi]); });
  });
}

}  // namespace xgrad::kernels
