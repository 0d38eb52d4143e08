// Modified Bessel functions in registers, by the coefficients of Moshier's Cephes library: Chebyshev series
// near 0 and far out, of which float takes the terms it can tell. I of a float is a polynomial instead, up to
// 8 in x^2 with nothing to cancel, from there on in 1 / x.
#pragma once

#include "vec_exp.h"
#include "vec_log.h"

namespace xgrad::kernels::XGRAD_ISA {

// e^-x I0(x) and e^-x I1(x) / x up to 8, and both times e^-x sqrt(x) from there on.
inline constexpr double kI0Near[] = {
    -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16, 1.715391285555133e-15,
    -1.1685332877993451e-14, 7.676185498604936e-14,  -4.856446783111929e-13, 2.95505266312964e-12,
    -1.726826291441556e-11,  9.675809035373237e-11,  -5.189795601635263e-10, 2.6598237246823866e-09,
    -1.300025009986248e-08,  6.046995022541919e-08,  -2.670793853940612e-07, 1.1173875391201037e-06,
    -4.4167383584587505e-06, 1.6448448070728896e-05, -5.754195010082104e-05, 0.00018850288509584165,
    -0.0005763755745385824,  0.0016394756169413357,  -0.004324309995050576,  0.010546460394594998,
    -0.02373741480589947,    0.04930528423967071,    -0.09490109704804764,   0.17162090152220877,
    -0.3046826723431984,     0.6767952744094761};
inline constexpr double kI0Far[] = {
    -7.233180487874754e-18,  -4.830504485944182e-18,  4.46562142029676e-17,    3.461222867697461e-17,
    -2.8276239805165836e-16, -3.425485619677219e-16,  1.7725601330565263e-15,  3.8116806693526224e-15,
    -9.554846698828307e-15,  -4.150569347287222e-14,  1.54008621752141e-14,    3.8527783827421426e-13,
    7.180124451383666e-13,   -1.7941785315068062e-12, -1.3215811840447713e-11, -3.1499165279632416e-11,
    1.1889147107846439e-11,  4.94060238822497e-10,    3.3962320257083865e-09,  2.266668990498178e-08,
    2.0489185894690638e-07,  2.8913705208347567e-06,  6.889758346916825e-05,   0.0033691164782556943,
    0.8044904110141088};
inline constexpr double kI1Near[] = {
    2.7779141127610464e-18, -2.111421214358166e-17,  1.5536319577362005e-16, -1.1055969477353862e-15,
    7.600684294735408e-15,  -5.042185504727912e-14,  3.223793365945575e-13,  -1.9839743977649436e-12,
    1.1736186298890901e-11, -6.663489723502027e-11,  3.625590281552117e-10,  -1.8872497517228294e-09,
    9.381537386495773e-09,  -4.445059128796328e-08,  2.0032947535521353e-07, -8.568720264695455e-07,
    3.4702513081376785e-06, -1.3273163656039436e-05, 4.781565107550054e-05,  -0.00016176081582589674,
    0.0005122859561685758,  -0.0015135724506312532,  0.004156422944312888,   -0.010564084894626197,
    0.024726449030626516,   -0.05294598120809499,    0.1026436586898471,     -0.17641651835783406,
    0.25258718644363365};
inline constexpr double kI1Far[] = {
    7.517296310842105e-18,   4.414348323071708e-18,  -4.6503053684893586e-17, -3.209525921993424e-17,
    2.96262899764595e-16,    3.3082023109209285e-16, -1.8803547755107825e-15, -3.8144030724370075e-15,
    1.0420276984128802e-14,  4.272440016711951e-14,  -2.1015418427726643e-14, -4.0835511110921974e-13,
    -7.198551776245908e-13,  2.0356285441470896e-12, 1.4125807436613782e-11,  3.2526035830154884e-11,
    -1.8974958123505413e-11, -5.589743462196584e-10, -3.835380385964237e-09,  -2.6314688468895196e-08,
    -2.512236237870209e-07,  -3.882564808877691e-06, -0.00011058893876262371, -0.009761097491361469,
    0.7785762350182801};
// K0(x) + log(x / 2) I0(x) and (K1(x) - log(x / 2) I1(x)) x up to 2, and both times e^x sqrt(x) from there
// on.
inline constexpr double kK0Near[] = {1.374465435613523e-16, 4.25981614279661e-14,   1.0349695257633842e-11,
                                     1.904516377220209e-09, 2.5347910790261494e-07, 2.286212103119452e-05,
                                     0.001264615411446926,  0.0359799365153615,     0.3442898999246285,
                                     -0.5353273932339028};
inline constexpr double kK0Far[] = {
    5.300433772686263e-18,  -1.6475804301524212e-17, 5.2103915050390274e-17, -1.678231096805412e-16,
    5.512055978524319e-16,  -1.848593377343779e-15,  6.3400764774050706e-15, -2.2275133269916698e-14,
    8.032890775363575e-14,  -2.9800969231727303e-13, 1.140340588208475e-12,  -4.514597883373944e-12,
    1.8559491149547177e-11, -7.957489244477107e-11,  3.577397281400301e-10,  -1.69753450938906e-09,
    8.574034017414225e-09,  -4.660489897687948e-08,  2.766813639445015e-07,  -1.8317555227191195e-06,
    1.39498137188765e-05,   -0.00012849549581627802, 0.0015698838857300533,  -0.0314481013119645,
    2.4403030820659555};
inline constexpr double kK1Near[] = {-7.023863479386288e-18,  -2.427449850519366e-15, -6.666901694199329e-13,
                                     -1.4114883926335278e-10, -2.213387630734726e-08, -2.4334061415659684e-06,
                                     -0.0001730288957513052,  -0.006975723859639864,  -0.12261118082265715,
                                     -0.3531559607765449,     1.5253002273389478};
inline constexpr double kK1Far[] = {
    -5.756744483665017e-18,  1.7940508731475592e-17, -5.689462558442859e-17,  1.838093544366639e-16,
    -6.057047248373319e-16,  2.038703165624334e-15,  -7.019837090418314e-15,  2.4771544244813043e-14,
    -8.976705182324994e-14,  3.3484196660784293e-13, -1.2891739609510289e-12, 5.13963967348173e-12,
    -2.1299678384275683e-11, 9.218315187605006e-11,  -4.1903547593418965e-10, 2.015049755197033e-09,
    -1.0345762465678097e-08, 5.7410841254500495e-08, -3.5019606030878126e-07, 2.406484947837217e-06,
    -1.936197974166083e-05,  0.00019521551847135162, -0.002857816859622779,   0.10392373657681724,
    2.7206261904844427};

/// The sum of coefficients, the last one halved, times Chebyshev polynomials of x / 2, the highest first.
template <class T, int n>
XGRAD_SIMD_INLINE Vec<T> chebyshev_series(Vec<T> x, const double (&coefficients)[n]) {
  constexpr double negligible = sizeof(T) == 4 ? 1e-10 : 0;
  int i = 0;
  while (::fabs(coefficients[i]) < negligible) ++i;
  Vec<T> b0 = coefficients[i], b1 = T(0), b2 = T(0);
  for (++i; i < n; ++i) {
    b2 = b1;
    b1 = b0;
    b0 = fma(x, b1, coefficients[i] - b2);
  }
  return T(0.5) * (b0 - b2);
}

/// I_order(x), times e^-|x| if `scaled`; `e` is the exponential function of -|x| then, else of |x|.
template <int order, bool scaled, class T>
XGRAD_SIMD_INLINE Vec<T> bessel_i(Vec<T> x, Vec<T> e) {
  const Vec<T> a = abs(x);
  const Mask<T> is_near = a <= T(8);
  Vec<T> y;
  if constexpr (sizeof(T) == 4) {
    const Vec<T> z = a * a, v = T(1) / a;
    Vec<T> near, far;
    if constexpr (order == 0) {
      near = polynomial(z, 1.f, 0.25000006f, 0.015624951f, 0.0004340435f, 6.7793517e-06f, 6.8002585e-08f,
                        4.6243542e-10f, 2.6325571e-12f, 5.8322458e-15f, 5.709217e-17f);
      far = polynomial(v, 0.3989423f, 0.049869403f, 0.027910737f, 0.03351818f, -0.011425979f, 0.3802676f);
    } else {
      near = a * polynomial(z, 0.5f, 0.06250001f, 0.0026041628f, 5.4254557e-05f, 6.780237e-07f,
                            5.6619864e-09f, 3.3186735e-11f, 1.6171018e-13f, 3.511557e-16f, 2.7476661e-18f);
      far =
          polynomial(v, 0.3989423f, -0.14960523f, -0.046589464f, -0.045851354f, 0.0069374014f, -0.44363013f);
    }
    far = far / sqrt(a);
    y = where(is_near, scaled ? near * e : near, scaled ? far : far * e);
  } else {
    const Vec<T> u = a * T(0.5) - T(2), v = T(32) / a - T(2);
    if constexpr (order == 0)
      y = where(is_near, chebyshev_series(u, kI0Near), chebyshev_series(v, kI0Far) / sqrt(a));
    else
      y = where(is_near, chebyshev_series(u, kI1Near) * a, chebyshev_series(v, kI1Far) / sqrt(a));
    if constexpr (!scaled) y = y * e;
  }
  return order == 0 ? y : magnitude_of_sign(y, sign_bit(x));
}

/// K_order(x), times e^x if `scaled`.
template <int order, bool scaled, class T>
XGRAD_SIMD_INLINE Vec<T> bessel_k(Vec<T> x) {
  const Vec<T> grown = exp(x), u = x * x - T(2), v = T(8) / x - T(2);
  const Vec<T> part = log(x * T(0.5)) * bessel_i<order, false>(x, grown);
  Vec<T> near, far;
  if constexpr (order == 0) {
    near = chebyshev_series(u, kK0Near) - part;
    far = chebyshev_series(v, kK0Far) / sqrt(x);
  } else {
    near = chebyshev_series(u, kK1Near) / x + part;
    far = chebyshev_series(v, kK1Far) / sqrt(x);
  }
  const Vec<T> y = where(x <= T(2), scaled ? near * grown : near, scaled ? far : far * exp(-x));
  return where(x == T(0), T(HUGE_VAL), where(x < T(0), T(NAN), y));
}

#define XGRAD_BESSEL(name, ...)               \
  template <class T>                          \
  XGRAD_SIMD_NOINLINE Vec<T> name(Vec<T> x) { \
    return __VA_ARGS__;                       \
  }
XGRAD_BESSEL(special_i0e, bessel_i<0, true>(x, exp(-abs(x))))
XGRAD_BESSEL(special_i1e, bessel_i<1, true>(x, exp(-abs(x))))
XGRAD_BESSEL(i0, bessel_i<0, false>(x, exp(abs(x))))
XGRAD_BESSEL(special_i1, bessel_i<1, false>(x, exp(abs(x))))
XGRAD_BESSEL(special_modified_bessel_i0, i0(x))
XGRAD_BESSEL(special_modified_bessel_i1, special_i1(x))
XGRAD_BESSEL(special_modified_bessel_k0, bessel_k<0, false>(x))
XGRAD_BESSEL(special_modified_bessel_k1, bessel_k<1, false>(x))
XGRAD_BESSEL(special_scaled_modified_bessel_k0, bessel_k<0, true>(x))
XGRAD_BESSEL(special_scaled_modified_bessel_k1, bessel_k<1, true>(x))
#undef XGRAD_BESSEL

}  // namespace xgrad::kernels::XGRAD_ISA
