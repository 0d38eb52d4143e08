// The loops over rows, compiled once per instruction set: each point is a sum of few rows, whose places and
// weights are computed for many points at a time. No threads, no inline function of others.
#include <xgrad/core/kernels/sample/sample_table.h>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// Four lanes, for images of few channels.
template <class T>
struct Quad {
  static constexpr int size = 4;
  T v[4];

  Quad() = default;
  XGRAD_SIMD_INLINE explicit Quad(T value) : v{value, value, value, value} {}
  static XGRAD_SIMD_INLINE Quad load(const T* p) {
    Quad q;
    for (int i = 0; i < 4; ++i) q.v[i] = p[i];
    return q;
  }
  XGRAD_SIMD_INLINE void store(T* p) const {
    for (int i = 0; i < 4; ++i) p[i] = v[i];
  }
  friend XGRAD_SIMD_INLINE Quad fma(const Quad& a, const Quad& b, const Quad& c) {
    Quad q;
    for (int i = 0; i < 4; ++i) q.v[i] = a.v[i] * b.v[i] + c.v[i];
    return q;
  }
  friend XGRAD_SIMD_INLINE T total(const Quad& a) { return (a.v[0] + a.v[2]) + (a.v[1] + a.v[3]); }
};

template <class T>
XGRAD_SIMD_INLINE T total(Vec<T> a) {
  return xsimd::hadd(a.v);
}

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

// Two rows at a time, in loops of which the compiler makes registers.
void byte_bags(const Bags& b, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y) {
  constexpr int64_t most = 64;
  for (int64_t i = 0; i < b.sums; ++i)
    for (int64_t column = 0; column < b.width; column += most) {
      const int n = static_cast<int>(b.width - column < most ? b.width - column : most);
      int32_t sum[most];
      for (int j = 0; j < n; ++j) sum[j] = 1 << (precision - 1);
      for (int64_t t = b.begin[i], last = b.begin[i + 1] - 1; t <= last; t += 2) {
        const int32_t w = weight[t], next_w = t < last ? weight[t + 1] : 0;
        const uint8_t* const row = x + b.place[t] * b.width + column;
        const uint8_t* const next = t < last ? x + b.place[t + 1] * b.width + column : row;
        for (int j = 0; j < n; ++j) sum[j] += w * row[j] + next_w * next[j];
      }
      uint8_t* const to = y + i * b.width + column;
      for (int j = 0; j < n; ++j) {
        const int32_t v = sum[j] >> precision;
        to[j] = static_cast<uint8_t>(v < 0 ? 0 : v > 255 ? 255 : v);
      }
    }
}

// What kSampled points read along one dimension: up to four pixels each, -1 where there is none; what they
// count, and how that changes with the coordinate.
template <class T>
struct Along {
  int32_t at[4][kSampled];
  T part[4][kSampled], slope[4][kSampled];
};

XGRAD_SIMD_INLINE int taps_along(const Sampling& s) { return s.mode == 0 ? 2 : s.mode == 1 ? 1 : 4; }

template <class T>
class Dimension {
 public:
  XGRAD_SIMD_INLINE Dimension(const Sampling& s, int64_t size) : s_(s), size_(static_cast<T>(size)) {}

  XGRAD_SIMD_INLINE void taps(const T* coordinate, Along<T>& to) const {
    using V = Vec<T>;
    T whole[4][kSampled];
    for (int p = 0; p < kSampled; p += V::size) {
      const V x = V::load(coordinate + p);
      V slope(s_.align ? (size_ - 1) / 2 : size_ / 2), still(T(0));
      V at = s_.align ? (x + 1) * slope : ((x + 1) * V(size_) - 1) * T(0.5);
      const auto put = [&](int k, V pixel, V part, V change) XGRAD_SIMD_LAMBDA {
        where((pixel >= 0) & (pixel <= size_ - 1), pixel, V(T(-1))).store(whole[k] + p);
        part.store(to.part[k] + p);
        change.store(to.slope[k] + p);
      };
      if (s_.mode != 2) move_inside(at, slope);
      if (s_.mode == 1) {
        put(0, round(at), V(T(1)), still);
        continue;
      }
      const V first = floor(at), t = at - first;
      if (s_.mode == 0) {
        put(0, first, 1 - t, -slope);
        put(1, first + 1, t, slope);
        continue;
      }
      // Cubic convolution with a = -0.75 (Keys, 1981), each pixel moved inside by itself.
      constexpr T a = T(-0.75);
      const auto near = [&](V u) XGRAD_SIMD_LAMBDA { return ((a + 2) * u - (a + 3)) * u * u + 1; };
      const auto far = [&](V u) XGRAD_SIMD_LAMBDA { return ((a * u - 5 * a) * u + 8 * a) * u - 4 * a; };
      const auto near_slope = [&](V u) XGRAD_SIMD_LAMBDA { return (3 * (a + 2) * u - 2 * (a + 3)) * u; };
      const auto far_slope = [&](V u) XGRAD_SIMD_LAMBDA { return (3 * a * u - 10 * a) * u + 8 * a; };
      const auto moved = [&](int k) XGRAD_SIMD_LAMBDA {
        V pixel = first + T(k - 1), none(T(0));
        move_inside(pixel, none);
        return s_.padding == 2 ? round(pixel) : pixel;
      };
      put(0, moved(0), far(t + 1), slope * far_slope(t + 1));
      put(1, moved(1), near(t), slope * near_slope(t));
      put(2, moved(2), near(1 - t), -slope * near_slope(1 - t));
      put(3, moved(3), far(2 - t), -slope * far_slope(2 - t));
    }
    for (int k = 0; k < taps_along(s_); ++k)
      for (int p = 0; p < kSampled; ++p) to.at[k][p] = static_cast<int32_t>(whole[k][p]);
  }

