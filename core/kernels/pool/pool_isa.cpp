// The loops over windows, compiled once per instruction set. Windows of a row that are alike are read tap by
// tap, many at a time, in loops that the compiler turns into registers; the others one by one. No threads, no
// inline function of others.
#include <xgrad/core/kernels/pool/pool_table.h>

#include <utility>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

constexpr int64_t kTogether = 64;  // windows that are read at a time

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
// with a constant for the usual strides.
template <class One, class Many>
XGRAD_SIMD_INLINE void for_windows(const PoolShape& s, const One& one, const Many& many) {
  for (int64_t x = 0; x < s.first; ++x) one(x);
  for (int64_t x = s.first; x < s.last; x += kTogether) {
    const int64_t n = s.last - x < kTogether ? s.last - x : kTogether;
    if (s.stride == 1)
      many(x, n, Constant<1>{});
    else if (s.stride == 2)
      many(x, n, Constant<2>{});
    else
      many(x, n, Constant<0>{});
  }
  for (int64_t x = s.last; x < s.out[2]; ++x) one(x);
}

template <class T>
void max_window(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy, int64_t at, const T* x,
                T* value, int64_t* place) {
  const PoolWindow& wx = s.windows[2][at];
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
  *place = where;
}

#if defined(__GNUC__)
#define XGRAD_POOL_REGISTERS

// 0, stride, 2 stride, ...
template <class T, int stride>
struct Ramp {
  T values[Vec<T>::size];
  constexpr Ramp() : values{} {
    for (int i = 0; i < Vec<T>::size; ++i) values[i] = static_cast<T>(i * stride);
  }
};

template <class T, std::size_t... I>
XGRAD_SIMD_INLINE Vec<T> even_lanes(Vec<T> low, Vec<T> high, std::index_sequence<I...>) {
  using Register = typename Batch<T>::register_type;
  return Vec<T>(Batch<T>(__builtin_shufflevector(static_cast<Register>(low.v), static_cast<Register>(high.v),
                                                 static_cast<int>(2 * I)...)));
}

// p[0], p[stride], ... of n windows, which may be all that is there.
template <int stride, class T>
XGRAD_SIMD_INLINE Vec<T> taps(const T* p, int n) {
  constexpr int size = Vec<T>::size;
  const auto first = [p](int count) XGRAD_SIMD_LAMBDA {
    return count < size ? Vec<T>::load_partial(p, count) : Vec<T>::load(p);
  };
  if constexpr (stride == 1) return first(n);
  const int all = 2 * n - 1;
  const Vec<T> high = all > size ? Vec<T>::load_partial(p + size, all - size) : Vec<T>(T(0));
  return even_lanes(first(all), high, std::make_index_sequence<size>{});
}

// Up to a register of windows that are alike, `shift` elements on from those at wx. Places are counted in T,
// which must hold them.
template <int stride, class T>
XGRAD_SIMD_INLINE void max_windows(const PoolShape& s, const PoolWindow& wz, const PoolWindow& wy,
                                   const PoolWindow& wx, int64_t shift, const T* x, int n, T* value,
                                   int64_t* place) {
  static constexpr Ramp<T, stride> kRamp;
  const auto ramp = Vec<T>::load(kRamp.values);
  Vec<T> best = lowest<T>();
  Vec<T> where_best = ramp + static_cast<T>((wz.begin * s.in[1] + wy.begin) * s.in[2] + wx.begin + shift);
  for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
    for (int64_t i = wx.begin; i < wx.end; i += wx.step) {
      const int64_t at = row + i + shift;
      const Vec<T> v = taps<stride>(x + at, n);
      const Mask<T> takes = (v > best) | isnan(v);
      best = where(takes, v, best);
      where_best = where(takes, ramp + static_cast<T>(at), where_best);
    }
  });
  best.store_partial(value, n);
  T places[Vec<T>::size];
  where_best.store(places);
  for (int j = 0; j < n; ++j) place[j] = static_cast<int64_t>(places[j]);
}

#endif

template <class T>
void max(const PoolShape& s, const T* x, T* y, int64_t* places) {
  using P = typename Place<T>::type;
  for_outputs(s, [&](const PoolWindow& wz, const PoolWindow& wy, int64_t out) XGRAD_SIMD_LAMBDA {
    const auto one = [&](int64_t at)
                         XGRAD_SIMD_LAMBDA { max_window(s, wz, wy, at, x, y + out + at, places + out + at); };
    const auto many = [&](int64_t at, int64_t n, auto constant) XGRAD_SIMD_LAMBDA {
      const int64_t stride = constant.value != 0 ? constant.value : s.stride;
      const PoolWindow& wx = s.windows[2][at];
#ifdef XGRAD_POOL_REGISTERS
      if constexpr (constant.value != 0 && T(0.5) != T(0)) {
        constexpr int size = Vec<T>::size;
        if (s.in[0] * s.in[1] * s.in[2] < int64_t{1} << 24) {
          for (int64_t j = 0; j < n; j += size)
            max_windows<constant.value>(s, wz, wy, wx, j * stride, x,
                                        n - j < size ? static_cast<int>(n - j) : size, y + out + at + j,
                                        places + out + at + j);
          return;
        }
      }
#endif
      T best[kTogether];
      P where[kTogether];
      const auto start = static_cast<P>((wz.begin * s.in[1] + wy.begin) * s.in[2] + wx.begin);
      for (int64_t j = 0; j < n; ++j) {
        best[j] = lowest<T>();
        where[j] = static_cast<P>(start + static_cast<P>(j * stride));
      }
      for_rows(s, wz, wy, [&](int64_t row) XGRAD_SIMD_LAMBDA {
        for (int64_t i = wx.begin; i < wx.end; i += wx.step) {
          const T* const from = x + row + i;
          const P first = static_cast<P>(row + i);
          for (int64_t j = 0; j < n; ++j) {
            const T v = from[j * stride];
            const bool takes = (v > best[j]) | (v != v);
            best[j] = takes ? v : best[j];
            where[j] = takes ? static_cast<P>(first + static_cast<P>(j * stride)) : where[j];
          }
        }
      });
      for (int64_t j = 0; j < n; ++j) {
        y[out + at + j] = best[j];
        places[out + at + j] = where[j];
      }
    };
    for_windows(s, one, many);
  });
}

template <class T>
constexpr PoolLoops<T> loops() {
  return {&max<T>};
}

}  // namespace

extern const PoolLoops<float> pool_float = loops<float>();
extern const PoolLoops<double> pool_double = loops<double>();
extern const PoolLoops<int64_t> pool_long = loops<int64_t>();

}  // namespace xgrad::kernels::XGRAD_ISA
