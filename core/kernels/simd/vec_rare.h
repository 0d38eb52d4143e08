// Special functions in registers, most of them lane by lane, in double also for float.
#pragma once

#include <cmath>

#include <xgrad/core/kernels/rare/special.h>

#include "vec.h"
#include "vec_bessel.h"

namespace xgrad::kernels::XGRAD_ISA {

#define XGRAD_LANES(name, function)                                                                    \
  template <class T>                                                                                   \
  inline Vec<T> name(Vec<T> x) {                                                                       \
    return per_lane([](T v) { return static_cast<T>(special::function(static_cast<double>(v))); }, x); \
  }
#define XGRAD_LANES_OF_TWO(name, function)                                                          \
  template <class T>                                                                                \
  inline Vec<T> name(Vec<T> x, Vec<T> y) {                                                          \
    return per_lane(                                                                                \
        [](T v, T w) {                                                                              \
          return static_cast<T>(special::function(static_cast<double>(v), static_cast<double>(w))); \
        },                                                                                          \
        x, y);                                                                                      \
  }
XGRAD_LANES(special_erfcx, erfcx)
XGRAD_LANES(special_log_ndtr, log_ndtr)
XGRAD_LANES(special_airy_ai, airy_ai)
XGRAD_LANES(special_spherical_bessel_j0, spherical_bessel_j0)
XGRAD_LANES_OF_TWO(special_zeta, zeta)
XGRAD_LANES_OF_TWO(special_chebyshev_polynomial_t, chebyshev_polynomial_t)
XGRAD_LANES_OF_TWO(special_chebyshev_polynomial_u, chebyshev_polynomial_u)
XGRAD_LANES_OF_TWO(special_chebyshev_polynomial_v, chebyshev_polynomial_v)
XGRAD_LANES_OF_TWO(special_chebyshev_polynomial_w, chebyshev_polynomial_w)
XGRAD_LANES_OF_TWO(special_shifted_chebyshev_polynomial_t, shifted_chebyshev_polynomial_t)
XGRAD_LANES_OF_TWO(special_shifted_chebyshev_polynomial_u, shifted_chebyshev_polynomial_u)
XGRAD_LANES_OF_TWO(special_shifted_chebyshev_polynomial_v, shifted_chebyshev_polynomial_v)
XGRAD_LANES_OF_TWO(special_shifted_chebyshev_polynomial_w, shifted_chebyshev_polynomial_w)
XGRAD_LANES_OF_TWO(special_hermite_polynomial_h, hermite_polynomial_h)
XGRAD_LANES_OF_TWO(special_hermite_polynomial_he, hermite_polynomial_he)
XGRAD_LANES_OF_TWO(special_laguerre_polynomial_l, laguerre_polynomial_l)
XGRAD_LANES_OF_TWO(special_legendre_polynomial_p, legendre_polynomial_p)
#undef XGRAD_LANES
#undef XGRAD_LANES_OF_TWO

// What a sum can lose before it shows.
template <class T>
inline constexpr double kSeriesEnd = sizeof(T) == 4 ? 0x1p-28 : 0x1p-53;

template <class T>
inline Vec<T> igamma(Vec<T> a, Vec<T> x) {
  return per_lane([](T v, T w) { return static_cast<T>(special::igamma(v, w, kSeriesEnd<T>)); }, a, x);
}
template <class T>
inline Vec<T> igammac(Vec<T> a, Vec<T> x) {
  return per_lane([](T v, T w) { return static_cast<T>(special::igammac(v, w, kSeriesEnd<T>)); }, a, x);
}

/// The derivative of digamma for 0 < x < 1e30: eight steps, then the asymptotic series.
XGRAD_SIMD_INLINE Vec<double> trigamma_of_positive(Vec<double> x) {
  Vec<double> sum = 0.;
  for (int i = 0; i < 8; ++i, x += 1.) sum += 1. / (x * x);
  const Vec<double> inverse = 1. / x, z = inverse * inverse;
  const Vec<double> series =
      polynomial(z, 1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6, -3617. / 510);
  return sum + (inverse + z * fma(inverse, series, Vec<double>(0.5)));
}

template <class T>
inline Vec<T> polygamma(int64_t n, Vec<T> x) {
  if (n == 1 && all((x > T(0)) & (x < T(1e30)))) {
    if constexpr (sizeof(T) == 4)
      return through_double(&trigamma_of_positive, x);
    else
      return trigamma_of_positive(x);
  }
  return per_lane(
      [n](T v) { return static_cast<T>(special::polygamma(static_cast<double>(n), static_cast<double>(v))); },
      x);
}

/// x with ndtr(x) = p.
template <class T>
inline Vec<T> special_ndtri(Vec<T> p) {
  return erfinv_of_tail(T(2) * (p - T(0.5)), minimum(p, T(1) - p)) * T(1.41421356237309504880);
}

/// The next of the numbers that are `unit` apart in their bits once they are scaled (to what infinity, 2^16
/// in float16, is then).
template <std::floating_point T>
inline Vec<T> nextafter(Vec<T> x, Vec<T> y, unsigned unit, double scale) {
  // The numbers of one sign are in the order of their bits: one more, or one less.
  const UIntBatch<T> step(unit);
  const Vec<T> one_step = from_bits<T>(step);
  const Mask<T> outward = (x < y) ^ (x < T(0));
  const UIntBatch<T> more = to_bits(keep(outward, one_step));
  const Vec<T> scaled = scale == 1 ? x : clamp(x, T(-0x1p16), T(0x1p16)) * T(scale);
  const Vec<T> next = from_bits<T>(to_bits(scaled) + more + more - step);
  const Vec<T> from_zero = magnitude_of_sign(one_step, sign_bit(y));
  const Vec<T> found = where(x == T(0), from_zero, next) * T(1 / scale);
  return where(x == y, y, where((x != x) | (y != y), x + y, found));
}
// The parts of x = m 2^e with |m| in [0.5, 1); x and 0 for 0 and what is not finite.
template <std::floating_point T>
inline Vec<T> frexp_mantissa(Vec<T> x) {
  using F = FloatBits<T>;
  const Vec<T> a = abs(x);
  const UIntBatch<T> bits = to_bits(where(a < F::smallest_normal, a * F::denormal_scale, a));
  const UIntBatch<T> fraction((typename F::UInt(1) << F::mantissa) - 1);
  const Vec<T> m = from_bits<T>((bits & fraction) | to_bits(Vec<T>(T(0.5))));
  return where((a > T(0)) & (a < T(HUGE_VAL)), magnitude_of_sign(m, sign_bit(x)), x);
}
template <std::floating_point T>
inline Vec<T> frexp_exponent(Vec<T> x) {
  using F = FloatBits<T>;
  constexpr T shift = static_cast<T>(typename F::UInt(1) << F::mantissa);  // its mantissa holds the bits
  const Vec<T> a = abs(x);
  const Mask<T> denormal = a < F::smallest_normal;
  const UIntBatch<T> bits = to_bits(where(denormal, a * F::denormal_scale, a)) >> F::mantissa;
  const Vec<T> e = from_bits<T>(bits | to_bits(Vec<T>(shift))) - (shift + T(F::bias - 1)) -
                   keep(denormal, F::denormal_shift);
  return keep((a > T(0)) & (a < T(HUGE_VAL)), e);
}

template <std::integral T>
inline Vec<T> gcd(Vec<T> a, Vec<T> b) {
  while (b.v != T(0)) {
    const Vec<T> r = fmod(a, b);
    a = b;
    b = r;
  }
  return abs(a);
}
template <std::integral T>
inline Vec<T> lcm(Vec<T> a, Vec<T> b) {
  const Vec<T> g = gcd(a, b);
  if (g.v == T(0)) return g;
  if constexpr (sizeof(T) < sizeof(int)) {  // whose product wraps around last, as in PyTorch
    const int product = a.v / g.v * b.v;
    return Vec<T>(static_cast<T>(product < 0 ? -product : product));
  } else {
    return abs(a / g * b);
  }
}

}  // namespace xgrad::kernels::XGRAD_ISA
