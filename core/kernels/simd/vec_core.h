// Vec<T> and Mask<T> for float and double: loads, stores, arithmetic, comparisons, rounding, bits.
// Functions of two or more arguments are hidden friends, so that a plain number may stand for a Vec:
// `maximum(x, 0)`, `1 - y`. Anything with a polynomial belongs into the vec_*.h file of its family.
#pragma once

#include <concepts>
#include <type_traits>

#include "vec_arch.h"

namespace xgrad::kernels::XGRAD_ISA {

template <class T>
struct Vec;
template <class T>
struct Mask;

/// One truth value per lane of a Vec<T>.
template <std::floating_point T>
struct Mask<T> {
  static constexpr int size = static_cast<int>(BatchBool<T>::size);
  BatchBool<T> m;

  Mask() = default;
  XGRAD_SIMD_INLINE explicit Mask(BatchBool<T> mask) : m(mask) {}
  XGRAD_SIMD_INLINE Mask(bool value) : m(value) {}

  static XGRAD_SIMD_INLINE Mask load(const bool* p) { return Mask(raw::load_mask<T>(p)); }
  static XGRAD_SIMD_INLINE Mask load_partial(const bool* p, int n) {
    bool lanes[size] = {};
    for (int i = 0; i < n && i < size; ++i) lanes[i] = p[i];
    return load(lanes);
  }
  XGRAD_SIMD_INLINE void store(bool* p) const { raw::store_mask<T>(m, p); }
  XGRAD_SIMD_INLINE void store_partial(bool* p, int n) const {
    bool lanes[size];
    store(lanes);
    for (int i = 0; i < n && i < size; ++i) p[i] = lanes[i];
  }

  friend XGRAD_SIMD_INLINE Mask operator&(Mask a, Mask b) { return Mask(a.m & b.m); }
  friend XGRAD_SIMD_INLINE Mask operator|(Mask a, Mask b) { return Mask(a.m | b.m); }
  friend XGRAD_SIMD_INLINE Mask operator^(Mask a, Mask b) { return Mask(raw::differ<T>(a.m, b.m)); }
  friend XGRAD_SIMD_INLINE Mask operator!(Mask a) { return a ^ Mask(true); }
  friend XGRAD_SIMD_INLINE bool any(Mask a) { return xsimd::any(a.m); }
  friend XGRAD_SIMD_INLINE bool all(Mask a) { return xsimd::all(a.m); }
  /// Lane by lane `mask ? a : b`; both sides are computed, and a NaN in the other side does no harm.
  friend XGRAD_SIMD_INLINE Vec<T> where(Mask mask, Vec<T> a, Vec<T> b) {
    return Vec<T>(xsimd::select(mask.m, a.v, b.v));
  }
  /// where(mask, a, 0), cheaper.
  friend XGRAD_SIMD_INLINE Vec<T> keep(Mask mask, Vec<T> a) { return Vec<T>(raw::keep<T>(mask.m, a.v)); }
  /// where(mask, 0, a), cheaper.
  friend XGRAD_SIMD_INLINE Vec<T> drop(Mask mask, Vec<T> a) { return Vec<T>(raw::drop<T>(mask.m, a.v)); }
};

/// A register full of float or double. An arithmetic constant of any type becomes a Vec of T, so no formula
/// lifts float to double.
template <std::floating_point T>
struct Vec<T> {
  using value_type = T;
  using mask_type = Mask<T>;
  static constexpr int size = static_cast<int>(Batch<T>::size);
#if defined(XGRAD_SIMD_SSE2)
  static constexpr bool own_rounding = true;  // xsimd loses the sign of zero, and is slow for double
#else
  static constexpr bool own_rounding = false;
#endif
  Batch<T> v;

  Vec() = default;
  XGRAD_SIMD_INLINE explicit Vec(Batch<T> batch) : v(batch) {}
  template <class S, std::enable_if_t<std::is_arithmetic_v<S>, int> = 0>
  XGRAD_SIMD_INLINE Vec(S value) : v(static_cast<T>(value)) {}

  static XGRAD_SIMD_INLINE Vec load(const T* p) { return Vec(Batch<T>::load_unaligned(p)); }
  /// The first n lanes (0 <= n < size) from memory, zero in the others; p[n] and beyond are not touched.
  static XGRAD_SIMD_INLINE Vec load_partial(const T* p, int n) { return Vec(raw::load_first<T>(p, n)); }
  XGRAD_SIMD_INLINE void store(T* p) const { v.store_unaligned(p); }
  XGRAD_SIMD_INLINE void store_partial(T* p, int n) const { raw::store_first<T>(v, p, n); }

  friend XGRAD_SIMD_INLINE Vec operator+(Vec a, Vec b) { return Vec(a.v + b.v); }
  friend XGRAD_SIMD_INLINE Vec operator-(Vec a, Vec b) { return Vec(a.v - b.v); }
  friend XGRAD_SIMD_INLINE Vec operator*(Vec a, Vec b) { return Vec(a.v * b.v); }
  friend XGRAD_SIMD_INLINE Vec operator/(Vec a, Vec b) { return Vec(a.v / b.v); }
  friend XGRAD_SIMD_INLINE Vec operator-(Vec a) { return Vec(xsimd::bitwise_xor(a.v, Batch<T>(T(-0.0)))); }
  friend XGRAD_SIMD_INLINE Vec operator+(Vec a) { return a; }
  XGRAD_SIMD_INLINE Vec& operator+=(Vec b) { return *this = *this + b; }
  XGRAD_SIMD_INLINE Vec& operator-=(Vec b) { return *this = *this - b; }
  XGRAD_SIMD_INLINE Vec& operator*=(Vec b) { return *this = *this * b; }
  XGRAD_SIMD_INLINE Vec& operator/=(Vec b) { return *this = *this / b; }

