// Vec<T> and Mask<T> for integers and bool: one lane, a plain number, with PyTorch's integer semantics
// (wrap-around, floor division, integer powers). So that every formula also reads over integers.
#pragma once

#include "vec_core.h"

namespace xgrad::kernels::XGRAD_ISA {

/// A single truth value, beside an integer Vec.
template <std::integral T>
struct Mask<T> {
  static constexpr int size = 1;
  bool m;

  Mask() = default;
  XGRAD_SIMD_INLINE Mask(bool value) : m(value) {}

  static XGRAD_SIMD_INLINE Mask load(const bool* p) { return *p; }
  static XGRAD_SIMD_INLINE Mask load_partial(const bool* p, int n) { return n > 0 && *p; }
  XGRAD_SIMD_INLINE void store(bool* p) const { *p = m; }
  XGRAD_SIMD_INLINE void store_partial(bool* p, int n) const {
    if (n > 0) *p = m;
  }

  // Of both sides at once: which of them holds is not to be foreseen.
  friend XGRAD_SIMD_INLINE Mask operator&(Mask a, Mask b) { return static_cast<bool>(a.m & b.m); }
  friend XGRAD_SIMD_INLINE Mask operator|(Mask a, Mask b) { return static_cast<bool>(a.m | b.m); }
  friend XGRAD_SIMD_INLINE Mask operator^(Mask a, Mask b) { return a.m != b.m; }
  friend XGRAD_SIMD_INLINE Mask operator!(Mask a) { return !a.m; }
  friend XGRAD_SIMD_INLINE bool any(Mask a) { return a.m; }
  friend XGRAD_SIMD_INLINE bool all(Mask a) { return a.m; }
  // No branch either: the compiler makes registers of a loop with this.
  friend XGRAD_SIMD_INLINE Vec<T> where(Mask mask, Vec<T> a, Vec<T> b) {
    return static_cast<T>(b.v ^ ((a.v ^ b.v) & static_cast<T>(T(0) - T(mask.m))));
  }
};

/// One integer or bool. Sums and products are formed in 32 unsigned bits, 64 where T has them, and cut back
/// to T, which wraps around as PyTorch does and is defined for every value.
template <std::integral T>
struct Vec<T> {
  using value_type = T;
  using mask_type = Mask<T>;
  using V = Vec;
  using M = Mask<T>;
  using Wide = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
  static constexpr int size = 1;
  T v;

  Vec() = default;
  template <class S, std::enable_if_t<std::is_arithmetic_v<S>, int> = 0>
  XGRAD_SIMD_INLINE Vec(S value) : v(static_cast<T>(value)) {}

  static XGRAD_SIMD_INLINE V load(const T* p) { return *p; }
  static XGRAD_SIMD_INLINE V load_partial(const T* p, int n) { return n > 0 ? *p : T(0); }
  XGRAD_SIMD_INLINE void store(T* p) const { *p = v; }
  XGRAD_SIMD_INLINE void store_partial(T* p, int n) const {
    if (n > 0) *p = v;
  }

  // bool has no arithmetic of its own: + is "or", * is "and", both through the conversion back to bool.
  static XGRAD_SIMD_INLINE Wide wide(V a) { return static_cast<Wide>(a.v); }
  static XGRAD_SIMD_INLINE V cut(Wide a) { return static_cast<T>(a); }
  // What is no wider than T itself, so that the compiler makes registers of T and not of Wide.
  using Bits = typename std::conditional_t<std::is_same_v<T, bool>, std::type_identity<uint8_t>,
                                           std::make_unsigned<T>>::type;
  static XGRAD_SIMD_INLINE Bits bits(V a) { return static_cast<Bits>(a.v); }
  /// All bits where a is negative.
  static XGRAD_SIMD_INLINE Bits signs(V a) { return static_cast<Bits>(a.v < T(0) ? -1 : 0); }

