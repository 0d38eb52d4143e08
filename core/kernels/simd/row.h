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

  // The sum of term(load), which is also stored in y if there is one. `load(i, count)` reads a register, or
  // `count` elements where that is not 0.
  template <class F>
  XGRAD_SIMD_INLINE T sum(T* y, const F& term) const {
    V total(T(0));
    for (int64_t i = 0; i < whole;) {
      V part(T(0));
      const int64_t end = whole - i < kPart * V::size ? whole : i + kPart * V::size;
      for (; i < end; i += V::size) {
        const V t = term(i, 0);
        if (y) t.store(y + i);
        part += t;
      }
      total += part;
    }
    if (rest > 0) {
      const V t = term(whole, rest);
      if (y) t.store_partial(y + whole, rest);
      total += where(tail, t, V(T(0)));
    }
    return sum_lanes(total);
  }

  template <class F>
  XGRAD_SIMD_INLINE void map(T* y, const F& f) const {
    for (int64_t i = 0; i < whole; i += V::size) f(i, 0).store(y + i);
    if (rest > 0) f(whole, rest).store_partial(y + whole, rest);
  }

  static XGRAD_SIMD_INLINE V load(const T* p, int count) {
    return count == 0 ? V::load(p) : V::load_partial(p, count);
  }
};

}  // namespace
}  // namespace xgrad::kernels::XGRAD_ISA
