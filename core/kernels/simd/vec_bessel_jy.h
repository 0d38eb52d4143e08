// Bessel functions of the first and second kind, of order 0 and 1, by the coefficients of Moshier's Cephes
// library: quotients in x^2 up to 5, and in (5 / x)^2 from there on. A float is computed in double, since
// near a root its own digits are not enough; of doubles beyond 5 libm knows a digit more.
#pragma once

#include <xgrad/core/kernels/rare/special.h>

#include "vec_log.h"
#include "vec_trig.h"

namespace xgrad::kernels::XGRAD_ISA {

/// J of an order up to 5, over its first two roots.
template <int order>
XGRAD_SIMD_INLINE Vec<double> bessel_j_near(Vec<double> x) {
  const Vec<double> z = x * x;
  if constexpr (order == 0)
    return (z - 5.783185962946784521) * (z - 30.47126234366208640) *
           polynomial(z, 9708622510473064.0, -249248344360967.72, 1956174919465.5657, -4794432209.782018) /
           polynomial(z, 1.7108629408104315e+18, 3.1812195594320496e+16, 310518229857422.56,
                      2112775201154.892, 11185553704.535683, 48440965.83399621, 173785.4016763747,
                      499.563147152651, 1.0);
  else
    return x * (z - 14.681970642123893257) * (z - 49.218456321694603670) *
           polynomial(z, 3682957328638529.0, -72749424522181.83, 452228297998.19403, -899971225.7055594) /
           polynomial(z, 5.322786203326801e+18, 8.952223361846274e+16, 784369607876235.9, 4749141220799.914,
                      22151159547.97925, 83514679.14319493, 256987.25675774884, 620.8364781180543, 1.0);
}

/// Y of an order for 0 <= x <= 5.
template <int order>
XGRAD_SIMD_INLINE Vec<double> bessel_y_near(Vec<double> x) {
  constexpr double two_over_pi = 0.63661977236758134308;
  const Vec<double> z = x * x, part = log(x) * bessel_j_near<order>(x);
  if constexpr (order == 0)
    return polynomial(z, -1.8495080043698668e+16, 4.4273326857256984e+16, -3466283033847297.0,
                      87590639439536.7, -982136065717.9115, 5435264770.518765, -14663929.59039716,
                      15592.436785523574) /
               polynomial(z, 2.5059625617265306e+17, 3171577528429750.5, 20297961275010.555, 86400248710.3935,
                          268919633.39381415, 626107.330137135, 1041.2835366425984, 1.0) +
           two_over_pi * part;
  else
    return where(x == 0., -HUGE_VAL,
                 x *
                         polynomial(z, -7.788771962659501e+17, 2.024394757135949e+17, -8127702555013251.0,
                                    114509511541823.73, -647355876379.1603, 1263204747.9017804) /
                         polynomial(z, 3.9727060811656064e+18, 6.871410873553005e+16, 620557727146953.8,
                                    3882312774962.3857, 18760131610.870617, 73481194.44597217,
                                    235564.09294306856, 594.3015923461282, 1.0) +
                     two_over_pi * (part - 1. / x));
}

/// J or Y of an order for x >= 5: sqrt(2 / (pi x)) times P cos(u) - Q sin(u) or P sin(u) + Q cos(u), where
/// u = x - (order + 1/2) pi / 2.
template <int order, bool second>
XGRAD_SIMD_INLINE Vec<double> bessel_far(Vec<double> x) {
  const Vec<double> t = 5. / x, w = t * t;
  Vec<double> p, q;
  if constexpr (order == 0) {
    p = polynomial(w, 1.0, 5.303240382353949, 8.74716500199817, 5.447250030587687, 1.239533716464143,
                   0.08283523921074408, 0.0007969367292973471) /
        polynomial(w, 1.0, 5.306052882353947, 8.761908832370695, 5.470977403304171, 1.2535274390105895,
                   0.08562884743544745, 0.0009244088105588637);
    q = polynomial(w, -6.050143506007285, -51.41053267665993, -147.07750515495118, -177.68116798048806,
                   -93.20601521237683, -19.553954425773597, -1.2825271867050931, -0.011366383889846916) /
        polynomial(w, 242.0057402402914, 2062.0933166032783, 5930.727011873169, 7240.467741956525,
                   3882.4018360540163, 856.4300259769806, 64.3178256118178, 1.0);
  } else {
    p = polynomial(w, 1.0, 5.214515986823615, 8.424045901417724, 5.112079511468076, 1.1271960812968493,
                   0.07313970569409176, 0.0007621256162081731) /
        polynomial(w, 1.0, 5.209828486823619, 8.399855543276042, 5.073863861286015, 1.105142326340617,
                   0.06884559087544954, 0.0005713231280725487);
    q = polynomial(w, 25.207020585802372, 211.68875710057213, 597.4896124006136, 710.8563049989261,
                   366.7796093601508, 75.82382841325453, 4.982138729512334, 0.05108625947501766) /
        polynomial(w, 336.0936078106983, 2826.1927851763908, 7997.041604473507, 9562.318924047562,
                   4986.410583376536, 1056.4488603826283, 74.23732770356752, 1.0);
  }
  const TrigReduced<double> reduced = reduce_trig<false>(x);
  const Vec<double> z = reduced.r * reduced.r;
  const Vec<double> even = sin_reduced(reduced, z), odd = cos_reduced(reduced, z);
  const Mask<double> turned = quadrant_odd<double>(reduced.quadrant);
  const Vec<double> s = magnitude_of_sign(where(turned, odd, even), quadrant_sign<double>(reduced.quadrant));
  const Vec<double> c = magnitude_of_sign(where(turned, even, odd),
                                          quadrant_sign<double>(reduced.quadrant + UIntBatch<double>(1u)));
  const Vec<double> cosine = order == 0 ? s + c : s - c,
                    sine = order == 0 ? s - c : -(s + c);  // times sqrt(2)
  q = q * t;
  return (second ? p * sine + q * cosine : p * cosine - q * sine) * (0.56418958354775628695 / sqrt(x));
}

template <int order, bool second>
XGRAD_SIMD_NOINLINE Vec<double> bessel_of_moderate(Vec<double> x) {
  const Vec<double> a = abs(x);
  const Mask<double> is_far = a > 5.;
  const Vec<double> near = second ? bessel_y_near<order>(x) : bessel_j_near<order>(x);
  if (!any(is_far)) return near;
  Vec<double> far = bessel_far<order, second>(second ? x : a);  // of a negative one, none
  if constexpr (order == 1 && !second) far = magnitude_of_sign(far, sign_bit(x));
  return where(is_far, far, near);
}

/// `one` takes doubles beyond 5, and what is too large for the reduction of the phase.
template <int order, bool second, class T>
XGRAD_SIMD_INLINE Vec<T> bessel(Vec<T> x, double (*one)(double)) {
  const auto by_lanes = [&] {
    return per_lane([one](T v) { return static_cast<T>(one(static_cast<double>(v))); }, x);
  };
  if constexpr (sizeof(T) == 4) {
    if (!any(abs(x) > T(trig_limit<double>))) return through_double(&bessel_of_moderate<order, second>, x);
  } else {
    const Mask<double> is_near = second ? (x > 0.) & (x <= 5.) : abs(x) <= 5.;
    const Vec<double> near = second ? bessel_y_near<order>(x) : bessel_j_near<order>(x);
    return all(is_near) ? near : where(is_near, near, by_lanes());
  }
  return by_lanes();
}

template <class T>
inline Vec<T> special_bessel_j0(Vec<T> x) {
  return bessel<0, false>(x, &special::bessel_j0);
}
template <class T>
inline Vec<T> special_bessel_j1(Vec<T> x) {
  return bessel<1, false>(x, &special::bessel_j1);
}
template <class T>
inline Vec<T> special_bessel_y0(Vec<T> x) {
  return bessel<0, true>(x, &special::bessel_y0);
}
template <class T>
inline Vec<T> special_bessel_y1(Vec<T> x) {
  return bessel<1, true>(x, &special::bessel_y1);
}

}  // namespace xgrad::kernels::XGRAD_ISA
