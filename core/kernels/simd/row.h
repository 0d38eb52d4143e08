// One row of memory in registers: its largest element, sums of terms over it, maps. Sums are cut into short
// parts, so that the error does not grow with the row. For kernels that are compiled once per instruction
// set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// The lanes `by` further on, round the end.
template <int by, class T, std::size_t... I>
XGRAD_SIMD_INLINE Vec<T> turned(Vec<T> v, std::index_sequence<I...>) {
  using Register = typename Batch<T>::register_type;
  const auto lanes = static_cast<Register>(v.v);
  return Vec<T>(
      Batch<T>(__builtin_shufflevector(lanes, lanes, static_cast<int>((I + by) % sizeof...(I))...)));
}

// All lanes as one by f: halves first, as long as there are two.
template <int half, class T, class F>
XGRAD_SIMD_INLINE T fold_lanes(Vec<T> v, const F& f) {
  if constexpr (half == 0)
    return static_cast<typename Batch<T>::register_type>(v.v)[0];
  else
    return fold_lanes<half / 2>(f(v, turned<half>(v, std::make_index_sequence<Vec<T>::size>{})), f);
}

template <class T>
XGRAD_SIMD_INLINE T sum_lanes(Vec<T> v) {
  return fold_lanes<Vec<T>::size / 2>(v, [](Vec<T> a, Vec<T> b) XGRAD_SIMD_LAMBDA { return a + b; });
}
template <class T>
XGRAD_SIMD_INLINE T max_lanes(Vec<T> v) {
  return fold_lanes<Vec<T>::size / 2>(v, [](Vec<T> a, Vec<T> b) XGRAD_SIMD_LAMBDA { return maximum(a, b); });
}

// Brings a line of the next row nearer while this one is computed; beyond the end of an array it does
// nothing.
XGRAD_SIMD_INLINE void prefetch(const void* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p, 0, 2);
#else
  (void)p;
#endif
}

XGRAD_SIMD_INLINE void prefetch_to_write(void* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p, 1, 2);
#else
  (void)p;
#endif
}

// Runs over a row in registers: full(i) for whole ones, then tail(i, count, mask) for what is left.
template <class T>
struct Row {
  using V = Vec<T>;
  static constexpr int64_t kPart = 64;  // terms of a part of a sum, per lane
  static constexpr bool kOnesAndZeros[32] = {true, true, true, true, true, true, true, true,
                                             true, true, true, true, true, true, true, true};
  int64_t n, whole;
  int rest;
  Mask<T> tail;

  explicit XGRAD_SIMD_INLINE Row(int64_t length)
      : n(length),
        whole(length / V::size * V::size),
        rest(static_cast<int>(length - whole)),
        tail(Mask<T>::load(kOnesAndZeros + 16 - rest)) {}

  XGRAD_SIMD_INLINE T max(const T* x) const {
    V best(-HUGE_VAL), second = best;
    int64_t i = 0;
    for (; i + 2 * V::size <= whole; i += 2 * V::size) {
      best = maximum(best, V::load(x + i));
      second = maximum(second, V::load(x + i + V::size));
    }
    if (i < whole) best = maximum(best, V::load(x + i));
    if (rest > 0) second = maximum(second, where(tail, V::load_partial(x + whole, rest), V(-HUGE_VAL)));
    return max_lanes(maximum(best, second));
  }

  // Sums of `N` terms each: `terms(i, count, t)` sets t from a register read at i, or from `count` elements
  // where that is not 0. `ways` registers of each are summed side by side, which do not wait for each other.
  template <int ways, int N, class F>
  XGRAD_SIMD_INLINE void sums(T (&result)[N], const F& terms) const {
    V total[N], t[N];
    for (V& sum : total) sum = T(0);
    for (int64_t i = 0; i < whole;) {
      V part[ways][N];
      for (auto& way : part)
        for (V& sum : way) sum = T(0);
      const int64_t end = whole - i < kPart * V::size ? whole : i + kPart * V::size;
      for (; i + ways * V::size <= end; i += ways * V::size)
        for (int way = 0; way < ways; ++way) {
          terms(i + way * V::size, 0, t);
          for (int k = 0; k < N; ++k) part[way][k] += t[k];
        }
      for (; i < end; i += V::size) {
        terms(i, 0, t);
        for (int k = 0; k < N; ++k) part[0][k] += t[k];
      }
      for (int way = 1; way < ways; ++way)
        for (int k = 0; k < N; ++k) part[0][k] += part[way][k];
      for (int k = 0; k < N; ++k) total[k] += part[0][k];
    }
    if (rest > 0) {
      terms(whole, rest, t);
      for (int k = 0; k < N; ++k) total[k] += where(tail, t[k], V(T(0)));
    }
    for (int k = 0; k < N; ++k) result[k] = sum_lanes(total[k]);
  }

  // The sum of term(i, count), which is also stored in y if there is one.
  template <class F>
  XGRAD_SIMD_INLINE T sum(T* y, const F& term) const {
    T result[1];
    sums<4>(result, [&](int64_t i, int count, V(&t)[1]) XGRAD_SIMD_LAMBDA {
      t[0] = term(i, count);
      if (y) store(t[0], y + i, count);
    });
    return result[0];
  }

  template <class F>
  XGRAD_SIMD_INLINE void each(const F& f) const {
    for (int64_t i = 0; i < whole; i += V::size) f(i, 0);
    if (rest > 0) f(whole, rest);
  }
  template <class F>
  XGRAD_SIMD_INLINE void map(T* y, const F& f) const {
    each([&](int64_t i, int count) XGRAD_SIMD_LAMBDA { store(f(i, count), y + i, count); });
  }

  static XGRAD_SIMD_INLINE void store(V v, T* p, int count) {
    count == 0 ? v.store(p) : v.store_partial(p, count);
  }
  static XGRAD_SIMD_INLINE V load(const T* p, int count) {
    return count == 0 ? V::load(p) : V::load_partial(p, count);
  }
};

}  // namespace
}  // namespace xgrad::kernels::XGRAD_ISA
