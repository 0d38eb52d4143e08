// Special functions in registers, most of them lane by lane, in double also for float.
#pragma once

#include <cmath>

#include <xgrad/core/kernels/rare/polynomials.h>
#include <xgrad/core/kernels/rare/special.h>

#include "vec.h"
#include "vec_bessel.h"

namespace xgrad::kernels::XGRAD_ISA {

#define XGRAD_LANES(name, function)                                                                    \
  template <class T>                                                                                   \
  inline Vec<T> name(Vec<T> x) {                                                                       \
    return per_lane([](T v) { return static_cast<T>(special::function(static_cast<double>(v))); }, x); \
  }
XGRAD_LANES(special_erfcx, erfcx)
XGRAD_LANES(special_airy_ai, airy_ai)
#undef XGRAD_LANES

/// The same of two numbers.
template <double (*f)(double, double), class T>
inline Vec<T> lanes_of_two(Vec<T> x, Vec<T> y) {
  return per_lane([](T v, T w) { return static_cast<T>(f(static_cast<double>(v), static_cast<double>(w))); },
                  x, y);
}
template <class T>
inline Vec<T> special_zeta(Vec<T> s, Vec<T> q) {
  return lanes_of_two<special::zeta>(s, q);
}

/// p_n of a family of polynomials, by its recurrence in registers where n is one small number.
template <class P, double (*f)(double, double), class T>
inline Vec<T> polynomial_of_family(Vec<T> x, Vec<T> n) {
  T degree[Vec<T>::size];
  n.store(degree);
  if (!(degree[0] >= T(1) && degree[0] < T(7) && all(n == degree[0]))) return lanes_of_two<f>(x, n);
  const auto recur = [whole = static_cast<int>(degree[0])](Vec<double> v) {
    Vec<double> before = 1., p = P::first(v);
    for (int k = 1; k < whole; ++k) {
      const Vec<double> next = P::next(v, k, p, before);
      before = p;
      p = next;
    }
    return p;
  };
  if constexpr (sizeof(T) == 4)
    return through_double(recur, x);
  else
    return recur(x);
}
#define XGRAD_POLYNOMIAL_OF_FAMILY(name, ...)                               \
  template <class T>                                                        \
  inline Vec<T> special_##name(Vec<T> x, Vec<T> n) {                        \
    return polynomial_of_family<special::__VA_ARGS__, special::name>(x, n); \
  }
XGRAD_POLYNOMIAL_OF_FAMILY(chebyshev_polynomial_t, ChebyshevT)
XGRAD_POLYNOMIAL_OF_FAMILY(chebyshev_polynomial_u, ChebyshevU)
XGRAD_POLYNOMIAL_OF_FAMILY(chebyshev_polynomial_v, ChebyshevV)
XGRAD_POLYNOMIAL_OF_FAMILY(chebyshev_polynomial_w, ChebyshevW)
XGRAD_POLYNOMIAL_OF_FAMILY(shifted_chebyshev_polynomial_t, Shifted<special::ChebyshevT>)
XGRAD_POLYNOMIAL_OF_FAMILY(shifted_chebyshev_polynomial_u, Shifted<special::ChebyshevU>)
XGRAD_POLYNOMIAL_OF_FAMILY(shifted_chebyshev_polynomial_v, Shifted<special::ChebyshevV>)
XGRAD_POLYNOMIAL_OF_FAMILY(shifted_chebyshev_polynomial_w, Shifted<special::ChebyshevW>)
XGRAD_POLYNOMIAL_OF_FAMILY(hermite_polynomial_h, HermiteH)
XGRAD_POLYNOMIAL_OF_FAMILY(hermite_polynomial_he, HermiteHe)
XGRAD_POLYNOMIAL_OF_FAMILY(laguerre_polynomial_l, Laguerre)
XGRAD_POLYNOMIAL_OF_FAMILY(legendre_polynomial_p, Legendre)
#undef XGRAD_POLYNOMIAL_OF_FAMILY

template <class T>
inline Vec<T> special_spherical_bessel_j0(Vec<T> x) {
  return where(isinf(x), T(0), where(x == T(0), T(1), sin(x) / x));
}

/// log(ndtr(x)) for x >= -38.
XGRAD_SIMD_INLINE Vec<double> log_ndtr_moderate(Vec<double> x) {
  const Vec<double> a = x * -0.70710678118654752440;
  const Vec<double> tail = erfcx_of_positive(clamp(a, 0., erfc_highest<double>));
  return where(x < -1., log(tail * 0.5) - x * x * 0.5, log1p(erfc(-a) * -0.5));
}
template <class T>
inline Vec<T> special_log_ndtr(Vec<T> x) {
  if constexpr (has_fma) {
    if (all(x > T(-38))) {
      if constexpr (sizeof(T) == 4)
        return through_double(&log_ndtr_moderate, x);
      else
        return log_ndtr_moderate(x);
    }
  }
  return per_lane([](T v) { return static_cast<T>(special::log_ndtr(static_cast<double>(v))); }, x);
}

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
  Vec<T> scaled = x;
  if (sizeof(T) == 4 && scale != 1) scaled = clamp(x, T(-0x1p16), T(0x1p16)) * T(scale);
  const Vec<T> next = from_bits<T>(to_bits(scaled) + more + more - step);
  const Vec<T> from_zero = magnitude_of_sign(one_step, sign_bit(y));
  Vec<T> found = where(x == T(0), from_zero, next);
  if (sizeof(T) == 4) found = found * T(1 / scale);
  return where((x == x) & (y == y), where(x == y, y, found), x + y);
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
