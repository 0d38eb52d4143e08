// The copies around the tiles of a convolution, and convolutions of a channel alone, compiled once per
// instruction set. No threads, no inline function of others.
#include <xgrad/core/kernels/conv/conv_table.h>

#include <type_traits>

#include <xgrad/core/kernels/gemm/gemm_pack.h>
#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// `spare`: a whole register may be read and written where the run ends.
template <class T>
XGRAD_SIMD_INLINE void copy_run(T* to, const T* from, int64_t n, bool spare) {
  using V = Vec<T>;
  for (; n >= V::size || (spare && n > 0); n -= V::size, to += V::size, from += V::size)
    V::load(from).store(to);
  if (n > 0) V::load_partial(from, static_cast<int>(n)).store_partial(to, static_cast<int>(n));
}
template <class T>
XGRAD_SIMD_INLINE void clear_run(T* to, int64_t n, bool spare) {
  using V = Vec<T>;
  for (; n >= V::size || (spare && n > 0); n -= V::size, to += V::size) V(T(0)).store(to);
  if (n > 0) V(T(0)).store_partial(to, static_cast<int>(n));
}

// The places i of a phase that lie in the image, and the x of the first.
struct Inside {
  int64_t begin, end, first;
  XGRAD_SIMD_INLINE Inside(const ConvWindow& w, int64_t phase) {
    const int64_t left = w.padding[2] - phase, right = w.in[2] + left;
    begin = left <= 0 ? 0 : (left + w.phases - 1) / w.phases;
    end = right <= 0 ? 0 : (right + w.phases - 1) / w.phases;
    if (begin > w.pitch) begin = w.pitch;
    if (end > w.pitch) end = w.pitch;
    if (end < begin) end = begin;
    first = begin * w.phases - left;
  }
};

// Calls f(row of the window, row of the image), null where that has none.
template <class T, class Image, class F>
XGRAD_SIMD_INLINE void for_rows(const ConvWindow& w, Image* image, T* rows, const F& f) {
  const int64_t pitch = w.phases * w.pitch;
  for (int64_t c = 0; c < w.channels; ++c, image += w.in[0] * w.in[1] * w.in[2])
    for (int64_t z = 0; z < w.size[0]; ++z)
      for (int64_t y = 0; y < w.size[1]; ++y, rows += pitch) {
        const int64_t iz = z - w.padding[0], iy = y - w.padding[1];
        const bool inside = iz >= 0 && iz < w.in[0] && iy >= 0 && iy < w.in[1];
        f(rows, inside ? image + (iz * w.in[1] + iy) * w.in[2] : nullptr);
      }
}

// Calls f(what of it is inside the image) for each phase of a row, whose divisions are done once.
struct Phases {
  static constexpr int64_t kKept = 2;
  const ConvWindow& w;
  const Inside kept[kKept]{Inside(w, 0), Inside(w, 1)};
  template <class F>
  XGRAD_SIMD_INLINE void each(const F& f) const {
    for (int64_t phase = 0; phase < w.phases; ++phase) f(phase < kKept ? kept[phase] : Inside(w, phase));
  }
};

// What a row writes past its end is written once more by the next.
template <class T>
void pad(const ConvWindow& w, const T* image, T* out) {
  const Phases phases{w};
  const T* const image_end = image + w.channels * w.in[0] * w.in[1] * w.in[2] - Vec<T>::size;
  T* const out_end = out + w.channels * w.size[0] * w.size[1] * w.phases * w.pitch - Vec<T>::size;
  for_rows(w, image, out, [&](T* to, const T* from) XGRAD_SIMD_LAMBDA {
    const bool spare = to + w.phases * w.pitch <= out_end;
    if (!from) return clear_run(to, w.phases * w.pitch, spare);
    const bool both = spare && from + w.in[2] <= image_end;
    phases.each([&](const Inside& in) XGRAD_SIMD_LAMBDA {
      clear_run(to, in.begin, spare);
      const T* x = from + in.first;
      const int64_t n = in.end - in.begin;
      if (w.phases == 1) {
        copy_run(to + in.begin, x, n, both);
      } else if (w.phases == 2) {
        for (int64_t i = 0; i < n; ++i) to[in.begin + i] = x[2 * i];
      } else {
        for (int64_t i = 0; i < n; ++i) to[in.begin + i] = x[i * w.phases];
      }
      clear_run(to + in.end, w.pitch - in.end, spare);
      to += w.pitch;
    });
  });
}

// x[0] += even[0], x[1] += odd[0], x[2] += even[1] and so on.
template <class T>
XGRAD_SIMD_INLINE void add_interleaved(T* __restrict x, const T* even, int64_t evens, const T* odd,
                                       int64_t odds) {
  const int64_t pairs = evens < odds ? evens : odds;
  for (int64_t i = 0; i < pairs; ++i) {
    x[2 * i] += even[i];
    x[2 * i + 1] += odd[i];
  }
  for (int64_t i = pairs; i < evens; ++i) x[2 * i] += even[i];
  for (int64_t i = pairs; i < odds; ++i) x[2 * i + 1] += odd[i];
}

