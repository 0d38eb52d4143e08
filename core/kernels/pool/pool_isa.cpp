// The loops over windows, compiled once per instruction set. The channels of a pixel that lie side by side,
// and windows of a row that are alike, are read tap by tap, many at a time, in loops that the compiler turns
// into registers; the others one by one. No threads, no inline function of others.
#include <xgrad/core/kernels/pool/pool_table.h>

#include <utility>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

constexpr int64_t kTogether = 64;  // windows that are read at a time
constexpr int64_t kRun = 4;        // and so many at least, as a rule

template <int64_t N>
struct Constant {
  static constexpr int64_t value = N;
};

template <class T>
struct Place {  // as wide as T, so that both go through registers of the same length
  using type = int64_t;
};
template <>
struct Place<float> {
  using type = int32_t;
};

template <class T>
constexpr T lowest() {
  if constexpr (sizeof(T) == 8 && T(0.5) == T(0))
    return T(INT64_MIN);
  else
    return T(-HUGE_VAL);
}

// Calls f(z, y, offset of the row) for the rows of a window.
template <class F>
XGRAD_SIMD_INLINE void for_rows(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy, const F& f) {
  for (int64_t z = wz.begin; z < wz.end; z += wz.step)
    for (int64_t y = wy.begin; y < wy.end; y += wy.step) f((z * s.in[1] + y) * s.in[2]);
}

// Calls f(window z, window y, first output) for the rows of outputs.
template <class F>
XGRAD_SIMD_INLINE void for_outputs(const PoolShape& s, const F& f) {
  for (int64_t z = 0; z < s.out[0]; ++z)
    for (int64_t y = 0; y < s.out[1]; ++y) f(s.windows[0][z], s.windows[1][y], (z * s.out[1] + y) * s.out[2]);
}

// Calls one(x) for the windows of a row that differ, and many(x, n, stride) for runs of those that do not,
// with a constant for the usual strides (up to `constants`), 0 for others. Fewer than `least` are no run.
// With `again`, the last run of several has some of the one before, so that it is as long.
template <int constants, bool again, class One, class Many>
XGRAD_SIMD_INLINE void for_windows(const PoolShape& s, int64_t least, const One& one, const Many& many) {
  const int64_t last = s.last - s.first >= least ? s.last : s.first;
  for (int64_t x = 0; x < s.first; ++x) one(x);
  for (int64_t begin = s.first; begin < last; begin += kTogether) {
    const bool whole = last - begin >= kTogether, back = again && !whole && begin > s.first;
    const int64_t x = back ? last - kTogether : begin, n = whole || back ? kTogether : last - begin;
    if (s.stride == 1)
      many(x, n, Constant<1>{});
    else if (s.stride == 2)
      many(x, n, Constant<2>{});
    else if (constants > 2 && s.stride == 3)
      many(x, n, Constant<(constants > 2 ? 3 : 0)>{});
    else if (constants > 2 && s.stride == 4)
      many(x, n, Constant<(constants > 2 ? 4 : 0)>{});
    else
      many(x, n, Constant<0>{});
  }
  for (int64_t x = last; x < s.out[2]; ++x) one(x);
}

// What is taken of a window: the largest element, with its place or without, or the average.
enum class Takes { places, largest, average };

template <Takes how, class T>
constexpr T initial() {
  return how == Takes::average ? T(0) : lowest<T>();
}

template <class T>
XGRAD_SIMD_INLINE T divisor_of(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy,
                               const PoolWindow& wx) {
  return static_cast<T>(s.divisor != 0 ? s.divisor : wz.count * wy.count * wx.count);
}

template <class T>
void average_window(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy, const PoolWindow& wx,
                    const T* x, T* value) {
  T sum[4] = {};  // none of which waits for the others
  for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
    int64_t i = wx.begin;
    for (; wx.step == 1 && i + 4 <= wx.end; i += 4)
      for (int k = 0; k < 4; ++k) sum[k] += x[row + i + k];
    for (; i < wx.end; i += wx.step) sum[0] += x[row + i];
  });
  *value = (sum[0] + sum[1] + sum[2] + sum[3]) / divisor_of<T>(s, wz, wy, wx);
}

