// pow, hypot and the remainders: functions of two numbers with long tables of special cases.
#pragma once

#include "vec_exp.h"

namespace xgrad::kernels::XGRAD_ISA {

/// y log2(x) for x > 0, all finite, to 2^-37 of itself: enough for a float power, rounded once at its end.
XGRAD_SIMD_INLINE Vec<double> scaled_log2(Vec<double> x, Vec<double> y) {
  const Split<double> s = split_normal(x);
  const Vec<double> q = s.f / (s.f + 2.), z = q * q;
  const Vec<double> p =
      polynomial(z, 0.66666665643386, 0.4000033570428935, 0.2853727344635377, 0.23582860214981033);
  return y * fma(fma(q * z, p, q + q), Vec<double>(1.44269504088896340736), s.k);
}

/// 2^x rounded to what a float can hold.
XGRAD_SIMD_INLINE Vec<double> exp2_for_float(Vec<double> x) {
  constexpr double magic = FloatBits<double>::magic;
  x = clamp(x, -200., 200.);
  const Vec<double> n = (x + magic) - magic;
  const Vec<double> p =
      polynomial(x - n, 1.0000000005629899, 0.6931472060378828, 0.24022646845293802, 0.05550328122771833,
                 0.009618491800947548, 0.0013400195796168574, 0.0001534559016802728);
  return p * power_of_two(n);
}

/// log2(x) = high + low for x > 0, to 2^-64 of itself: 2 atanh(s) with s = f / (2 + f), of which the first
/// two terms keep what they lose to rounding.
struct TwoPart {
  Vec<double> high, low;
};
XGRAD_SIMD_INLINE TwoPart log2_in_two(Vec<double> x) {
  constexpr double third = 1. / 3, third_rest = 0x1.5555555555555p-56;
  constexpr double factor = 0x1.71547652b82fep+1, factor_rest = 0x1.777d0ffda0d24p-55;  // 2 / ln 2
  const Split<double> split_x = split(x);
  const Vec<double> f = split_x.f, t = f + 2., t_rest = f - (t - 2.);
  const Vec<double> s = f / t, s_rest = fma(-s, t_rest, fma(-s, t, f)) / t;
  const Vec<double> z = s * s, z_rest = fma(s, s, -z) + (s + s) * s_rest;
  const Vec<double> p =
      polynomial(z, 1. / 5, 1. / 7, 1. / 9, 1. / 11, 1. / 13, 1. / 15, 1. / 17, 1. / 19, 1. / 21, 1. / 23);
  const Vec<double> w = z * third, more = z * z * p, v = w + more;
  const Vec<double> v_rest =
      (w - v) + more + fma(z_rest, Vec<double>(third), fma(z, Vec<double>(third), -w)) + z * third_rest;
  const Vec<double> product = s * v;
  const Vec<double> product_rest = fma(s, v, -product) + fma(s, v_rest, fma(s_rest, v, s_rest));
  const Vec<double> l = s + product, l_rest = (s - l) + product + product_rest;
  const Vec<double> g = l * factor;
  const Vec<double> g_rest =
      fma(l, Vec<double>(factor), -g) + fma(l, Vec<double>(factor_rest), l_rest * factor);
  const Vec<double> high = split_x.k + g;
  return {high, (split_x.k - high) + g + g_rest};
}

/// x^y for x > 0
XGRAD_SIMD_INLINE Vec<double> power_of_positive(Vec<double> x, Vec<double> y) {
  constexpr double magic = FloatBits<double>::magic, limit = 1100;
  const TwoPart log = log2_in_two(x);
  const Vec<double> product = y * log.high, rest = fma(y, log.high, -product) + y * log.low;
  const Vec<double> e = clamp(product, -limit, limit), n = (e + magic) - magic;
  return scale_near_one(exp2_reduced((e - n) + keep(abs(product) < limit, rest)), n);
}
XGRAD_SIMD_INLINE Vec<float> power_of_positive(Vec<float> x, Vec<float> y) {
  return through_double([](Vec<double> u, Vec<double> v) { return exp2_for_float(scaled_log2(u, v)); }, x, y);
}

template <class T>
XGRAD_SIMD_NOINLINE Vec<T> power_of_anything(Vec<T> x, Vec<T> y) {
  constexpr T infinity = T(HUGE_VAL);
  const Vec<T> a = abs(x);
  const Mask<T> zero = a == T(0), infinite = a == infinity;
  const Vec<T> edge = where(y != y, y, where(zero ^ (y < T(0)), T(0), infinity));
  Vec<T> result = where(zero | infinite, edge, power_of_positive(where(infinite | zero, T(2), a), y));
  result = where((a == T(1)) & (y == y), T(1), result);
  const Vec<T> half = y * T(0.5);
  const Mask<T> whole = trunc(y) == y, odd = whole & (trunc(half) != half);
  result = where(odd, magnitude_of_sign(result, sign_bit(x)), result);
  result = where(((x < T(0)) & !infinite & !whole) | (x != x), T(NAN), result);
  return where((x == T(1)) | (y == T(0)), T(1), result);
}

/// pow
template <class T>
XGRAD_SIMD_INLINE Vec<T> power(Vec<T> x, Vec<T> y) {
  if constexpr (sizeof(T) == 8 && !has_fma) {
    return per_lane([](T a, T b) { return ::pow(a, b); }, x, y);
  } else {
    if (!all((x > T(0)) & (x < T(HUGE_VAL)) & isfinite(y))) return power_of_anything(x, y);
    return power_of_positive(x, y);
  }
}

template <class T>
XGRAD_SIMD_NOINLINE Vec<T> euclid_of_anything(Vec<T> a, Vec<T> b) {
  constexpr bool single = sizeof(T) == 4;
  const Vec<T> larger = where(a > b, a, b);
  const Mask<T> large = larger > (single ? T(0x1p50) : T(0x1p450));
  const Mask<T> small = larger < (single ? T(0x1p-50) : T(0x1p-450));
  constexpr T up = single ? T(0x1p75) : T(0x1p600), down = single ? T(0x1p-75) : T(0x1p-600);
  const Vec<T> factor = where(large, down, where(small, up, T(1)));
  const Vec<T> u = a * factor, v = b * factor;
  const Vec<T> result = sqrt(fma(u, u, v * v)) * where(large, up, where(small, down, T(1)));
  return where(isinf(a) | isinf(b), T(HUGE_VAL), result);
}

/// hypot
template <class T>
XGRAD_SIMD_INLINE Vec<T> euclid(Vec<T> x, Vec<T> y) {
  constexpr T big = sizeof(T) == 4 ? T(0x1p100) : T(0x1p1000),
              tiny = sizeof(T) == 4 ? T(0x1p-70) : T(0x1p-900);
  const Vec<T> sum = fma(x, x, y * y);
  if (!all((sum > tiny) & (sum < big))) return euclid_of_anything(abs(x), abs(y));
  return sqrt(sum);
}

/// fmod
template <class T>
XGRAD_SIMD_INLINE Vec<T> truncated_remainder(Vec<T> x, Vec<T> y) {
  if constexpr (has_fma) {
    // While the quotient is a whole number of few enough bits the fused remainder is exact, and the
    // rounded quotient too large by one at most.
    const Vec<T> a = abs(x), b = abs(y), q = trunc(a / b);
    constexpr T limit = sizeof(T) == 4 ? T(0x1p22) : T(0x1p51);
    if (all((q < limit) & (b < T(HUGE_VAL)) & (b > FloatBits<T>::smallest_normal * T(0x1p60)))) {
      Vec<T> r = fma(-q, b, a);
      r = where(r < T(0), r + b, r);
      return magnitude_of_sign(abs(r), sign_bit(x));
    }
  }
  return per_lane(
      [](T a, T b) { return T(sizeof(T) == 4 ? ::fmodf(float(a), float(b)) : ::fmod(double(a), double(b))); },
      x, y);
}

/// floor_div
template <class T>
XGRAD_SIMD_INLINE Vec<T> floored_quotient(Vec<T> x, Vec<T> y) {
  const Vec<T> r = truncated_remainder(x, y), quotient = x / y;
  const Vec<T> q = (x - r) / y;
  const Vec<T> lower = where((r != T(0)) & ((r < T(0)) ^ (y < T(0))), q - T(1), q);
  const Vec<T> down = floor(lower);
  const Vec<T> whole = where(lower - down > T(0.5), down + T(1), down);
  const Vec<T> zero = magnitude_of_sign(Vec<T>(T(0)), sign_bit(quotient));
  return where(y == T(0), quotient, where(lower == T(0), zero, whole));
}

}  // namespace xgrad::kernels::XGRAD_ISA
