// exp, exp2, expm1 and the hyperbolic functions. All rest on x = n ln2 + r, |r| <= ln2 / 2, a polynomial in r
// (minimax, fitted to the weight of the result) and 2^n. Results run gradually into denormal numbers.
#pragma once

#include "vec_bits.h"

namespace xgrad::kernels::XGRAD_ISA {

/// x = n ln2 + r; `lost` is what r lacks, and n stands in the lower bits of `shifted`, too.
template <class T>
struct ExpReduced {
  Vec<T> n, r, lost, shifted;
};

template <class T>
XGRAD_SIMD_INLINE ExpReduced<T> reduce_exp(Vec<T> x) {
  // The upper part of ln2 has so few bits that its product with n is exact.
  constexpr T high = sizeof(T) == 4 ? T(0.693359375) : T(0x1.62e42feep-1);
  constexpr T low = sizeof(T) == 4 ? T(-2.12194440054690583e-4) : T(1.90821492927058770002e-10);
  constexpr T magic = FloatBits<T>::magic;
  const Vec<T> shifted = fma(x, Vec<T>(1.44269504088896340736), Vec<T>(magic)), n = shifted - magic;
  const Vec<T> first = fma(n, Vec<T>(-high), x);
  const Vec<T> r = fma(n, Vec<T>(-low), first);
  return {n, r, fma(n, Vec<T>(-low), first - r), shifted};
}

/// (e^r - 1 - r) / r^2
template <class T>
XGRAD_SIMD_INLINE Vec<T> exp_tail(Vec<T> r) {
  if constexpr (sizeof(T) == 4)
    return polynomial(r, 0.49999997f, 0.166665435f, 0.0416672006f, 0.00836658012f, 0.0013882512f);
  else
    return polynomial(r, 0.5000000000000011, 0.1666666666666641, 0.04166666666652919, 0.00833333333349563,
                      0.00138888889439224, 0.00019841269504746633, 2.4801492763030465e-05,
                      2.7557587361254593e-06, 2.763037854146701e-07, 2.4999958805553504e-08);
}

/// Arguments below the first and above the second give 0 and infinity as these do.
template <class T>
inline constexpr T exp_lowest = sizeof(T) == 4 ? T(-105) : T(-747);
template <class T>
inline constexpr T exp_highest = sizeof(T) == 4 ? T(91) : T(712);

/// e^r
template <class T>
XGRAD_SIMD_INLINE Vec<T> exp_reduced(Vec<T> r) {
  return fma(fma(exp_tail(r), r, Vec<T>(T(1))), r, Vec<T>(T(1)));
}

/// e^x = v 2^n with v near 1, for x between these.
template <class T>
struct ExpParts {
  Vec<T> v, n;
};
template <class T>
XGRAD_SIMD_INLINE ExpParts<T> exp_in_parts(Vec<T> x) {
  const ExpReduced<T> x_in_parts = reduce_exp(x);
  return {exp_reduced(x_in_parts.r), x_in_parts.n};
}

template <class T>
XGRAD_SIMD_NOINLINE Vec<T> exp_of_anything(Vec<T> x) {
  const auto [v, n] = exp_in_parts(clamp(x, exp_lowest<T>, exp_highest<T>));
  return scale_near_one(v, n);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> exp(Vec<T> x) {
  if (!all(abs(x) < (sizeof(T) == 4 ? T(87) : T(708)))) [[unlikely]]
    return exp_of_anything(x);
  const ExpReduced<T> x_in_parts = reduce_exp(x);
  return scale_by_bits(exp_reduced(x_in_parts.r), x_in_parts.shifted);
}

/// e^x for x <= 0, without a branch: a formula that has the same twice pays once.
template <class T>
XGRAD_SIMD_INLINE Vec<T> exp_of_negative(Vec<T> x) {
  const auto [v, n] = exp_in_parts(at_least(x, exp_lowest<T>));
  return scale_down(v, n);
}

/// e^x / 2 for x >= 0, without an overflow on the way.
template <class T>
XGRAD_SIMD_INLINE Vec<T> half_exp(Vec<T> x) {
  const auto [v, n] = exp_in_parts(clamp(x, T(0), exp_highest<T>));
  return scale(v, n - T(1));
}

/// 2^r for |r| <= 1/2
template <class T>
XGRAD_SIMD_INLINE Vec<T> exp2_reduced(Vec<T> r) {
  Vec<T> slope;
  if constexpr (sizeof(T) == 4)
    slope = polynomial(r, 0.693147182f, 0.240226477f, 0.0555033199f, 0.00961843971f, 0.00133991323f,
                       0.000153531451f);
  else
    slope = polynomial(r, 0.6931471805599453, 0.24022650695910133, 0.05550410866482006, 0.009618129107593562,
                       0.001333355814677992, 0.00015403530457884434, 1.525273348959908e-05,
                       1.3215434867368413e-06, 1.0178200402609796e-07, 7.073859084906599e-09,
                       4.434739113471732e-10);
  return fma(r, slope, Vec<T>(T(1)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> exp2(Vec<T> x) {
  constexpr T limit = sizeof(T) == 4 ? T(152) : T(1078);
  constexpr T magic = FloatBits<T>::magic;
  x = clamp(x, -limit, limit);
  const Vec<T> n = (x + magic) - magic;
  return scale_near_one(exp2_reduced(x - n), n);
}

/// e^r - 1 for a reduced argument.
template <class T>
XGRAD_SIMD_INLINE Vec<T> expm1_reduced(Vec<T> r, Vec<T> lost) {
  if constexpr (sizeof(T) == 4)
    return r + fma(r * r, exp_tail(r), lost);
  else
    return r + fma(r * r,
                   polynomial(r, 0.5, 0.16666666666666677, 0.041666666666666505, 0.008333333333321606,
                              0.0013888888888962875, 0.00019841269886208254, 2.480158717187814e-05,
                              2.7557244103932164e-06, 2.755740291759316e-07, 2.5109081471448407e-08,
                              2.0875333965245837e-09),
                   lost);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> expm1(Vec<T> x) {
  constexpr T lowest = sizeof(T) == 4 ? T(-20) : T(-40), highest = sizeof(T) == 4 ? T(89) : T(710);
  constexpr T tiny = sizeof(T) == 4 ? T(0x1p-26) : T(0x1p-55);
  const auto [n, r, lost, shifted] = reduce_exp(clamp(x, lowest, highest));
  // Half of 2^n, which does not overflow before the result does.
  const Vec<T> half = power_of_two(n - T(1));
  const Vec<T> result = fma(half, expm1_reduced(r, lost), half - T(0.5)) * T(2);
  return where(abs(x) < tiny, x, result);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> cosh(Vec<T> x) {
  const Vec<T> half = half_exp(abs(x));
  return half + T(0.25) / half;
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> sinh(Vec<T> x) {
  const Vec<T> a = abs(x), z = a * a;
  const Vec<T> half = half_exp(a);
  Vec<T> small;
  if constexpr (sizeof(T) == 4)
    small = polynomial(z, 0.166666672f, 0.0083333496f, 0.00019836158f, 2.81695748e-06f);
  else
    small = polynomial(z, 0.16666666666666669, 0.008333333333333148, 0.00019841269841431957,
                       2.7557319157044586e-06, 2.5052123141216513e-08, 1.6057259407330312e-10,
                       7.758760097525879e-13);
  small = fma(a * z, small, a);
  return magnitude_of_sign(where(a < T(1), small, half - T(0.25) / half), sign_bit(x));
}

/// Polynomials of tanh(a) in a - c, around every c that is a multiple of `step`. Around the last, at `end`,
/// and beyond it counts as 1.
struct TanhTable {
  static constexpr int pieces = raw::look_up_size, degree = 7;
  static constexpr float step = 0.609375f, end = (pieces - 1) * step;
  float value[degree + 1][pieces];

  constexpr TanhTable() : value{} {
    for (int piece = 0; piece < pieces - 1; ++piece) {
      long double at[degree + 1] = {}, y[degree + 1] = {};
      for (int i = 0; i <= degree; ++i) {
        at[i] = step / 2 * chebyshev_point(i, degree);
        // e^(-2 a) - 1, from a small part of the exponent, which is doubled ten times.
        const long double part = -(piece * step + at[i]) / 512;
        long double less = 0, term = 1;
        for (int k = 1; k < 20; ++k) less += term *= part / k;
        for (int k = 0; k < 10; ++k) less *= 2 + less;
        y[i] = -less / (2 + less);
      }
      interpolate(at, y, value, piece);
    }
    value[0][0] = 0;
    value[1][0] = value[0][pieces - 1] = 1;
  }
};
inline constexpr TanhTable tanh_table{};

template <class T>
XGRAD_SIMD_INLINE Vec<T> tanh(Vec<T> x) {
  const Vec<T> a = abs(x);
  if constexpr (sizeof(T) == 4 && TanhTable::pieces == 16)
    return magnitude_of_sign(look_up(tanh_table.value, TanhTable::step, at_most(a, TanhTable::end)),
                             sign_bit(x));
  constexpr T highest = sizeof(T) == 4 ? T(20) : T(44);
  const auto [n, r, lost, shifted] = reduce_exp(clamp(a + a, T(0), highest));
  const Vec<T> two_n = power_of_two(n);
  if constexpr (sizeof(T) == 4) {
    const Vec<T> z = a * a;
    const Vec<T> small =
        polynomial(z, -0.333332807f, 0.133314416f, -0.0537395999f, 0.0206386931f, -0.00570452819f);
    const Vec<T> e = scale_by_bits(exp_reduced(r), shifted);
    const Vec<T> large = T(1) - T(2) / (e + T(1));
    return magnitude_of_sign(where(a < T(0.625), fma(a * z, small, a), large), sign_bit(x));
  } else {
    const Vec<T> p = expm1_reduced(r, lost);
    const Vec<T> ratio = fma(two_n, p, two_n - T(1)) / fma(two_n, p, two_n + T(1));
    return magnitude_of_sign(ratio, sign_bit(x));
  }
}

}  // namespace xgrad::kernels::XGRAD_ISA
