// Logarithms and the inverse hyperbolic functions. x = (1 + f) 2^k, a polynomial in f (float) or in
// (f / (2 + f))^2 (double), and k ln2 in two parts. Registers that hold zeros, infinities, negative or
// denormal numbers leave the fast path together.
#pragma once

#include "vec_bits.h"

namespace xgrad::kernels::XGRAD_ISA {

/// log(1 + f) = f + log_tail(f) for 1 + f between sqrt(1/2) and sqrt(2); that and `more`.
template <class T>
XGRAD_SIMD_INLINE Vec<T> log_tail(Vec<T> f, Vec<T> more) {
  if constexpr (sizeof(T) == 4) {
    const Vec<T> p = polynomial(f, 0.333333313f, -0.250008225f, 0.200012282f, -0.166232705f, 0.142016634f,
                                -0.131610036f, 0.127626732f, -0.0763358101f);
    return fma(f * f, fma(f, p, Vec<T>(-0.5f)), more);
  } else {
    const Vec<T> s = f / (f + T(2)), z = s * s, half_square = f * f * T(0.5);
    const Vec<T> p =
        polynomial(z, 0.6666666666666735, 0.39999999999412894, 0.2857142874282317, 0.22222198524767925,
                   0.18183567024123948, 0.1531397711155909, 0.14796726733231);
    return more + (s * fma(z, p, half_square) - half_square);
  }
}

/// (log(1 + f) + k log(2)) / log(base), for the bases e (written 0), 2 and 10. Constants stand in two parts;
/// the upper part of log(2) has so few bits that its product with k is exact.
template <int base, class T>
XGRAD_SIMD_INLINE Vec<T> log_joined(Vec<T> f, Vec<T> k) {
  constexpr bool single = sizeof(T) == 4;
  if constexpr (base == 0) {
    constexpr T high = single ? T(0.693359375) : T(0x1.62e42feep-1);
    constexpr T low = single ? T(-2.12194440054690583e-4) : T(1.90821492927058770002e-10);
    const Vec<T> rest = single ? log_tail(f, fma(k, Vec<T>(low), f)) : f + log_tail(f, k * low);
    return fma(k, Vec<T>(high), rest);
  } else if constexpr (base == 2) {
    constexpr T factor = single ? T(0x1.715476p+0) : T(0x1.71547652b82fep+0);
    constexpr T factor_rest = single ? T(0x1.4ae0cp-26) : T(0x1.777d0ffda0d24p-56);
    return fma(f, Vec<T>(factor), fma(f, Vec<T>(factor_rest), log_tail(f, Vec<T>(0)) * factor)) + k;
  } else {
    constexpr T factor = single ? T(0x1.bcb7b2p-2) : T(0x1.bcb7b1526e50ep-2);
    constexpr T factor_rest = single ? T(-0x1.5b235ep-27) : T(0x1.95355baaafad3p-57);
    constexpr T high = single ? T(0x1.344p-2) : T(0x1.34413509f6p-2);
    constexpr T low = single ? T(0x1.3509f8p-18) : T(0x1.9fef311f12b36p-42);
    const Vec<T> rest = fma(k, Vec<T>(low), fma(f, Vec<T>(factor_rest), log_tail(f, Vec<T>(0)) * factor));
    return fma(k, Vec<T>(high), fma(f, Vec<T>(factor), rest));
  }
}

/// The edges of a logarithm: infinity and NaN stay, zero gives -infinity, anything below gives NaN.
template <class T>
XGRAD_SIMD_INLINE Vec<T> log_edges(Vec<T> x, Vec<T> result) {
  result = where(x < T(HUGE_VAL), result, x);
  return where(x <= T(0), where(x == T(0), T(-HUGE_VAL), T(NAN)), result);
}

template <int base, class T>
XGRAD_SIMD_NOINLINE Vec<T> log_of_anything(Vec<T> x) {
  const Split<T> s = split(x);
  return log_edges(x, log_joined<base>(s.f, s.k));
}

template <int base, class T>
XGRAD_SIMD_INLINE Vec<T> log_of_base(Vec<T> x) {
  if (!all_normal(x)) [[unlikely]]
    return log_of_anything<base>(x);
  const Split<T> s = split_normal(x);
  return log_joined<base>(s.f, s.k);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> log(Vec<T> x) {
  return log_of_base<0>(x);
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> log2(Vec<T> x) {
  return log_of_base<2>(x);
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> log10(Vec<T> x) {
  return log_of_base<10>(x);
}

/// log(1 + x) for -1 < x < 2^100
template <class T>
XGRAD_SIMD_INLINE Vec<T> log1p_moderate(Vec<T> x) {
  const Vec<T> u = x + T(1), whole = u - T(1);
  const Vec<T> rest = (x - whole) + (T(1) - (u - whole));  // 1 + x = u + rest exactly
  const Split<T> s = split_normal(u);
  const Vec<T> down = from_bits<T>(to_bits(Vec<T>(T(1))) - s.exponent);
  const Vec<T> result = log_joined<0>(fma(rest, down, s.f), s.k);
  // The sign is that of x, also for zero.
  return from_bits<T>(to_bits(result) | to_bits(sign_bit(x)));
}

template <class T>
XGRAD_SIMD_NOINLINE Vec<T> log1p_of_anything(Vec<T> x) {
  const Mask<T> moderate = (x > T(-1)) & (x < T(0x1p100));
  return where(moderate, log1p_moderate(where(moderate, x, T(0))), log_of_anything<0>(x + T(1)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> log1p(Vec<T> x) {
  if (!all((x > T(-1)) & (x < T(0x1p100)))) [[unlikely]]
    return log1p_of_anything(x);
  return log1p_moderate(x);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> asinh(Vec<T> x) {
  const Vec<T> a = abs(x), z = a * a;
  const Mask<T> huge = a > T(0x1p50);  // there asinh(x) = log(2 x), and squares may overflow
  const Vec<T> y = where(huge, a, a + z / (T(1) + sqrt(z + T(1))));
  return magnitude_of_sign(log1p(y) + keep(huge, T(0.69314718055994530942)), sign_bit(x));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> acosh(Vec<T> x) {
  const Vec<T> t = x - T(1);
  const Mask<T> huge = x > T(0x1p50);
  const Vec<T> y = where(huge, t, t + sqrt(fma(t, t, t + t)));
  return where(x < T(1), T(NAN), log1p(y) + keep(huge, T(0.69314718055994530942)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> atanh(Vec<T> x) {
  const Vec<T> a = abs(x), twice = a + a, rest = T(1) - a;
  const Vec<T> y = where(a < T(0.5), fma(twice, a / rest, twice), twice / rest);
  return magnitude_of_sign(log1p(y) * T(0.5), sign_bit(x));
}

}  // namespace xgrad::kernels::XGRAD_ISA