 private:
  // At the border, and beyond, nothing changes with the coordinate. What is no number comes to 0.
  XGRAD_SIMD_INLINE void move_inside(Vec<T>& at, Vec<T>& slope) const {
    using V = Vec<T>;
    if (s_.padding == 0) return;
    if (const T low = s_.align ? T(0) : T(-0.5), span = s_.align ? size_ - 1 : size_; s_.padding == 2) {
      const V from = at - low, away = abs(from), both(span > 0 ? 2 * span : T(1));
      const V extra = away - trunc(away / both) * both;
      slope = where((from < 0) ^ (extra > span), -slope, slope);
      at = where(extra > span, both - extra, extra) + low;
    }
    const V last(size_ - 1);
    const Mask<T> inside = (at > 0) & (at < last);
    slope = keep(inside, slope);
    at = where(inside, at, keep(at >= last, last));
  }

  const Sampling& s_;
  T size_;
};

// Rows of pixels for kSampled points, their weights, and how these change with each coordinate.
template <class T>
struct Taps {
  int count;
  int32_t none;  // the place of what lies outside: the number of pixels
  int32_t place[kMaxTaps][kSampled];
  T weight[kMaxTaps][kSampled], slope[3 * kMaxTaps][kSampled];

  void find(const Sampling& s, const T* grid, int n, bool slopes) {
    Along<T> along[3];
    T coordinate[kSampled] = {};
    for (int d = 0; d < s.dims; ++d) {  // x, y, z
      if (s.dims == 2)                  // a step that the compiler knows, of which it makes registers
        for (int p = 0; p < n; ++p) coordinate[p] = grid[p * 2 + d];
      else
        for (int p = 0; p < n; ++p) coordinate[p] = grid[p * 3 + d];
      Dimension<T>(s, s.in[2 - d]).taps(coordinate, along[d]);
    }
    for (int p = 0; p < kSampled && s.dims == 2; ++p) {
      along[2].at[0][p] = 0;
      along[2].part[0][p] = 1;
    }
    const int each = taps_along(s), deep = s.dims == 3 ? each : 1;
    const auto height = static_cast<int32_t>(s.in[1]), width = static_cast<int32_t>(s.in[2]);
    none = static_cast<int32_t>(s.in[0]) * height * width;
    count = deep * each * each;
    int tap = 0;
    for (int z = 0; z < deep; ++z)
      for (int y = 0; y < each; ++y) {
        int32_t row[kSampled];  // -1: outside
        T part[kSampled];
        const int32_t *const az = along[2].at[z], *const ay = along[1].at[y];
        const T *const pz = along[2].part[z], *const py = along[1].part[y];
        for (int p = 0; p < kSampled; ++p) {
          row[p] = (az[p] | ay[p]) < 0 ? -1 : (az[p] * height + ay[p]) * width;
          part[p] = pz[p] * py[p];
        }
        for (int x = 0; x < each; ++x, ++tap) {
          const int32_t* const ax = along[0].at[x];
          const T* const px = along[0].part[x];
          for (int p = 0; p < kSampled; ++p) {
            place[tap][p] = (row[p] | ax[p]) < 0 ? none : row[p] + ax[p];
            weight[tap][p] = part[p] * px[p];
          }
          if (!slopes) continue;
          const T *const sx = along[0].slope[x], *const sy = along[1].slope[y], *const sz = along[2].slope[z];
          T *const to_x = slope[tap], *const to_y = slope[count + tap];
          for (int p = 0; p < kSampled; ++p) {
            to_x[p] = part[p] * sx[p];
            to_y[p] = pz[p] * px[p] * sy[p];
          }
          for (int p = 0; p < kSampled && s.dims == 3; ++p) slope[2 * count + tap][p] = px[p] * py[p] * sz[p];
        }
      }
  }
};

// Rows y: sums for n points by these weights.
template <class B, int width, class T>
void sum_points(const Taps<T>& taps, const T (*weight)[kSampled], const ImageRows<T>& x, int n, T* y) {
  const auto sums = [&](int64_t count) XGRAD_SIMD_LAMBDA {
    for (int p = 0; p < n; ++p)
      sum_rows<B, width / B::size>(
          count, [&](int64_t t) XGRAD_SIMD_LAMBDA { return x.data + int64_t{taps.place[t][p]} * width; },
          [&](int64_t t) XGRAD_SIMD_LAMBDA { return weight[t][p]; }, y + p * width);
  };
  taps.count == 4 ? sums(4) : sums(taps.count);  // the usual number as one that the compiler knows
}

