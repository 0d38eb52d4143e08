// The loops over rows, compiled once per instruction set: each point is a sum of few rows, whose places and
// weights are computed for many points at a time. No threads, no inline function of others.
#include <xgrad/core/kernels/sample/sample_table.h>

#include <xgrad/core/kernels/sample/sample_simd.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// y = the sum of weight(t) row(t) over `taps` rows of R registers.
template <class B, int R, class T, class Row, class Weight>
XGRAD_SIMD_INLINE void sum_rows(int64_t taps, const Row& row, const Weight& weight, T* y) {
  B sum[R];
  for (int r = 0; r < R; ++r) sum[r] = B(T(0));
  for (int64_t t = 0; t < taps; ++t) {
    const T* const from = row(t);
    const B w(weight(t));
    for (int r = 0; r < R; ++r) sum[r] = fma(w, B::load(from + r * B::size), sum[r]);
  }
  for (int r = 0; r < R; ++r) sum[r].store(y + r * B::size);
}

template <int R, class T>
XGRAD_SIMD_INLINE int64_t sum_columns(const Bags& b, int64_t i, int64_t column, const T* x, const T* weight,
                                      T* y) {
  constexpr int64_t size = R * Vec<T>::size;
  const int64_t *const place = b.place + b.begin[i], taps = b.begin[i + 1] - b.begin[i];
  for (; column + size <= b.width; column += size) {
    const auto row = [&](int64_t t) XGRAD_SIMD_LAMBDA { return x + place[t] * b.width + column; };
    if (weight)
      sum_rows<Vec<T>, R>(
          taps, row, [w = weight + b.begin[i]](int64_t t) XGRAD_SIMD_LAMBDA { return w[t]; },
          y + i * b.width + column);
    else
      sum_rows<Vec<T>, R>(
          taps, row, [](int64_t) XGRAD_SIMD_LAMBDA { return T(1); }, y + i * b.width + column);
  }
  return column;
}

template <class T>
void bags(const Bags& b, const T* x, const T* weight, T* y) {
  for (int64_t i = 0; i < b.sums; ++i) {
    int64_t column = sum_columns<8>(b, i, 0, x, weight, y);
    column = sum_columns<4>(b, i, column, x, weight, y);
    column = sum_columns<1>(b, i, column, x, weight, y);
    if (column == b.width) continue;
    const int rest = static_cast<int>(b.width - column);
    Vec<T> sum(T(0));
    for (int64_t t = b.begin[i]; t < b.begin[i + 1]; ++t)
      sum = fma(Vec<T>(weight ? weight[t] : T(1)),
                Vec<T>::load_partial(x + b.place[t] * b.width + column, rest), sum);
    sum.store_partial(y + i * b.width + column, rest);
  }
}

template <int R>
XGRAD_SIMD_INLINE int64_t sum_byte_columns(const Bags& b, int64_t i, int64_t column, const uint8_t* x,
                                           const int16_t* weight, int precision, uint8_t* y) {
  constexpr int64_t size = R * ByteSums::size;
  for (; column + size <= b.width; column += size) {
    ByteSums sums[R];
    for (int r = 0; r < R; ++r) sums[r].start(precision);
    for (int64_t t = b.begin[i], last = b.begin[i + 1] - 1; t <= last; t += 2) {
      const uint8_t* const row = x + b.place[t] * b.width + column;
      const uint8_t* const next = t < last ? x + b.place[t + 1] * b.width + column : row;
      const int16_t next_weight = t < last ? weight[t + 1] : int16_t(0);
      for (int r = 0; r < R; ++r)
        sums[r].add(row + r * ByteSums::size, weight[t], next + r * ByteSums::size, next_weight);
    }
    for (int r = 0; r < R; ++r) sums[r].store(precision, y + i * b.width + column + r * ByteSums::size);
  }
  return column;
}

