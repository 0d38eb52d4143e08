// erf and erfinv, and for float erfc, lgamma and digamma in registers; what is left lane by lane, in double.
#pragma once

#include "vec_exp.h"
#include "vec_log.h"

namespace xgrad::kernels::XGRAD_ISA {

/// erf near 0, of floats up to 0.92, of doubles up to 0.8.
template <class T>
XGRAD_SIMD_INLINE Vec<T> erf_near(Vec<T> x) {
  const Vec<T> z = x * x;
  Vec<T> ratio;  // erf(x) / x - 1
  if constexpr (sizeof(T) == 4)
    ratio = polynomial(z, 0.128379151f, -0.376124948f, 0.112818152f, -0.0267665703f, 0.00499311043f,
                       -0.000599049265f);
  else
    ratio = polynomial(z, 0.12837916709551256, -0.3761263890318352, 0.11283791670944185,
                       -0.026866170643111503, 0.005223977606118717, -0.000854832592932526,
                       0.00012055293577214493, -1.4924712308035048e-05, 1.6447131646157877e-06,
                       -1.6206314335944688e-07, 1.3710982903968722e-08, -7.779473159479959e-10);
  return fma(x, ratio, x);
}

/// erf and its slope at every c that is a multiple of 1/64, up to 6, from which on erf is 1. A NaN may be
/// looked up at any place.
template <class T>
struct ErfTable {
  static constexpr int size = 512;
  T value[size], slope[size];

  constexpr ErfTable() : value{}, slope{} {
    for (int i = 0; i <= 6 * 64; ++i) {
      // Terms of one sign only: erf(c) = slope (c + 2 c^3 / 3 + 4 c^5 / 15 + ...),
      // slope = 2 / sqrt(pi) / e^(c^2).
      const long double c = i / 64.0L, square = c * c;
      long double sum = 0, term = c, exponential = 0, power = 1;
      for (int k = 1; k < 160; ++k) {
        sum += term;
        exponential += power;
        term *= 2 * square / (2 * k + 1);
        power *= square / k;
      }
      const long double at = 1.12837916709551257389615890312154517L / exponential;
      value[i] = static_cast<T>(at * sum);
      slope[i] = static_cast<T>(at);
    }
  }
};
template <class T>
inline constexpr ErfTable<T> erf_table{};

template <class T>
XGRAD_SIMD_INLINE Vec<T> erf(Vec<T> x) {
  const Vec<T> a = abs(x);
  if constexpr (sizeof(T) == 4) {
    const Vec<T> exponent =  // -log(erfc(x))
        polynomial(clamp(a, T(0), T(4)), 0.000209976308f, 1.12761521f, 0.637286186f, 0.103838496f,
                   -0.0221811961f, 0.00303154835f, -0.000194729f);
    const auto [n, r, lost, shifted] = reduce_exp(-exponent);
    const Vec<T> outer = T(1) - scale_by_bits(exp_reduced(r), shifted);
    return magnitude_of_sign(where(a < T(0.92195445), erf_near(a), outer), sign_bit(x));
  } else {
    // Taylor's series around the next c: what d = a - c adds is the slope at c times d times a polynomial in
    // u = c d and v = d^2.
    const Vec<T> below = clamp(a, T(0), T(6)), shifted = below + T(FloatBits<T>::magic / 64);
    const Vec<T> c = shifted - T(FloatBits<T>::magic / 64), d = below - c, u = c * d, v = d * d;
    const UIntBatch<T> place = to_bits(shifted) & UIntBatch<T>(ErfTable<T>::size - 1);
    const Vec<T> value(raw::gather(erf_table<T>.value, place)), slope(raw::gather(erf_table<T>.slope, place));
    const Vec<T> in_v = fma(polynomial(v, T(0.1), T(-1. / 42)) - u * T(1. / 6), v,
                            polynomial(u, T(-1. / 3), T(0.5), T(-0.4), T(2. / 9)));
    const Vec<T> more =
        fma(v, in_v, u * polynomial(u, T(-1), T(2. / 3), T(-1. / 3), T(2. / 15), T(-2. / 45)));
    const Vec<T> step = slope * d;
    return magnitude_of_sign(value + fma(step, more, step), sign_bit(x));
  }
}

/// Polynomials in a - c, around every c that is a multiple of `step`: of Q(a), by which the integral of the
/// standard normal density up to a misses 1, and of Q(a) + a Q'(a), by which the slope of a (1 - Q(a)) does.
/// Around the last c, at `end`, and beyond, both count as 0.
struct NormalTable {
  static constexpr int pieces = raw::look_up_size, degree = pieces == 16 ? 5 : 7;
  static constexpr float step = pieces == 16 ? 0.3984375f : 0.890625f, end = (pieces - 1) * step;
  float tail[degree + 1][pieces], slope[degree + 1][pieces];