// The same over planes, for few channels or few points: what lies outside is not read, and is 0.
template <class T>
void sum_planes(const Taps<T>& taps, const T (*weight)[kSampled], const ImageRows<T>& x, T* y) {
  for (int i = 0; i < x.channels * kSampled; ++i) y[i] = 0;
  for (int t = 0; t < taps.count; ++t) {
    const int32_t* const place = taps.place[t];
    int32_t index[kSampled];
    for (int p = 0; p < kSampled; ++p) index[p] = place[p] == taps.none ? 0 : place[p];
    for (int c = 0; c < x.channels; ++c) {
      const T* const plane = x.data + c * int64_t{taps.none};
      T value[kSampled];  // apart, or the compiler makes no registers of it
      for (int p = 0; p < kSampled; ++p) {
        value[p] = plane[index[p]];
#if defined(__GNUC__)
        asm volatile("");  // of these it should make none
#endif
      }
      for (int p = 0; p < kSampled; ++p)
        y[c * kSampled + p] += weight[t][p] * (place[p] == taps.none ? T(0) : value[p]);
    }
  }
}

template <class T>
void forward(const Sampling& s, const ImageRows<T>& x, const T* grid, int n, T* y) {
  Taps<T> taps;
  taps.find(s, grid, n, false);
  if (x.width == 0) return sum_planes(taps, taps.weight, x, y);
  (x.width == 4 ? sum_points<Quad<T>, 4, T> : sum_points<Vec<T>, 16, T>)(taps, taps.weight, x, n, y);
}

template <class B, int width, class T>
void spread_points(const Taps<T>& taps, const T* g, const ImageRows<T>& dx, int n) {
  constexpr int R = width / B::size;
  for (int p = 0; p < n; ++p) {
    B from[R];
    for (int r = 0; r < R; ++r) from[r] = B::load(g + p * width + r * B::size);
    for (int t = 0; t < taps.count; ++t) {
      T* const to = dx.data + int64_t{taps.place[t][p]} * width;
      const B w(taps.weight[t][p]);
      for (int r = 0; r < R; ++r) fma(w, from[r], B::load(to + r * B::size)).store(to + r * B::size);
    }
  }
}

// The sums again, of what the weights change by: their products with g are the gradient.
template <class B, int width, class T>
void turn_points(const Taps<T>& taps, const T* g, const ImageRows<T>& x, int n, int dims, T* dgrid) {
  T change[kSampled * width];
  for (int d = 0; d < dims; ++d) {
    sum_points<B, width>(taps, taps.slope + d * taps.count, x, n, change);
    for (int p = 0; p < n; ++p) {
      B product(T(0));
      for (int i = p * width; i < (p + 1) * width; i += B::size)
        product = fma(B::load(g + i), B::load(change + i), product);
      dgrid[p * dims + d] += total(product);
    }
  }
}

template <class T>
void spread_planes(const Taps<T>& taps, const T* g, const ImageRows<T>& dx, int n) {
  for (int c = 0; c < dx.channels; ++c)
    for (int t = 0; t < taps.count; ++t)
      for (int p = 0; p < n; ++p)
        if (taps.place[t][p] != taps.none)
          dx.data[c * int64_t{taps.none} + taps.place[t][p]] += taps.weight[t][p] * g[c * kSampled + p];
}

template <class T>
void turn_planes(const Taps<T>& taps, const T* g, const ImageRows<T>& x, int n, int dims, T* dgrid) {
  T change[16 * kSampled];
  for (int d = 0; d < dims; ++d) {
    sum_planes(taps, taps.slope + d * taps.count, x, change);
    for (int c = 0; c < x.channels; ++c)
      for (int p = 0; p < n; ++p) dgrid[p * dims + d] += g[c * kSampled + p] * change[c * kSampled + p];
  }
}

template <class T>
void backward(const Sampling& s, const T* g, const ImageRows<T>* x, const T* grid, int n,
              const ImageRows<T>* dx, T* dgrid) {
  Taps<T> taps;
  taps.find(s, grid, n, dgrid != nullptr);
  if (dgrid)
    (x->width == 0   ? turn_planes<T>
     : x->width == 4 ? turn_points<Quad<T>, 4, T>
                     : turn_points<Vec<T>, 16, T>)(taps, g, *x, n, s.dims, dgrid);
  if (dx)
    (dx->width == 0   ? spread_planes<T>
     : dx->width == 4 ? spread_points<Quad<T>, 4, T>
                      : spread_points<Vec<T>, 16, T>)(taps, g, *dx, n);
}

template <class T>
constexpr SampleLoops<T> loops() {
  return {&bags<T>, &byte_bags, &forward<T>, &backward<T>};
}

}  // namespace

extern const SampleLoops<float> sample_float = loops<float>();
extern const SampleLoops<double> sample_double = loops<double>();

}  // namespace xgrad::kernels::XGRAD_ISA