template <class T>
void max_window(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy, const PoolWindow& wx,
                const T* x, T* value, int64_t* place) {
  T best = lowest<T>();
  int64_t where = (wz.begin * s.in[1] + wy.begin) * s.in[2] + wx.begin;
  for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
    for (int64_t i = wx.begin; i < wx.end; i += wx.step) {
      const T v = x[row + i];
      if (v > best || v != v) {
        best = v;
        where = row + i;
      }
    }
  });
  *value = best;
  if (place) *place = where;
}

#if defined(__GNUC__)
#define XGRAD_POOL_REGISTERS

// 0, 1, 2, ...
template <class T>
struct Ramp {
  T values[Vec<T>::size];
  constexpr Ramp() : values{} {
    for (int i = 0; i < Vec<T>::size; ++i) values[i] = static_cast<T>(i);
  }
};

template <class T, std::size_t... I>
XGRAD_SIMD_INLINE Vec<T> even_lanes(Vec<T> low, Vec<T> high, std::index_sequence<I...>) {
  using Register = typename Batch<T>::register_type;
  return Vec<T>(Batch<T>(__builtin_shufflevector(static_cast<Register>(low.v), static_cast<Register>(high.v),
                                                 static_cast<int>(2 * I)...)));
}

// The even lanes of the first half, the odd ones of the second.
template <class T, std::size_t... I>
XGRAD_SIMD_INLINE Vec<T> spread_lanes(Vec<T> low, Vec<T> high, std::index_sequence<I...>) {
  using Register = typename Batch<T>::register_type;
  constexpr std::size_t size = sizeof...(I);
  return Vec<T>(Batch<T>(__builtin_shufflevector(static_cast<Register>(low.v), static_cast<Register>(high.v),
                                                 static_cast<int>(2 * I < size ? 2 * I : 2 * I + 1)...)));
}

// p[0], p[step], ...
template <class T, std::size_t... I>
XGRAD_SIMD_INLINE Vec<T> lanes_apart(const T* p, int64_t step, std::index_sequence<I...>) {
  return Vec<T>(Batch<T>(typename Batch<T>::register_type{p[int64_t{I} * step]...}));
}

// p[0], p[step], ... of n windows, which may be all that is there. `stride` is the step, or 0 for any.
template <int stride, class T>
XGRAD_SIMD_INLINE Vec<T> taps(const T* p, int n, int64_t step) {
  constexpr int size = Vec<T>::size;
  if constexpr (stride == 0 || stride > 2) {
    if (n == size) return lanes_apart(p, step, std::make_index_sequence<size>{});
    T few[size] = {};
    for (int i = 0; i < n; ++i) few[i] = p[i * step];
    return Vec<T>::load(few);
  }
  const auto first = [p](int count) XGRAD_SIMD_LAMBDA {
    return count < size ? Vec<T>::load_partial(p, count) : Vec<T>::load(p);
  };
  if constexpr (stride == 1) return first(n);
  if (n == size) {  // the second register ends with the last tap
    return spread_lanes(Vec<T>::load(p), Vec<T>::load(p + size - 1), std::make_index_sequence<size>{});
  }
  const int all = 2 * n - 1;
  const Vec<T> high = all > size ? Vec<T>::load_partial(p + size, all - size) : Vec<T>(T(0));
  return even_lanes(first(all), high, std::make_index_sequence<size>{});
}