  constexpr NormalTable() : tail{}, slope{} {
    for (int piece = 0; piece < pieces - 1; ++piece) {
      long double at[degree + 1] = {}, q[degree + 1] = {}, s[degree + 1] = {};
      for (int i = 0; i <= degree; ++i) {
        at[i] = step / 2 * chebyshev_point(i, degree);
        // 1/2 - Q(a) is the density times a + a^3 / 3 + a^5 / 15 + ...
        const long double a = piece * step + at[i];
        long double sum = 0, term = a, exponential = 0, power = 1;
        for (int k = 1; k < 160; ++k) {
          sum += term;
          exponential += power;
          term *= a * a / (2 * k + 1);
          power *= a * a / 2 / k;
        }
        const long double density = 0.398942280401432677939946059934381868L / exponential;
        q[i] = 0.5L - density * sum;
        s[i] = q[i] - a * density;
      }
      interpolate(at, q, tail, piece);
      interpolate(at, s, slope, piece);
    }
  }
};
inline constexpr NormalTable normal_table{};

/// The integral of the standard normal density up to x.
template <class T>
XGRAD_SIMD_INLINE Vec<T> normal_cdf(Vec<T> x) {
  return T(0.5) * (T(1) + erf(x * T(0.70710678118654752440)));
}

/// x normal_cdf(x), of floats with a small relative error to both sides.
template <class T>
XGRAD_SIMD_INLINE Vec<T> gelu_value(Vec<T> x) {
  if constexpr (sizeof(T) == 4) {
    const Vec<T> below = at_most(abs(x), NormalTable::end);
    return at_least(x, T(0)) - below * look_up(normal_table.tail, NormalTable::step, below);
  } else {
    return x * normal_cdf(x);
  }
}

/// Its derivative.
template <class T>
XGRAD_SIMD_INLINE Vec<T> gelu_slope(Vec<T> x) {
  if constexpr (sizeof(T) == 4) {
    const Vec<T> tail = look_up(normal_table.slope, NormalTable::step, at_most(abs(x), NormalTable::end));
    return where(x < T(0), tail, T(1) - tail);
  } else {
    // At most the first for which the density counts as 0; numbers that are not normal are left out.
    const Vec<T> near = clamp(x, T(-37.665), T(37.665));
    return normal_cdf(x) + near * (T(0.39894228040143267794) * exp(T(-0.5) * (near * near)));
  }
}

/// The largest number of which erfc is not 0, and a little more.
template <class T>
inline constexpr T erfc_highest = sizeof(T) == 4 ? T(10.2) : T(27.6);

/// e^(a^2) erfc(a) for a between 0 and that.
template <class T>
XGRAD_SIMD_INLINE Vec<T> erfcx_of_positive(Vec<T> a) {
  constexpr T middle = sizeof(T) == 4 ? T(2) : T(3);
  const Vec<T> t = (a - middle) / (a + middle);
  Vec<T> p;
  if constexpr (sizeof(T) == 4)
    p = polynomial(t, 1.27697837f, -0.0927639157f, -0.166031346f, 0.164053544f, -0.0542051159f,
                   -0.00804677512f, 0.00863755774f, 0.00127791159f, -0.00125057867f, -0.000367562025f,
                   2.43032632e-05f);
  else
    p = long_polynomial(t, 1.2530080582697296, -0.13562110612458148, -0.04756229435345209,
                        0.12964515870280574, -0.1192736634152153, 0.06830802734191228, -0.023770514920773474,
                        0.0025293918598082972, 0.001888690375218124, -0.0007798327805023595,
                        -0.00010515973695737445, 0.00012510285184995265, 4.947690315074725e-06,
                        -2.011512575536524e-05, -7.191794222645154e-07, 3.507806559400319e-06,
                        3.150236884637067e-07, -6.60583864712777e-07, -6.849664147300422e-08,
                        1.162953136591117e-07, -1.4385642365171803e-08);
  return p / fma(a, Vec<T>(T(2)), Vec<T>(T(1)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> erfc(Vec<T> x) {
  if constexpr (has_fma) {
    // What the square loses to rounding goes into the exponent.
    const Vec<T> a = clamp(abs(x), T(0), erfc_highest<T>), square = a * a;
    const auto [n, r, lost, shifted] = reduce_exp(-square);
    const Vec<T> y = scale(exp_reduced(r + (lost - fma(a, a, -square))) * erfcx_of_positive(a), n);
    return where(a < T(0.8), T(1) - erf_near(x), where(x < T(0), T(2) - y, y));
  } else {
    return per_lane([](T v) { return static_cast<T>(::erfc(static_cast<double>(v))); }, x);
  }
}

/// The quantile of the normal distribution at 1/2 + y, far out, where the smaller side is `tail`: by the root
/// of -2 log tail, with the coefficients of Moshier's Cephes library.
template <class T>
XGRAD_SIMD_NOINLINE Vec<T> normal_quantile_far(Vec<T> y, Vec<T> tail) {
  const Vec<T> x = sqrt(T(-2) * log(tail)), inverse = T(1) / x;
  const Vec<T> ratio = where(
      x < T(8),
      polynomial(inverse, T(-0.0008574567851546854), T(-0.03504246268278482), T(-0.1402560791713545),
                 T(2.1866330685079025), T(14.684956192885803), T(44.08050738932008), T(57.16281922464213),
                 T(31.525109459989388), T(4.0554489230596245)) /
          polynomial(inverse, T(-0.0009332594808954574), T(-0.03808064076915783), T(-0.14218292285478779),
                     T(2.504649462083094), T(15.04253856929075), T(41.3172038254672), T(45.39076351288792),
                     T(15.779988325646675), T(1.0)),
      polynomial(inverse, T(6.239745391849833e-09), T(2.6580697468673755e-06), T(0.00030158155350823543),
                 T(0.012371663481782003), T(0.20148538954917908), T(1.3330346081580755),
                 T(3.9388102529247444), T(6.915228890689842), T(3.2377489177694603)) /
          polynomial(inverse, T(6.790194080099813e-09), T(2.8924786474538068e-06), T(0.00032801446468212774),
                     T(0.013420400608854318), T(0.21623699359449663), T(1.3770209948908132),
                     T(3.6798356385616087), T(6.02427039364742), T(1.0)));
  return magnitude_of_sign(x - log(x) * inverse - inverse * ratio, sign_bit(y));
}

/// Polynomials of erfinv(x) / x in t = 1 - x^2, for eight octaves below 1, or for both halves of each.
template <class T>
struct QuantileTable {
  static constexpr int pieces = raw::look_up_size, parts = pieces / 8;
  static constexpr int degree = sizeof(T) == 8 ? 14 : parts == 2 ? 6 : 8;
  static constexpr int fraction =
      FloatBits<T>::mantissa + 1 - parts;  // the bits of t below those of its piece
  static constexpr T middle = T(1) + T(0.5) / parts;
  T ratio[degree + 1][pieces];

  constexpr QuantileTable() : ratio{} {
    for (int piece = 0; piece < pieces; ++piece) {
      // In the order of the last bits of the exponents, of halves with the first one of the fractions, from
      // 2^-1 down.
      const int octave = (piece / parts + 1) % 8;
      long double at[degree + 1] = {}, y[degree + 1] = {}, z = 0;
      for (int i = 0; i <= degree; ++i) {
        at[i] = chebyshev_point(i, degree) / (2 * parts);
        const long double t = (middle + piece % parts * 0.5L + at[i]) * (1 << octave) / 256;
        long double x = 1 - t / 2, step = 1;
        for (int k = 0; k < 9; ++k) x = (x + (1 - t) / x) / 2;
        // erf(z) = slope (z + 2 z^3 / 3 + ...) bends down: Newton's steps from a smaller z end below x.
        while (step > 1e-10L || step < -1e-10L) {
          long double sum = 0, term = z, exponential = 0, power = 1;
          for (int n = 1; n < 45; ++n) {
            sum += term;
            exponential += power;
            term *= 2 * z * z / (2 * n + 1);
            power *= z * z / n;
          }
          step = x * exponential * 0.886226925452758013649083741670572591L - sum;
          z += step;
        }
        y[i] = z / x;
      }
      interpolate(at, y, ratio, piece);
    }
  }
};
template <class T>
inline constexpr QuantileTable<T> quantile_table{};

/// The quantile of the normal distribution at 1/2 + x / 2, divided by the root of 2, where the smaller side
/// is `tail`. Where registers hold no table, in the form of Giles (Approximating the erfinv function, 2010):
/// x times a polynomial in -log(1 - x^2).
template <class T>
XGRAD_SIMD_INLINE Vec<T> erfinv_of_tail(Vec<T> x, Vec<T> tail) {
  const Vec<T> t = T(4) * tail * (T(1) - tail);
  Vec<T> ratio;
  Mask<T> usual;
  if constexpr (raw::looks_up<T>) {
    using Q = QuantileTable<T>;
    const UIntBatch<T> bits = to_bits(at_most(t, T(1 - (sizeof(T) == 4 ? 0x1p-24 : 0x1p-53))));
    const UIntBatch<T> below((uint64_t{1} << Q::fraction) - 1);
    const Vec<T> part = from_bits<T>((bits & below) | UIntBatch<T>(FloatBits<T>::one));
    ratio = look_up(quantile_table<T>.ratio, bits >> Q::fraction, part - Q::middle);
    usual = t >= T(0x1p-8);
  } else {
    const Vec<T> w = -log(t);
    ratio =
        long_polynomial(w - T(2.5), T(1.501409351110792), T(0.2466402767441667), T(-0.004177317724383496),
                        T(-0.0012527079078074829), T(0.00021825026434256318), T(-4.996079611173956e-06),
                        T(-3.416619591404169e-06), T(4.787252381299726e-07), T(1.341679559820944e-08),
                        T(-1.086118607299662e-08), T(9.073107389663029e-10), T(1.196159853985287e-10),
                        T(-3.110649163196451e-11), T(9.08606053079741e-13), T(5.368481716774611e-13),
                        T(-7.551199522345375e-14), T(-3.132281484589996e-15), T(1.8184842927434184e-15),
                        T(-1.0474938411750245e-16), T(-2.1255566343301617e-17), T(2.6458718947420677e-18));
    usual = w < T(5);
  }
  const Vec<T> middle = x * ratio;
  if (all(usual)) [[likely]]
    return middle;
  const Vec<T> outer = normal_quantile_far(x, tail) * T(0.70710678118654752440);
  return where(usual, middle, where(tail > T(0), outer, where(tail == T(0), x * T(HUGE_VAL), T(NAN))));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> erfinv(Vec<T> x) {
  return erfinv_of_tail(x, (T(1) - abs(x)) * T(0.5));
}

/// x, or x + 8 where that is less than 8, with what the gamma function of both differs in: the product of
/// x ... x + 7, and its derivative; 1 and 0 otherwise.
struct GammaShifted {
  Vec<double> x, product, slope;
};
XGRAD_SIMD_INLINE GammaShifted shift_gamma(Vec<double> x) {
  const Mask<double> small = x < 8.;
  Vec<double> product = x, slope = 1.;
  for (int i = 1; i < 8; ++i) {
    const Vec<double> next = x + static_cast<double>(i);
    slope = fma(slope, next, product);
    product = product * next;
  }
  return {where(small, x + 8., x), where(small, product, 1.), where(small, slope, 0.)};
}

/// Stirling's series, for 0 < x < 1e30, exact enough to be rounded to a float also near the roots.
XGRAD_SIMD_INLINE Vec<double> lgamma_of_positive(Vec<double> x) {
  const GammaShifted s = shift_gamma(x);
  const Vec<double> inverse = 1. / s.x, z = inverse * inverse;
  const Vec<double> series = polynomial(z, 1. / 12, -1. / 360, 1. / 1260, -1. / 1680, 1. / 1188,
                                        -691. / 360360, 1. / 156, -3617. / 122400);
  const Vec<double> y =
      (s.x - 0.5) * log(s.x) - s.x + 0.91893853320467274178 + series * inverse - log(s.product);
  return where((x == 1.) | (x == 2.), 0., y);
}

/// Its derivative.
XGRAD_SIMD_INLINE Vec<double> digamma_of_positive(Vec<double> x) {
  const GammaShifted s = shift_gamma(x);
  const Vec<double> inverse = 1. / s.x, z = inverse * inverse;
  const Vec<double> series =
      polynomial(z, 1. / 12, -1. / 120, 1. / 252, -1. / 240, 1. / 132, -691. / 32760, 1. / 12, -3617. / 8160);
  return log(s.x) - 0.5 * inverse - z * series - s.slope / s.product;
}

/// log |Gamma(x)|, without the global sign that C's lgamma writes where a variant without it exists.
template <class T>
XGRAD_SIMD_INLINE Vec<T> lgamma(Vec<T> x) {
  if constexpr (sizeof(T) == 4)
    if (all((x > T(0)) & (x < T(1e30)))) return through_double(&lgamma_of_positive, x);
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

/// digamma over the distance from its root, at t + 1.75 for t within a half.
template <class V>
XGRAD_SIMD_INLINE V digamma_slope(V t) {
  constexpr double c[] = {
      0.8581832171262995,     -0.32625462786810566,    0.1571201133520546,     -0.08228558635579855,
      0.044799654451191294,   -0.02489004848707817,    0.013985786265213792,   -0.00791046885747627,
      0.0044918116039723436,  -0.0025566846737598357,  0.00145740579601494,    -0.0008315217570072043,
      0.00047440227424190893, -0.0002708867784366539,  0.00015636112882714214, -8.944783616022004e-05,
      4.556850548104489e-05,  -2.5795266420429073e-05, 2.515607011442364e-05,  -1.4577361968054882e-05};
  V slope = 0.;
  for (int i = static_cast<int>(sizeof(c) / sizeof(c[0])) - 1; i >= 0; --i) slope = slope * t + c[i];
  return slope;
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
  const double distance = (x - 1.4616321449683622) - 9.549995429965697e-17;
  return result + (distance * digamma_slope(x - 1.75) + steps);
}

/// The same for 0 < x < 1e300.
XGRAD_SIMD_NOINLINE inline Vec<double> digamma_in_registers(Vec<double> all) {
  const Mask<double> large = all >= 10.;
  Vec<double> x = where(large, 2., all), steps = 0.;
  for (Mask<double> m; any(m = x >= 2.25);) {
    x = x - keep(m, 1.);
    steps = steps + keep(m, 1. / x);
  }
  for (Mask<double> m; any(m = x < 1.25); x = x + keep(m, 1.)) steps = steps - keep(m, 1. / x);
  const Vec<double> distance = (x - 1.4616321449683622) - 9.549995429965697e-17;
  const Vec<double> small = fma(distance, digamma_slope(x - 1.75), steps);
  if (!any(large)) return small;
  const Vec<double> inverse = 1. / all, z = inverse * inverse;
  const Vec<double> series =
      polynomial(z, 1. / 12, -1. / 120, 1. / 252, -1. / 240, 1. / 132, -691. / 32760, 1. / 12);
  return where(large, log(all) - fma(z, series, 0.5 * inverse), small);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> digamma(Vec<T> x) {
  if constexpr (sizeof(T) == 4) {
    if (all((x > T(0)) & (x < T(1e30)))) return through_double(&digamma_of_positive, x);
  } else if (all((x > T(0)) & (x < T(1e300)))) {
    return digamma_in_registers(x);
  }
  return per_lane([](T v) { return static_cast<T>(digamma_of(static_cast<double>(v))); }, x);
}

}  // namespace xgrad::kernels::XGRAD_ISA
