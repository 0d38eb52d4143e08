// erf in registers; erfc, lgamma and digamma lane by lane, in double also for float.
#pragma once

#include "vec_exp.h"

namespace xgrad::kernels::XGRAD_ISA {

template <class T>
XGRAD_SIMD_INLINE Vec<T> erf(Vec<T> x) {
  const Vec<T> a = abs(x), z = a * a;
  Vec<T> small, exponent;  // erf(x) / x - 1, and -log(erfc(x))
  if constexpr (sizeof(T) == 4) {
    small = polynomial(z, 0.128379151f, -0.376124948f, 0.112818152f, -0.0267665703f, 0.00499311043f,
                       -0.000599049265f);
    exponent = polynomial(clamp(a, T(0), T(4)), 0.000209976308f, 1.12761521f, 0.637286186f, 0.103838496f,
                          -0.0221811961f, 0.00303154835f, -0.000194729f);
  } else {
    small = polynomial(z, 0.12837916709551256, -0.3761263890318352, 0.11283791670944185,
                       -0.026866170643111503, 0.005223977606118717, -0.000854832592932526,
                       0.00012055293577214493, -1.4924712308035048e-05, 1.6447131646157877e-06,
                       -1.6206314335944688e-07, 1.3710982903968722e-08, -7.779473159479959e-10);
    exponent = polynomial(clamp(a, T(0), T(5.95)) - T(2), 5.364941264616633, 4.418160805994332,
                          0.9237508418239945, 0.01646511814049611, -0.003570756343142129,
                          0.0007323993532351201, -0.00013530938322546093, 2.0706536358766623e-05,
                          -1.9520014228671262e-06, -2.037934717975316e-07, 1.728755416387299e-07,
                          -5.767170431743736e-08, 1.42335524884339e-08, -2.6198628347007244e-09,
                          1.5227100251764803e-10, 8.416640807961461e-11, -1.7403578387894422e-11);
  }
  const auto [n, r, lost] = reduce_exp(-exponent);
  const Vec<T> outer = T(1) - (fma(r * r, exp_tail(r), r) + T(1)) * power_of_two(n);
  constexpr T border = sizeof(T) == 4 ? T(0.92195445) : T(1);
  return magnitude_of_sign(where(a < border, fma(a, small, a), outer), sign_bit(x));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> erfc(Vec<T> x) {
  return per_lane([](T v) { return static_cast<T>(::erfc(static_cast<double>(v))); }, x);
}

/// log |Gamma(x)|, without the global sign that C's lgamma writes where a variant without it exists.
template <class T>
XGRAD_SIMD_INLINE Vec<T> lgamma(Vec<T> x) {
#if defined(__GLIBC__) || defined(__APPLE__)
  return per_lane(
      [](T v) {
        int sign;
        return static_cast<T>(::lgamma_r(static_cast<double>(v), &sign));
      },
      x);
#else
  return per_lane([](T v) { return static_cast<T>(::lgamma(static_cast<double>(v))); }, x);
#endif
}

/// The derivative of log Gamma. Around its root a polynomial times the distance from the root, elsewhere
/// psi(x + 1) = psi(x) + 1 / x, the asymptotic series from 10 on, and reflection below 0.
XGRAD_SIMD_NOINLINE inline double digamma_of(double x) {
  constexpr double pi = 3.14159265358979323846;
  if (x == 0) return ::copysign(HUGE_VAL, -x);
  double result = 0;
  if (x < 0) {
    const double part = x - ::trunc(x);
    if (part == 0 || part != part) return NAN;
    if (x > -0.25) return digamma_of(x + 1) - 1 / x;
    // pi cot(pi x), whose zero at -1/2 must be met exactly.
    const double p = part < -0.5 ? part + 1 : part, a = ::fabs(p);
    result = -::copysign(a > 0.25 ? pi * ::tan(pi * (0.5 - a)) : pi / ::tan(pi * a), p);
    x = 1 - x;
  }
  if (!(x < 10)) {
    const double z = 1 / (x * x);
    const double series =
        z * (1. / 12 -
             z * (1. / 120 - z * (1. / 252 - z * (1. / 240 - z * (1. / 132 - z * (691. / 32760 - z / 12))))));
    return x == HUGE_VAL ? x : result + (::log(x) - 0.5 / x - series);
  }
  double steps = 0;
  for (; x >= 2.25; steps += 1 / x) x -= 1;
  for (; x < 1.25; x += 1) steps -= 1 / x;
  const double t = x - 1.75;
  const double c[] = {
      0.8581832171262995,     -0.32625462786810566,    0.1571201133520546,     -0.08228558635579855,
      0.044799654451191294,   -0.02489004848707817,    0.013985786265213792,   -0.00791046885747627,
      0.0044918116039723436,  -0.0025566846737598357,  0.00145740579601494,    -0.0008315217570072043,
      0.00047440227424190893, -0.0002708867784366539,  0.00015636112882714214, -8.944783616022004e-05,
      4.556850548104489e-05,  -2.5795266420429073e-05, 2.515607011442364e-05,  -1.4577361968054882e-05};
  double slope = 0;
  for (int i = static_cast<int>(sizeof(c) / sizeof(c[0])) - 1; i >= 0; --i) slope = slope * t + c[i];
  const double distance = (x - 1.4616321449683622) - 9.549995429965697e-17;
  return result + (distance * slope + steps);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> digamma(Vec<T> x) {
  return per_lane([](T v) { return static_cast<T>(digamma_of(static_cast<double>(v))); }, x);
}

}  // namespace xgrad::kernels::XGRAD_ISA