// R registers of windows, or up to one, the first of which is wx. Places are counted in T, which must hold
// them.
template <int apart, int next, int R, Takes how, class T>
XGRAD_SIMD_INLINE void pool_windows(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy,
                                    const PoolWindow& wx, int64_t shift, const T* x, int n, T* value,
                                    int64_t* place) {
  constexpr bool placed = how == Takes::places;
  constexpr int size = Vec<T>::size;
  static constexpr Ramp<T> kRamp;
  const int64_t step = apart != 0 ? apart : s.stride, along = apart != 0 ? next : s.stride;
  const auto ramp = Vec<T>::load(kRamp.values) * static_cast<T>(along) + static_cast<T>(shift * along);
  Vec<T> best[R], where_best[R];
  for (int r = 0; r < R; ++r) {
    best[r] = initial<how, T>();
    where_best[r] =
        ramp + static_cast<T>((wz.begin * s.in[1] + wy.begin) * s.in[2] + wx.begin + r * size * along);
  }
  for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
    for (int64_t i = wx.begin; i < wx.end; i += wx.step) {
      const T* const from = x + (row + i) * s.width + shift * step;
      for (int r = 0; r < R; ++r) {
        const Vec<T> v = taps<apart>(from + r * size * step, R > 1 ? size : n, step);
        if constexpr (!placed) {
          if constexpr (how == Takes::average)
            best[r] = best[r] + v;
          else
            best[r] = maximum(v, best[r]);  // of equal ones the second argument
          continue;
        }
        const Mask<T> takes = (v > best[r]) | isnan(v);
        best[r] = where(takes, v, best[r]);
        where_best[r] = where(takes, ramp + static_cast<T>(row + i + r * size * along), where_best[r]);
      }
    }
  });
  for (int r = 0; r < R; ++r) {
    if constexpr (how == Takes::average) best[r] = best[r] / Vec<T>(divisor_of<T>(s, wz, wy, wx));
    if constexpr (!placed) {
      if (n == R * size)
        best[r].store(value + r * size);
      else
        best[r].store_partial(value, n);
      continue;
    }
    T places[size];
    where_best[r].store(places);
    // By way of 32 bits, for which there are instructions.
    const auto place_at = [&](int j) XGRAD_SIMD_LAMBDA { return int64_t{static_cast<int32_t>(places[j])}; };
    if (n == R * size) {
      best[r].store(value + r * size);
      for (int j = 0; j < size; ++j) place[r * size + j] = place_at(j);
    } else {
      best[r].store_partial(value, n);
      for (int j = 0; j < n; ++j) place[j] = place_at(j);
    }
  }
}

#endif

// Up to kTogether windows, the first of which is wx: the elements of each lie `apart` behind those of the one
// before, and its pixels `next`. apart = 0: both are the stride.
template <int apart, int next, Takes how, class T>
XGRAD_SIMD_INLINE void pool_together(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy,
                                     const PoolWindow& wx, const T* x, int64_t n, T* value, int64_t* place) {
  constexpr bool placed = how == Takes::places, sums = how == Takes::average;
  using P = typename Place<T>::type;
#ifdef XGRAD_POOL_REGISTERS
  if constexpr (T(0.5) != T(0) && (!placed || apart != 0)) {
    constexpr int size = Vec<T>::size;
    if (!placed || s.in[0] * s.in[1] * s.in[2] < int64_t{1} << 24) {
      int64_t j = 0;
      const auto some = [&](auto registers) XGRAD_SIMD_LAMBDA {
        constexpr int many = static_cast<int>(registers.value);
        for (; j + many * size <= n; j += many * size)
          pool_windows<apart, next, many, how>(s, wz, wy, wx, j, x, many * size, value + j, place + j);
      };
      if constexpr (apart != 1 && apart != 2) {
        if constexpr (!placed) some(Constant<2>{});
      } else if constexpr (next == 0 || !placed) {
        if constexpr (!placed) some(Constant<8>{});
        some(Constant<4>{});
      }
      for (; j < n; j += size) {
        if (n - j < size && n > size) j = n - size;
        pool_windows<apart, next, 1, how>(s, wz, wy, wx, j, x, n - j < size ? static_cast<int>(n - j) : size,
                                          value + j, place + j);
      }
      return;
    }
  }
#endif
  const int64_t step = apart != 0 ? apart : s.stride;
  const P along = static_cast<P>(apart != 0 ? next : s.stride);
  T best[kTogether];
  P where[kTogether];
  const auto start = static_cast<P>((wz.begin * s.in[1] + wy.begin) * s.in[2] + wx.begin);
  for (int64_t j = 0; j < n; ++j) {
    best[j] = initial<how, T>();
    where[j] = static_cast<P>(start + static_cast<P>(j) * along);
  }
  for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
    for (int64_t i = wx.begin; i < wx.end; i += wx.step) {
      const T* const from = x + (row + i) * s.width;
      const P first = static_cast<P>(row + i);
      for (int64_t j = 0; j < n; ++j) {
        const T v = from[j * step];
        const bool takes = (v > best[j]) | (v != v);
        best[j] = sums ? best[j] + v : takes ? v : best[j];
        if (placed) where[j] = takes ? static_cast<P>(first + static_cast<P>(j) * along) : where[j];
      }
    }
  });
  for (int64_t j = 0; j < n; ++j) {
    value[j] = sums ? best[j] / divisor_of<T>(s, wz, wy, wx) : best[j];
    if (placed) place[j] = where[j];
  }
}