  friend XGRAD_SIMD_INLINE V operator+(V a, V b) { return cut(wide(a) + wide(b)); }
  friend XGRAD_SIMD_INLINE V operator-(V a, V b) { return cut(wide(a) - wide(b)); }
  friend XGRAD_SIMD_INLINE V operator*(V a, V b) { return cut(wide(a) * wide(b)); }
  /// Truncated quotient; 0 for a zero divisor (callers reject zero divisors beforehand).
  friend XGRAD_SIMD_INLINE V operator/(V a, V b) {
    if (b.v == T(0)) return T(0);
    if constexpr (std::is_signed_v<T>)
      if (b.v == T(-1)) return -a;
    // Up to 2^52 the quotient of doubles rounds to no integer that it is not, and is there sooner.
    if constexpr (sizeof(T) == 8)
      if (((wide(a) + (Wide(1) << 52)) | (wide(b) + (Wide(1) << 52))) >> 53 == 0)
        return static_cast<T>(static_cast<double>(a.v) / static_cast<double>(b.v));
    return static_cast<T>(a.v / b.v);
  }
  friend XGRAD_SIMD_INLINE V operator-(V a) { return static_cast<T>(-static_cast<Bits>(a.v)); }
  friend XGRAD_SIMD_INLINE V operator+(V a) { return a; }
  friend XGRAD_SIMD_INLINE V operator&(V a, V b) { return static_cast<T>(a.v & b.v); }
  friend XGRAD_SIMD_INLINE V operator|(V a, V b) { return static_cast<T>(a.v | b.v); }
  friend XGRAD_SIMD_INLINE V operator^(V a, V b) { return static_cast<T>(a.v ^ b.v); }
  /// Zero, or all bits of the sign, for a shift that is negative or as wide as the type.
  friend XGRAD_SIMD_INLINE V operator<<(V a, V b) { return shifted<true>(bits(a), b); }
  friend XGRAD_SIMD_INLINE V operator>>(V a, V b) {
    return shifted<false>(static_cast<Bits>(bits(a) ^ signs(a)), b) ^ V(signs(a));
  }
  // No processor shifts bytes each by its own number: they go by 1, 2 and 4 in turn.
  template <bool left>
  static XGRAD_SIMD_INLINE V shifted(Bits x, V b) {
    const bool inside = bits(b) < 8 * sizeof(T);
    if constexpr (sizeof(T) == 1)
      return cut(inside ? step<left, 4>(step<left, 2>(step<left, 1>(x, b), b), b) : 0);
    else
      return cut(inside ? (left ? Wide(x) << wide(b) : Wide(x) >> wide(b)) : 0);
  }
  template <bool left, int n>
  static XGRAD_SIMD_INLINE Bits step(Bits x, V b) {
    const Bits chosen = static_cast<Bits>(bits(b) & n ? -1 : 0);
    return static_cast<Bits>((x & ~chosen) | ((left ? x << n : x >> n) & chosen));
  }
  friend XGRAD_SIMD_INLINE V operator~(V a) {
    if constexpr (std::is_same_v<T, bool>)
      return !a.v;
    else
      return static_cast<T>(~a.v);
  }
  XGRAD_SIMD_INLINE V& operator+=(V b) { return *this = *this + b; }
  XGRAD_SIMD_INLINE V& operator-=(V b) { return *this = *this - b; }
  XGRAD_SIMD_INLINE V& operator*=(V b) { return *this = *this * b; }
  XGRAD_SIMD_INLINE V& operator/=(V b) { return *this = *this / b; }

  friend XGRAD_SIMD_INLINE M operator<(V a, V b) { return a.v < b.v; }
  friend XGRAD_SIMD_INLINE M operator<=(V a, V b) { return a.v <= b.v; }
  friend XGRAD_SIMD_INLINE M operator>(V a, V b) { return a.v > b.v; }
  friend XGRAD_SIMD_INLINE M operator>=(V a, V b) { return a.v >= b.v; }
  friend XGRAD_SIMD_INLINE M operator==(V a, V b) { return a.v == b.v; }
  friend XGRAD_SIMD_INLINE M operator!=(V a, V b) { return a.v != b.v; }