void byte_bags(const Bags& b, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y) {
  for (int64_t i = 0; i < b.sums; ++i) {
    int64_t column = sum_byte_columns<4>(b, i, 0, x, weight, precision, y);
    column = sum_byte_columns<1>(b, i, column, x, weight, precision, y);
    if (column < b.width && column > 0)  // some once more
      column = sum_byte_columns<1>(b, i, b.width - ByteSums::size, x, weight, precision, y);
    for (; column < b.width; ++column) {
      int32_t sum = 1 << (precision - 1);
      for (int64_t t = b.begin[i]; t < b.begin[i + 1]; ++t)
        sum += weight[t] * x[b.place[t] * b.width + column];
      sum >>= precision;
      y[i * b.width + column] = static_cast<uint8_t>(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
  }
}

#if defined(XGRAD_PIXEL_SUMS)
template <int known_pairs>
XGRAD_SIMD_INLINE void sum_pixels(const PixelBags& b, const uint8_t* x, int precision, uint8_t* y) {
  const int64_t n = b.sums, width = b.width, pairs = known_pairs ? known_pairs : b.pairs;
  const int32_t *const from = b.from, *weight = b.weight;
  PixelSums sums(static_cast<int>(width));
  for (int64_t i = 0; i < n; i += 4, y += 4 * width) {
    sums.start(precision);
    for (int64_t t = 0; t < pairs; ++t)
      for (int k = 0; k < 4; ++k) sums.add(k, x + from[i + k] + t * 2 * width, weight[(i + k) * pairs + t]);
    if ((n - i) * width >= 16) {
      sums.store(precision, y);  // what is too much is written over
      continue;
    }
    uint8_t bytes[16];
    sums.store(precision, bytes);
    for (int64_t j = 0; j < (n - i) * width && j < 4 * width; ++j) y[j] = bytes[j];
  }
}

void pixel_bags(const PixelBags& b, const uint8_t* x, int precision, uint8_t* y) {
  b.pairs == 1 ? sum_pixels<1>(b, x, precision, y) : sum_pixels<0>(b, x, precision, y);
}
#else
constexpr void (*pixel_bags)(const PixelBags&, const uint8_t*, int, uint8_t*) = nullptr;
#endif

// What a register of points reads along one dimension: pixels, whether they are there, what they count, and
// how that changes with the coordinate. What is not there is pixel 0.
template <class T, int mode>
struct Along {
  static constexpr int taps = mode == 0 ? 2 : mode == 1 ? 1 : 4;
  using V = Vec<T>;
  V at[taps], part[taps], slope[taps];
  Mask<T> inside[taps];

  XGRAD_SIMD_INLINE void find(const Sampling& s, V coordinate, int64_t n) {
    const T size = static_cast<T>(n);
    V step(s.align ? (size - 1) / 2 : size / 2), still(T(0));
    V place = s.align ? (coordinate + 1) * step : ((coordinate + 1) * V(size) - 1) * T(0.5);
    const auto put = [&](int k, V pixel, V counts, V change) XGRAD_SIMD_LAMBDA {
      inside[k] = (pixel >= 0) & (pixel <= size - 1);
      at[k] = keep(inside[k], pixel);
      part[k] = counts;
      slope[k] = change;
    };
    if (mode != 2) move_inside(s, size, place, step);
    if constexpr (mode == 1) {
      put(0, round(place), V(T(1)), still);
      return;
    }
    const V first = floor(place), t = place - first;
    if constexpr (mode == 0) {
      put(0, first, 1 - t, -step);
      put(1, first + 1, t, step);
    }
    if constexpr (mode == 2) {
      // Cubic convolution with a = -0.75 (Keys, 1981), each pixel moved inside by itself.
      constexpr T a = T(-0.75);
      const auto near = [&](V u) XGRAD_SIMD_LAMBDA { return ((a + 2) * u - (a + 3)) * u * u + 1; };
      const auto far = [&](V u) XGRAD_SIMD_LAMBDA { return ((a * u - 5 * a) * u + 8 * a) * u - 4 * a; };
      const auto near_slope = [&](V u) XGRAD_SIMD_LAMBDA { return (3 * (a + 2) * u - 2 * (a + 3)) * u; };
      const auto far_slope = [&](V u) XGRAD_SIMD_LAMBDA { return (3 * a * u - 10 * a) * u + 8 * a; };
      const auto moved = [&](int k) XGRAD_SIMD_LAMBDA {
        V pixel = first + T(k - 1), none(T(0));
        move_inside(s, size, pixel, none);
        return s.padding == 2 ? round(pixel) : pixel;
      };
      put(0, moved(0), far(t + 1), step * far_slope(t + 1));
      put(1, moved(1), near(t), step * near_slope(t));
      put(2, moved(2), near(1 - t), -step * near_slope(1 - t));
      put(3, moved(3), far(2 - t), -step * far_slope(2 - t));
    }
  }

  // At the border, and beyond, nothing changes with the coordinate. What is no number comes to 0.
  static XGRAD_SIMD_INLINE void move_inside(const Sampling& s, T size, V& at, V& slope) {
    if (s.padding == 0) return;
    if (const T low = s.align ? T(0) : T(-0.5), span = s.align ? size - 1 : size; s.padding == 2) {
      const V from = at - low, away = abs(from), both(span > 0 ? 2 * span : T(1));
      const V extra = away - trunc(away / both) * both;
      slope = where((from < 0) ^ (extra > span), -slope, slope);
      at = where(extra > span, both - extra, extra) + low;
    }
    const V last(size - 1);
    const Mask<T> between = (at > 0) & (at < last);
    slope = keep(between, slope);
    at = where(between, at, keep(at >= last, last));
  }

  // Whether all are there, one after the other: a step from one to the next is never longer than 1.
  XGRAD_SIMD_INLINE bool adjacent() const {
    return all(inside[0] & inside[taps - 1] & (at[taps - 1] - at[0] == T(taps - 1)));
  }
};

// Where it matters less than the length of the code.
template <class T, int mode>
XGRAD_SIMD_NOINLINE void find_apart(Along<T, mode>& to, const Sampling& s, Vec<T> coordinate, int64_t n) {
  to.find(s, coordinate, n);
}

// What a register of points reads: the products of what it reads along each dimension.
template <class T, int mode, int dimensions>
class Points {
 public:
  static constexpr int dims = dimensions, taps = Along<T, mode>::taps;
  using V = Vec<T>;

  XGRAD_SIMD_INLINE Points(const Sampling& s, const T* grid, int n) : s_(s) {
    V x, y, z(T(0));
    if (dims == 2 && n == V::size) {
      split(V::load(grid), V::load(grid + V::size), x, y);
    } else {
      T lanes[3][V::size] = {};
      for (int p = 0; p < n; ++p)
        for (int d = 0; d < dims; ++d) lanes[d][p] = grid[p * dims + d];
      x = V::load(lanes[0]);
      y = V::load(lanes[1]);
      z = V::load(lanes[2]);
    }
    if constexpr (dims == 2 && mode != 2) {
      x_.find(s, x, s.in[2]);
      y_.find(s, y, s.in[1]);
    } else {
      find_apart(x_, s, x, s.in[2]);
      find_apart(y_, s, y, s.in[1]);
      if constexpr (dims == 3) find_apart(z_, s, z, s.in[0]);
    }
  }

  // f(place, inside, weight, its slopes along x, y, z) of each pixel.
  template <class F>
  XGRAD_SIMD_INLINE void for_pixels(const F& f) const {
    for_rows([&](const Places<T>& row, Mask<T> inside, int y, int z) XGRAD_SIMD_LAMBDA {
      const V deep = dims == 3 ? z_.part[z] : V(T(1)), part = deep * y_.part[y];
      for (int x = 0; x < taps; ++x) {
        V slopes[dims] = {part * x_.slope[x], deep * x_.part[x] * y_.slope[y]};
        if constexpr (dims == 3) slopes[2] = y_.part[y] * x_.part[x] * z_.slope[z];
        f(row + places(x_.at[x]), inside & x_.inside[x], part * x_.part[x], slopes);
      }
    });
  }

  // The sums over a plane.
  template <bool adjacent>
  XGRAD_SIMD_INLINE V sum(const T* plane) const {
    V total(T(0));
    for_rows([&](const Places<T>& row, Mask<T> inside, int y, int z) XGRAD_SIMD_LAMBDA {
      const V part = dims == 3 ? z_.part[z] * y_.part[y] : y_.part[y];
      if constexpr (adjacent)
        for (int x = 0; x < taps; x += 2) {
          V first, second;
          gather_pairs<T>(plane, row + places(x_.at[x]), first, second);
          total = fma(part * x_.part[x], keep(inside, first), total);
          total = fma(part * x_.part[x + 1], keep(inside, second), total);
        }
      else
        for (int x = 0; x < taps; ++x)
          total =
              fma(part * x_.part[x], gather<T>(plane, row + places(x_.at[x]), inside & x_.inside[x]), total);
    });
    return total;
  }
  XGRAD_SIMD_INLINE bool adjacent() const { return mode != 1 && x_.adjacent(); }

 private:
  template <class F>
  XGRAD_SIMD_INLINE void for_rows(const F& f) const {
    using Number = typename Places<T>::value_type;
    const Places<T> height(static_cast<Number>(s_.in[1])), width(static_cast<Number>(s_.in[2]));
    if constexpr (dims == 3) {
#if defined(__GNUC__)
#pragma GCC unroll 1
#endif
      for (int z = 0; z < taps; ++z)
        for (int y = 0; y < taps; ++y)
          f((places(z_.at[z]) * height + places(y_.at[y])) * width, z_.inside[z] & y_.inside[y], y, z);
    } else {
      for (int y = 0; y < taps; ++y) f(places(y_.at[y]) * width, y_.inside[y], y, 0);
    }
  }

  const Sampling& s_;
  Along<T, mode> x_, y_, z_;
};

// f(points, first, how many) for n points, a register at a time.
template <class T, class F>
XGRAD_SIMD_INLINE void for_points(const Sampling& sampling, const T* grid, int64_t n, const F& f) {
  const Sampling s = sampling;  // which no store changes, as far as the compiler knows
  const auto of = [&](auto mode, auto dims) XGRAD_SIMD_LAMBDA {
    constexpr int64_t size = Vec<T>::size;
    for (int64_t p = 0; p < n; p += size) {
      const int count = static_cast<int>(n - p < size ? n - p : size);
      f(Points<T, mode.value, dims.value>(s, grid + p * s.dims, count), p, count);
    }
  };
  const auto with = [&](auto mode) XGRAD_SIMD_LAMBDA {
    s.dims == 2 ? of(mode, std::integral_constant<int, 2>{}) : of(mode, std::integral_constant<int, 3>{});
  };
  s.mode == 0   ? with(std::integral_constant<int, 0>{})
  : s.mode == 1 ? with(std::integral_constant<int, 1>{})
                : with(std::integral_constant<int, 2>{});
}

template <class T>
void planes(const Sampling& s, int64_t channels, const T* x, const T* grid, int64_t n, T* y) {
  const int64_t pixels = s.pixels(), apart = s.points;
  for_points(s, grid, n, [&](const auto& points, int64_t p, int count) XGRAD_SIMD_LAMBDA {
    const auto sums = [&](auto adjacent) XGRAD_SIMD_LAMBDA {
      for (int64_t c = 0; c < channels; ++c) {
        const Vec<T> sum = points.template sum<adjacent.value>(x + c * pixels);
        T* const to = y + c * apart + p;
        count == Vec<T>::size ? sum.store(to) : sum.store_partial(to, count);
      }
    };
    points.adjacent() ? sums(std::bool_constant<(std::remove_cvref_t<decltype(points)>::taps > 1)>{})
                      : sums(std::false_type{});
  });
}

template <class T>
void planes_backward(const Sampling& s, int64_t channels, const T* g, const T* x, const T* grid, int64_t n,
                     T* dx, T* dgrid) {
  using V = Vec<T>;
  for_points(s, grid, n, [&](const auto& points, int64_t p, int count) XGRAD_SIMD_LAMBDA {
    const auto gradient = [&](int64_t c) XGRAD_SIMD_LAMBDA {
      const T* const from = g + c * s.points + p;
      return count == V::size ? V::load(from) : V::load_partial(from, count);
    };
    V change[3] = {V(T(0)), V(T(0)), V(T(0))};
    points.for_pixels(
        [&](const Places<T>& at, Mask<T> inside, V weight, const auto& slopes) XGRAD_SIMD_LAMBDA {
          if (dgrid) {
            V product(T(0));
            for (int64_t c = 0; c < channels; ++c)
              product = fma(gradient(c), gather<T>(x + c * s.pixels(), at, inside), product);
            for (int d = 0; d < std::remove_cvref_t<decltype(points)>::dims; ++d)
              change[d] = fma(product, slopes[d], change[d]);
          }
          if (dx) {
            // What is not there is pixel 0, to which 0 is added.
            int32_t place[V::size];
            T part[V::size];
            store_places<T>(at, place);
            for (int64_t c = 0; c < channels; ++c) {
              keep(inside, weight * gradient(c)).store(part);
              for (int i = 0; i < count; ++i) dx[c * s.pixels() + place[i]] += part[i];
            }
          }
        });
    for (int d = 0; d < s.dims && dgrid; ++d) {
      T lanes[V::size];
      change[d].store(lanes);
      for (int i = 0; i < count; ++i) dgrid[(p + i) * s.dims + d] += lanes[i];
    }
  });
}

// Rows of pixels for up to kSampled points, their weights, and how these change with each coordinate.
template <class T>
struct Taps {
  int count;
  int32_t place[kMaxTaps][kSampled];
  T weight[kMaxTaps][kSampled], slope[3][kMaxTaps][kSampled];

  void find(const Sampling& s, const T* grid, int n) {
    using V = Vec<T>;
    for_points(s, grid, n, [&](const auto& points, int64_t p, int) XGRAD_SIMD_LAMBDA {
      int tap = 0;
      points.for_pixels([&](const Places<T>& at, Mask<T> inside, V counts, const auto& slopes)
                            XGRAD_SIMD_LAMBDA {
                              bool there[V::size];
                              inside.store(there);
                              store_places<T>(at, place[tap] + p);
                              for (int i = 0; i < V::size; ++i)
                                if (!there[i]) place[tap][p + i] = static_cast<int32_t>(s.pixels());
                              counts.store(weight[tap] + p);
                              for (int d = 0; d < std::remove_cvref_t<decltype(points)>::dims; ++d)
                                slopes[d].store(slope[d][tap] + p);
                              ++tap;
                            });
      count = tap;
    });
  }
};

// Rows y: sums for n points by these weights.
template <class T>
void sum_points(const Taps<T>& taps, const T (*weight)[kSampled], const T* x, int n, T* y) {
  const auto sums = [&](int64_t count) XGRAD_SIMD_LAMBDA {
    for (int p = 0; p < n; ++p)
      sum_rows<Vec<T>, kSampledWidth / Vec<T>::size>(
          count, [&](int64_t t) XGRAD_SIMD_LAMBDA { return x + int64_t{taps.place[t][p]} * kSampledWidth; },
          [&](int64_t t) XGRAD_SIMD_LAMBDA { return weight[t][p]; }, y + p * kSampledWidth);
  };
  taps.count == 4 ? sums(4) : sums(taps.count);  // the usual number as one that the compiler knows
}

template <class T>
void forward(const Sampling& s, const T* x, const T* grid, int n, T* y) {
  Taps<T> taps;
  taps.find(s, grid, n);
  sum_points(taps, taps.weight, x, n, y);
}

template <class T>
void spread_points(const Taps<T>& taps, const T* g, T* dx, int n) {
  constexpr int R = kSampledWidth / Vec<T>::size;
  for (int p = 0; p < n; ++p) {
    Vec<T> from[R];
    for (int r = 0; r < R; ++r) from[r] = Vec<T>::load(g + p * kSampledWidth + r * Vec<T>::size);
    for (int t = 0; t < taps.count; ++t) {
      T* const to = dx + int64_t{taps.place[t][p]} * kSampledWidth;
      const Vec<T> w(taps.weight[t][p]);
      for (int r = 0; r < R; ++r)
        fma(w, from[r], Vec<T>::load(to + r * Vec<T>::size)).store(to + r * Vec<T>::size);
    }
  }
}

// The sums again, of what the weights change by: their products with g are the gradient.
template <class T>
void turn_points(const Taps<T>& taps, const T* g, const T* x, int n, int dims, T* dgrid) {
  T change[kSampled * kSampledWidth];
  for (int d = 0; d < dims; ++d) {
    sum_points(taps, taps.slope[d], x, n, change);
    for (int p = 0; p < n; ++p) {
      Vec<T> product(T(0));
      for (int i = p * kSampledWidth; i < (p + 1) * kSampledWidth; i += Vec<T>::size)
        product = fma(Vec<T>::load(g + i), Vec<T>::load(change + i), product);
      dgrid[p * dims + d] += xsimd::hadd(product.v);
    }
  }
}

template <class T>
void backward(const Sampling& s, const T* g, const T* x, const T* grid, int n, T* dx, T* dgrid) {
  Taps<T> taps;
  taps.find(s, grid, n);
  if (dgrid) turn_points(taps, g, x, n, s.dims, dgrid);
  if (dx) spread_points(taps, g, dx, n);
}

template <class T>
constexpr SampleLoops<T> loops() {
  return {&bags<T>, &byte_bags, pixel_bags, &planes<T>, &planes_backward<T>, &forward<T>, &backward<T>};
}

}  // namespace

extern const SampleLoops<float> sample_float = loops<float>();
extern const SampleLoops<double> sample_double = loops<double>();

}  // namespace xgrad::kernels::XGRAD_ISA