template <class T>
void unpad(const ConvWindow& w, const T* in, T* image) {
  const Phases phases{w};
  const int even = phases.kept[0].first == 0 ? 0 : 1;
  const Inside& evens = phases.kept[even];
  const Inside& odds = phases.kept[1 - even];
  const bool alternate = w.phases == 2 && evens.first == 0 && odds.first == 1;
  for_rows(w, image, in, [&](const T* from, T* to) XGRAD_SIMD_LAMBDA {
    if (!to) return;
    if (alternate)
      return add_interleaved(to, from + even * w.pitch + evens.begin, evens.end - evens.begin,
                             from + (1 - even) * w.pitch + odds.begin, odds.end - odds.begin);
    phases.each([&](const Inside& inside) XGRAD_SIMD_LAMBDA {
      T* const x = to + inside.first;
      const T* const y = from + inside.begin;
      const int64_t n = inside.end - inside.begin;
      if (w.phases == 1) {
        for (int64_t i = 0; i < n; ++i) x[i] += y[i];
      } else {
        for (int64_t i = 0; i < n; ++i) x[i * w.phases] += y[i];
      }
      from += w.pitch;
    });
  });
}

template <class T>
void pad_channels_last(const ConvWindow& w, const T* image, bool last, T* out) {
  const int64_t channels = w.channels, row = w.size[2] * channels;
  const Inside in(w, 0);
  for (int64_t z = 0; z < w.size[0]; ++z)
    for (int64_t y = 0; y < w.size[1]; ++y, out += row) {
      const int64_t iz = z - w.padding[0], iy = y - w.padding[1];
      if (iz < 0 || iz >= w.in[0] || iy < 0 || iy >= w.in[1]) {
        clear_run(out, row, false);
        continue;
      }
      const T* from = image + ((iz * w.in[1] + iy) * w.in[2] + in.first) * (last ? channels : 1);
      clear_run(out, in.begin * channels, false);
      if (last || channels == 1) {
        copy_run(out + in.begin * channels, from, (in.end - in.begin) * channels, false);
      } else {
        product::pack_transposed(from, w.in[0] * w.in[1] * w.in[2], channels, in.end - in.begin,
                                 out + in.begin * channels, channels);
      }
      clear_run(out + in.end * channels, row - in.end * channels, false);
    }
}

// Calls whole(from, column), or part(from, column, lanes), for the registers that runs consist of.
template <class T, class Whole, class Part>
XGRAD_SIMD_INLINE void for_registers(const ConvRun* runs, int64_t count, const Whole& whole,
                                     const Part& part) {
  constexpr int64_t size = Vec<T>::size;
  for (int64_t k = 0; k < count; ++k)
    for (int64_t i = 0; i < runs[k].length; i += size) {
      const int64_t lanes = runs[k].length - i, from = runs[k].from + i, column = runs[k].column + i;
      if (lanes >= size)
        whole(from, column);
      else
        part(from, column, static_cast<int>(lanes));
    }
}

// Rows in the inner loop: what a register is read and written with stays the same.
template <class T>
void gather(const T* from, const int64_t* offsets, int64_t rows, const ConvRun* runs, int64_t count, T* out,
            int64_t columns) {
  using V = Vec<T>;
  for_registers<T>(
      runs, count,
      [&](int64_t at, int64_t column) XGRAD_SIMD_LAMBDA {
        for (int64_t r = 0; r < rows; ++r) V::load(from + at + offsets[r]).store(out + column + r * columns);
      },
      [&](int64_t at, int64_t column, int lanes) XGRAD_SIMD_LAMBDA {
        for (int64_t r = 0; r < rows; ++r)
          V::load_partial(from + at + offsets[r], lanes).store_partial(out + column + r * columns, lanes);
      });
}

template <class T>
void scatter(T* to, const int64_t* offsets, int64_t rows, const ConvRun* runs, int64_t count, const T* in,
             int64_t columns) {
  using V = Vec<T>;
  for_registers<T>(
      runs, count,
      [&](int64_t at, int64_t column) XGRAD_SIMD_LAMBDA {
        for (int64_t r = 0; r < rows; ++r) {
          T* const sum = to + at + offsets[r];
          (V::load(sum) + V::load(in + column + r * columns)).store(sum);
        }
      },
      [&](int64_t at, int64_t column, int lanes) XGRAD_SIMD_LAMBDA {
        for (int64_t r = 0; r < rows; ++r) {
          T* const sum = to + at + offsets[r];
          (V::load_partial(sum, lanes) + V::load_partial(in + column + r * columns, lanes))
              .store_partial(sum, lanes);
        }
      });
}