  friend XGRAD_SIMD_INLINE V abs(V a) {
    if constexpr (std::is_signed_v<T>) return maximum(a, -a);
    return a;
  }
  friend XGRAD_SIMD_INLINE V neg(V a) { return -a; }
  friend XGRAD_SIMD_INLINE V square(V a) { return a * a; }
  friend XGRAD_SIMD_INLINE V reciprocal(V a) { return V(T(1)) / a; }
  friend XGRAD_SIMD_INLINE V fma(V a, V b, V c) { return a * b + c; }
  friend XGRAD_SIMD_INLINE V copysign(V magnitude, V sign_of) {
    return (magnitude.v < T(0)) == (sign_of.v < T(0)) ? magnitude : -magnitude;
  }
  friend XGRAD_SIMD_INLINE M isnan(V) { return false; }
  friend XGRAD_SIMD_INLINE M isinf(V) { return false; }
  friend XGRAD_SIMD_INLINE M isfinite(V) { return true; }
  friend XGRAD_SIMD_INLINE V sign(V a) { return static_cast<T>(int(a.v > T(0)) - int(a.v < T(0))); }
  // Of bools by their bits: the compiler makes a branch of a choice.
  friend XGRAD_SIMD_INLINE V maximum(V a, V b) {
    if constexpr (std::is_same_v<T, bool>) return a | b;
    return a.v < b.v ? b : a;
  }
  friend XGRAD_SIMD_INLINE V minimum(V a, V b) {
    if constexpr (std::is_same_v<T, bool>) return a & b;
    return b.v < a.v ? b : a;
  }
  friend XGRAD_SIMD_INLINE V floor(V a) { return a; }
  friend XGRAD_SIMD_INLINE V ceil(V a) { return a; }
  friend XGRAD_SIMD_INLINE V trunc(V a) { return a; }
  friend XGRAD_SIMD_INLINE V round(V a) { return a; }

  /// The remainder of truncated division, with the sign of a; 0 for a zero divisor.
  friend XGRAD_SIMD_INLINE V fmod(V a, V b) { return b.v == T(0) ? V(T(0)) : a - a / b * b; }
  // Whether a remainder r of truncated division is not one of floored division. Nobody can foresee it: no
  // branch.
  static XGRAD_SIMD_INLINE bool beyond(V r, V b) { return (r.v != T(0)) & ((r.v ^ b.v) < 0); }
  /// The remainder of floored division, with the sign of b (Python's %); 0 for a zero divisor.
  friend XGRAD_SIMD_INLINE V remainder(V a, V b) {
    const V r = fmod(a, b);
    return r + where(M(beyond(r, b)), b, V(T(0)));
  }
  /// Floored quotient; 0 for a zero divisor.
  friend XGRAD_SIMD_INLINE V floor_div(V a, V b) {
    if (b.v == T(0)) return T(0);
    const V q = a / b;
    return q - V(static_cast<T>(beyond(a - q * b, b)));
  }
  /// a to the power b, wrapping around; a negative power is 1 for 1, 1 or -1 for -1, and otherwise 0.
  friend XGRAD_SIMD_INLINE V pow(V a, V b) {
    if constexpr (std::is_signed_v<T>) {
      if (b.v < T(0)) {
        const bool odd = (wide(b) & 1u) != 0;
        return a.v == T(1) || (a.v == T(-1) && !odd) ? T(1) : a.v == T(-1) ? T(-1) : T(0);
      }
    }
    Wide result = 1, base = wide(a);
    for (Wide n = wide(b); n != 0; n >>= 1, base *= base)
      if (n & 1u) result *= base;
    return cut(result);
  }
};

}  // namespace xgrad::kernels::XGRAD_ISA