  friend XGRAD_SIMD_INLINE Mask<T> operator<(Vec a, Vec b) { return Mask<T>(a.v < b.v); }
  friend XGRAD_SIMD_INLINE Mask<T> operator<=(Vec a, Vec b) { return Mask<T>(a.v <= b.v); }
  friend XGRAD_SIMD_INLINE Mask<T> operator>(Vec a, Vec b) { return Mask<T>(b.v < a.v); }
  friend XGRAD_SIMD_INLINE Mask<T> operator>=(Vec a, Vec b) { return Mask<T>(b.v <= a.v); }
  friend XGRAD_SIMD_INLINE Mask<T> operator==(Vec a, Vec b) { return Mask<T>(a.v == b.v); }
  // Not xsimd's, which says in places that NaN equals NaN.
  friend XGRAD_SIMD_INLINE Mask<T> operator!=(Vec a, Vec b) { return !(a == b); }

  friend XGRAD_SIMD_INLINE Vec abs(Vec a) { return Vec(xsimd::abs(a.v)); }
  friend XGRAD_SIMD_INLINE Vec neg(Vec a) { return -a; }
  friend XGRAD_SIMD_INLINE Vec square(Vec a) { return a * a; }
  friend XGRAD_SIMD_INLINE Vec reciprocal(Vec a) { return Vec(T(1)) / a; }
  friend XGRAD_SIMD_INLINE Vec sqrt(Vec a) { return Vec(raw::sqrt(a.v)); }
  friend XGRAD_SIMD_INLINE Vec rsqrt(Vec a) { return Vec(T(1)) / sqrt(a); }
  /// a * b + c, rounded once where the hardware has it (`has_fma`), twice otherwise.
  friend XGRAD_SIMD_INLINE Vec fma(Vec a, Vec b, Vec c) { return Vec(raw::fma<T>(a.v, b.v, c.v)); }
  friend XGRAD_SIMD_INLINE Vec copysign(Vec magnitude, Vec sign_of) {
    return magnitude_of_sign(abs(magnitude), sign_bit(sign_of));
  }
  /// The sign bit alone; `magnitude_of_sign` puts it on (or flips by it) another value.
  friend XGRAD_SIMD_INLINE Vec sign_bit(Vec a) { return Vec(xsimd::bitwise_and(a.v, Batch<T>(T(-0.0)))); }
  friend XGRAD_SIMD_INLINE Vec magnitude_of_sign(Vec a, Vec sign) {
    return Vec(xsimd::bitwise_xor(a.v, sign.v));
  }

  friend XGRAD_SIMD_INLINE Mask<T> isnan(Vec a) { return a != a; }
  friend XGRAD_SIMD_INLINE Mask<T> isinf(Vec a) { return abs(a) == Vec(HUGE_VAL); }
  friend XGRAD_SIMD_INLINE Mask<T> isfinite(Vec a) { return abs(a) < Vec(HUGE_VAL); }
  /// -1, 0 or 1; 0 for NaN, as torch.sign.
  friend XGRAD_SIMD_INLINE Vec sign(Vec a) {
    return where(a > T(0), T(1), T(0)) - where(a < T(0), T(1), T(0));
  }
  /// The larger of both; NaN when either is NaN, as torch.maximum. (x86 gives b then.)
  friend XGRAD_SIMD_INLINE Vec maximum(Vec a, Vec b) {
    return Vec(raw::nan_or<T>(a.v, xsimd::max(a.v, b.v)));
  }
  friend XGRAD_SIMD_INLINE Vec minimum(Vec a, Vec b) {
    return Vec(raw::nan_or<T>(a.v, xsimd::min(a.v, b.v)));
  }

  friend XGRAD_SIMD_INLINE Vec floor(Vec a) {
    if constexpr (own_rounding) {
      const Vec r = round(a);
      return copysign(r - keep(r > a, T(1)), a);
    } else {
      return Vec(xsimd::floor(a.v));
    }
  }
  friend XGRAD_SIMD_INLINE Vec ceil(Vec a) {
    if constexpr (own_rounding) {
      const Vec r = round(a);
      return copysign(r + keep(r < a, T(1)), a);
    } else {
      return Vec(xsimd::ceil(a.v));
    }
  }
  friend XGRAD_SIMD_INLINE Vec trunc(Vec a) {
    if constexpr (own_rounding)
      return copysign(floor(abs(a)), a);
    else
      return Vec(xsimd::trunc(a.v));
  }
  /// To the nearest integer, halves to the even one.
  friend XGRAD_SIMD_INLINE Vec round(Vec a) { return Vec(xsimd::nearbyint(a.v)); }

  friend XGRAD_SIMD_INLINE Vec pow(Vec a, Vec b) { return power(a, b); }
  friend XGRAD_SIMD_INLINE Vec atan2(Vec y, Vec x) { return angle(y, x); }
  friend XGRAD_SIMD_INLINE Vec hypot(Vec a, Vec b) { return euclid(a, b); }
  /// The remainder of truncated division, with the sign of a.
  friend XGRAD_SIMD_INLINE Vec fmod(Vec a, Vec b) { return truncated_remainder(a, b); }
  /// The remainder of floored division, with the sign of b (Python's %).
  friend XGRAD_SIMD_INLINE Vec remainder(Vec a, Vec b) {
    const Vec r = truncated_remainder(a, b);
    return where((r != T(0)) & ((r < T(0)) ^ (b < T(0))), r + b, r);
  }
  /// floor(a / b) as PyTorch computes it: exact even where a / b rounds up to the next integer.
  friend XGRAD_SIMD_INLINE Vec floor_div(Vec a, Vec b) { return floored_quotient(a, b); }
};

}  // namespace xgrad::kernels::XGRAD_ISA