template <class T>
void depthwise(const T* x, const int64_t* offsets, const T* w, int64_t taps, T start, T* out, int64_t n) {
  using V = Vec<T>;
  constexpr int64_t w4 = 4 * V::size;
  int64_t i = 0;
  for (; i + w4 <= n; i += w4) {
    V a(start), b(start), c(start), d(start);
    for (int64_t t = 0; t < taps; ++t) {
      const T* p = x + offsets[t] + i;
      const V k(w[t]);
      a = fma(k, V::load(p), a);
      b = fma(k, V::load(p + V::size), b);
      c = fma(k, V::load(p + 2 * V::size), c);
      d = fma(k, V::load(p + 3 * V::size), d);
    }
    a.store(out + i);
    b.store(out + i + V::size);
    c.store(out + i + 2 * V::size);
    d.store(out + i + 3 * V::size);
  }
  for (; i < n; i += V::size) {
    const int part = n - i < V::size ? static_cast<int>(n - i) : 0;
    V sum(start);
    for (int64_t t = 0; t < taps; ++t) sum = fma(V(w[t]), Row<T>::load(x + offsets[t] + i, part), sum);
    if (part > 0)
      sum.store_partial(out + i, part);
    else
      sum.store(out + i);
  }
}

// P pixels together, which share the weights, and R registers of channels: sums enough that none waits for
// itself.
template <int P, int R, class T>
XGRAD_SIMD_INLINE void depthwise_pixels(const T* x, const int64_t* offsets, int64_t step, const T* w,
                                        const int64_t* weights, int64_t taps, const T* bias, int64_t channels,
                                        T* out) {
  using V = Vec<T>;
  const auto columns = [&](int64_t c, auto registers, int part) XGRAD_SIMD_LAMBDA {
    constexpr int each = decltype(registers)::value;
    V sum[each][P];
    for (int r = 0; r < each; ++r)
      for (int p = 0; p < P; ++p) sum[r][p] = bias ? Row<T>::load(bias + c + r * V::size, part) : V(T(0));
    for (int64_t t = 0; t < taps; ++t)
      for (int r = 0; r < each; ++r) {
        const int64_t at = c + r * V::size;
        const V k = Row<T>::load(w + weights[t] + at, part);
        const T* const from = x + offsets[t] + at;
        for (int p = 0; p < P; ++p) sum[r][p] = fma(k, Row<T>::load(from + p * step, part), sum[r][p]);
      }
    for (int r = 0; r < each; ++r)
      for (int p = 0; p < P; ++p) {
        T* const to = out + p * channels + c + r * V::size;
        if (part > 0)
          sum[r][p].store_partial(to, part);
        else
          sum[r][p].store(to);
      }
  };
  int64_t c = 0;
  for (; c + R * V::size <= channels; c += R * V::size) columns(c, std::integral_constant<int, R>{}, 0);
  for (; c + V::size <= channels; c += V::size) columns(c, std::integral_constant<int, 1>{}, 0);
  if (c < channels) columns(c, std::integral_constant<int, 1>{}, static_cast<int>(channels - c));
}

template <class T>
void depthwise_last(const T* x, const int64_t* offsets, int64_t step, const T* w, const int64_t* weights,
                    int64_t taps, const T* bias, int64_t channels, T* out, int64_t n) {
  int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    depthwise_pixels<8, 1>(x + i * step, offsets, step, w, weights, taps, bias, channels, out + i * channels);
  for (; i + 4 <= n; i += 4)
    depthwise_pixels<4, 2>(x + i * step, offsets, step, w, weights, taps, bias, channels, out + i * channels);
  for (; i < n; ++i)
    depthwise_pixels<1, 4>(x + i * step, offsets, step, w, weights, taps, bias, channels, out + i * channels);
}

template <class T>
void depthwise_spread(T* x, const int64_t* offsets, const T* w, int64_t taps, const T* y, int64_t n) {
  const Row<T> row(n);
  for (int64_t t = 0; t < taps; ++t) {
    T* to = x + offsets[t];
    row.map(to, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return fma(Vec<T>(w[t]), Row<T>::load(y + i, part), Row<T>::load(to + i, part));
    });
  }
}

template <class T>
void depthwise_weight(const T* x, const int64_t* offsets, T* w, int64_t taps, const T* y, int64_t n) {
  const Row<T> row(n);
  for (int64_t t = 0; t < taps; ++t) {
    const T* from = x + offsets[t];
    w[t] += row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(y + i, part) * Row<T>::load(from + i, part);
    });
  }
}

template <class T>
constexpr ConvLoops<T> loops() {
  return {&pad<T>,
          &pad_channels_last<T>,
          &unpad<T>,
          &gather<T>,
          &scatter<T>,
          &depthwise<T>,
          &depthwise_last<T>,
          &depthwise_spread<T>,
          &depthwise_weight<T>};
}

}  // namespace

extern const ConvLoops<float> conv_float = loops<float>();
extern const ConvLoops<double> conv_double = loops<double>();

}  // namespace xgrad::kernels::XGRAD_ISA