template <Takes how, class T>
void pool(const PoolShape& s, const T* x, T* y, int64_t* places) {
  constexpr bool placed = how == Takes::places;
  for_outputs(s, [&](const PoolWindow& wz, const PoolWindow& wy, int64_t out) XGRAD_SIMD_LAMBDA {
    if (s.width > 1) {
      for (int64_t at = 0; at < s.out[2]; ++at)
        for (int64_t c = 0; c < s.width; c += kTogether) {
          const int64_t to = (out + at) * s.width + c, n = s.width - c < kTogether ? s.width - c : kTogether;
          pool_together<1, 0, how>(s, wz, wy, s.windows[2][at], x + c, n, y + to,
                                   placed ? places + to : nullptr);
        }
      return;
    }
    const auto one = [&](int64_t at) XGRAD_SIMD_LAMBDA {
      const PoolWindow& wx = s.windows[2][at];
      if constexpr (how == Takes::average)
        average_window(s, wz, wy, wx, x, y + out + at);
      else
        max_window(s, wz, wy, wx, x, y + out + at, placed ? places + out + at : nullptr);
    };
    const auto many = [&](int64_t at, int64_t n, auto stride) XGRAD_SIMD_LAMBDA {
      pool_together<stride.value, stride.value, how>(s, wz, wy, s.windows[2][at], x, n, y + out + at,
                                                     placed ? places + out + at : nullptr);
    };
    const int64_t least = how == Takes::average && s.stride > 2 ? Vec<T>::size : kRun;
    // Registers whose lanes are put together one by one are no faster with places, and averages of such
    // strides not worth their size.
    for_windows<how == Takes::largest ? 4 : 2, true>(s, least, one, many);
  });
}

// The transpose of the average.
template <class T>
void spread(const PoolShape& s, const T* y, T* x) {
  const int64_t width = s.width;
  for (int64_t i = 0; i < s.in_pixels() * width; ++i) x[i] = T(0);
  for_outputs(s, [&](const PoolWindow& wz, const PoolWindow& wy, int64_t out) XGRAD_SIMD_LAMBDA {
    const auto one = [&](int64_t at) XGRAD_SIMD_LAMBDA {
      const PoolWindow& wx = s.windows[2][at];
      const T divisor = divisor_of<T>(s, wz, wy, wx);
      const T* const from = y + (out + at) * width;
      for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
        for (int64_t i = wx.begin; i < wx.end; i += wx.step)
          for (int64_t c = 0; c < width; ++c) x[(row + i) * width + c] += from[c] / divisor;
      });
    };
    const auto many = [&](int64_t at, int64_t n, auto stride) XGRAD_SIMD_LAMBDA {
      const PoolWindow& wx = s.windows[2][at];
      const T divisor = divisor_of<T>(s, wz, wy, wx);
      const int64_t step = stride.value != 0 ? stride.value : s.stride;
      T part[kTogether];
      for (int64_t j = 0; j < n; ++j) part[j] = y[out + at + j] / divisor;
      for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
        for (int64_t i = wx.begin; i < wx.end; i += wx.step)
          for (int64_t j = 0; j < n; ++j) x[row + i + j * step] += part[j];
      });
    };
    if (width > 1)
      for (int64_t at = 0; at < s.out[2]; ++at) one(at);
    else
      for_windows<2, false>(s, kRun, one, many);
  });
}

template <class T>
constexpr PoolLoops<T> loops() {
  if constexpr (T(0.5) != T(0))
    return {&pool<Takes::places, T>, &pool<Takes::largest, T>, &pool<Takes::average, T>, &spread<T>};
  return {&pool<Takes::places, T>, nullptr, nullptr, nullptr};
}

}  // namespace

extern const PoolLoops<float> pool_float = loops<float>();
extern const PoolLoops<double> pool_double = loops<double>();
extern const PoolLoops<int64_t> pool_long = loops<int64_t>();

}  // namespace xgrad::kernels::XGRAD_ISA
