// Bessel and Airy functions: modified Bessel functions by Chebyshev series, Airy's by series where they
// converge without loss, asymptotic expansions far out (Abramowitz and Stegun, chapter 10), and integrals in
// between.
#include <cmath>
#include <limits>

#include <xgrad/core/kernels/rare/special.h>

namespace xgrad::kernels::special {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::epsilon() / 2;

// Coefficients of Moshier's Cephes library: e^-x I0(x) and e^-x I1(x) / x up to 8, and both times
// e^-x sqrt(x) from there on.
constexpr double kI0Near[] = {
    -4.4153416464793395e-18, 3.3307945188222384e-17, -2.431279846547955e-16, 1.715391285555133e-15,
    -1.1685332877993451e-14, 7.676185498604936e-14,  -4.856446783111929e-13, 2.95505266312964e-12,
    -1.726826291441556e-11,  9.675809035373237e-11,  -5.189795601635263e-10, 2.6598237246823866e-09,
    -1.300025009986248e-08,  6.046995022541919e-08,  -2.670793853940612e-07, 1.1173875391201037e-06,
    -4.4167383584587505e-06, 1.6448448070728896e-05, -5.754195010082104e-05, 0.00018850288509584165,
    -0.0005763755745385824,  0.0016394756169413357,  -0.004324309995050576,  0.010546460394594998,
    -0.02373741480589947,    0.04930528423967071,    -0.09490109704804764,   0.17162090152220877,
    -0.3046826723431984,     0.6767952744094761};
constexpr double kI0Far[] = {
    -7.233180487874754e-18,  -4.830504485944182e-18,  4.46562142029676e-17,    3.461222867697461e-17,
    -2.8276239805165836e-16, -3.425485619677219e-16,  1.7725601330565263e-15,  3.8116806693526224e-15,
    -9.554846698828307e-15,  -4.150569347287222e-14,  1.54008621752141e-14,    3.8527783827421426e-13,
    7.180124451383666e-13,   -1.7941785315068062e-12, -1.3215811840447713e-11, -3.1499165279632416e-11,
    1.1889147107846439e-11,  4.94060238822497e-10,    3.3962320257083865e-09,  2.266668990498178e-08,
    2.0489185894690638e-07,  2.8913705208347567e-06,  6.889758346916825e-05,   0.0033691164782556943,
    0.8044904110141088};
constexpr double kI1Near[] = {
    2.7779141127610464e-18, -2.111421214358166e-17,  1.5536319577362005e-16, -1.1055969477353862e-15,
    7.600684294735408e-15,  -5.042185504727912e-14,  3.223793365945575e-13,  -1.9839743977649436e-12,
    1.1736186298890901e-11, -6.663489723502027e-11,  3.625590281552117e-10,  -1.8872497517228294e-09,
    9.381537386495773e-09,  -4.445059128796328e-08,  2.0032947535521353e-07, -8.568720264695455e-07,
    3.4702513081376785e-06, -1.3273163656039436e-05, 4.781565107550054e-05,  -0.00016176081582589674,
    0.0005122859561685758,  -0.0015135724506312532,  0.004156422944312888,   -0.010564084894626197,
    0.024726449030626516,   -0.05294598120809499,    0.1026436586898471,     -0.17641651835783406,
    0.25258718644363365};
constexpr double kI1Far[] = {
    7.517296310842105e-18,   4.414348323071708e-18,  -4.6503053684893586e-17, -3.209525921993424e-17,
    2.96262899764595e-16,    3.3082023109209285e-16, -1.8803547755107825e-15, -3.8144030724370075e-15,
    1.0420276984128802e-14,  4.272440016711951e-14,  -2.1015418427726643e-14, -4.0835511110921974e-13,
    -7.198551776245908e-13,  2.0356285441470896e-12, 1.4125807436613782e-11,  3.2526035830154884e-11,
    -1.8974958123505413e-11, -5.589743462196584e-10, -3.835380385964237e-09,  -2.6314688468895196e-08,
    -2.512236237870209e-07,  -3.882564808877691e-06, -0.00011058893876262371, -0.009761097491361469,
    0.7785762350182801};
// K0(x) + log(x / 2) I0(x) and (K1(x) - log(x / 2) I1(x)) x up to 2, and both times e^x sqrt(x) from there
// on.
constexpr double kK0Near[] = {1.374465435613523e-16, 4.25981614279661e-14,   1.0349695257633842e-11,
                              1.904516377220209e-09, 2.5347910790261494e-07, 2.286212103119452e-05,
                              0.001264615411446926,  0.0359799365153615,     0.3442898999246285,
                              -0.5353273932339028};
constexpr double kK0Far[] = {
    5.300433772686263e-18,  -1.6475804301524212e-17, 5.2103915050390274e-17, -1.678231096805412e-16,
    5.512055978524319e-16,  -1.848593377343779e-15,  6.3400764774050706e-15, -2.2275133269916698e-14,
    8.032890775363575e-14,  -2.9800969231727303e-13, 1.140340588208475e-12,  -4.514597883373944e-12,
    1.8559491149547177e-11, -7.957489244477107e-11,  3.577397281400301e-10,  -1.69753450938906e-09,
    8.574034017414225e-09,  -4.660489897687948e-08,  2.766813639445015e-07,  -1.8317555227191195e-06,
    1.39498137188765e-05,   -0.00012849549581627802, 0.0015698838857300533,  -0.0314481013119645,
    2.4403030820659555};
constexpr double kK1Near[] = {-7.023863479386288e-18,  -2.427449850519366e-15, -6.666901694199329e-13,
                              -1.4114883926335278e-10, -2.213387630734726e-08, -2.4334061415659684e-06,
                              -0.0001730288957513052,  -0.006975723859639864,  -0.12261118082265715,
                              -0.3531559607765449,     1.5253002273389478};
constexpr double kK1Far[] = {
    -5.756744483665017e-18,  1.7940508731475592e-17, -5.689462558442859e-17,  1.838093544366639e-16,
    -6.057047248373319e-16,  2.038703165624334e-15,  -7.019837090418314e-15,  2.4771544244813043e-14,
    -8.976705182324994e-14,  3.3484196660784293e-13, -1.2891739609510289e-12, 5.13963967348173e-12,
    -2.1299678384275683e-11, 9.218315187605006e-11,  -4.1903547593418965e-10, 2.015049755197033e-09,
    -1.0345762465678097e-08, 5.7410841254500495e-08, -3.5019606030878126e-07, 2.406484947837217e-06,
    -1.936197974166083e-05,  0.00019521551847135162, -0.002857816859622779,   0.10392373657681724,
    2.7206261904844427};

/// The sum of coefficients, the last one halved, times Chebyshev polynomials of x / 2, the highest first.
template <int n>
double chebyshev(double x, const double (&coefficients)[n]) {
  double b0 = coefficients[0], b1 = 0, b2 = 0;
  for (int i = 1; i < n; ++i) {
    b2 = b1;
    b1 = b0;
    b0 = x * b1 - b2 + coefficients[i];
  }
  return 0.5 * (b0 - b2);
}

/// e^-x I_order(x), x >= 0.
double scaled_i(double x, int order) {
  if (x > 8) return chebyshev(32 / x - 2, order == 0 ? kI0Far : kI1Far) / std::sqrt(x);
  return order == 0 ? chebyshev(x / 2 - 2, kI0Near) : x * chebyshev(x / 2 - 2, kI1Near);
}

/// e^x K_order(x).
double scaled_k(double x, int order) {
  if (x <= 0 || x != x) return x == 0 ? kInf : kNaN;
  if (x > 2) return chebyshev(8 / x - 2, order == 0 ? kK0Far : kK1Far) / std::sqrt(x);
  const double grown = std::exp(x), part = std::log(x / 2) * scaled_i(x, order) * grown;
  return grown *
         (order == 0 ? chebyshev(x * x - 2, kK0Near) - part : chebyshev(x * x - 2, kK1Near) / x + part);
}

/// Ai(x), x > 0: e^-z / pi times the integral over t >= 0 of exp(-sqrt(x) t^2) cos(t^3 / 3), z = 2/3 x^(3/2).
double airy_right(double x) {
  constexpr double step = 1. / 32;
  const double root = std::sqrt(x);
  double sum = 0.5;
  for (double t = step; root * t * t < 745; t += step)
    sum += std::exp(-root * t * t) * std::cos(t * t * t / 3);
  return std::exp(-2. / 3 * x * root) / kPi * sum * step;
}

/// Its series around 0.
double airy_series(double x) {
  constexpr double c1 = 0.35502805388781723926, c2 = 0.25881940379280679840;
  const double cube = x * x * x;
  double f = 1, g = x, sum_f = f, sum_g = g;
  for (int k = 1; k < 200; ++k) {
    sum_f += f *= cube / ((3 * k - 1) * (3. * k));
    sum_g += g *= cube / ((3 * k) * (3. * k + 1));
    if (std::abs(f) < std::abs(sum_f) * kTiny && std::abs(g) < std::abs(sum_g) * kTiny) break;
  }
  return c1 * sum_f - c2 * sum_g;
}

/// Ai(-x) for large x.
double airy_left(double x) {
  const double z = 2. / 3 * x * std::sqrt(x);
  double even = 1, odd = 0, term = 1;
  for (int k = 1; k < 20; ++k) {
    const double next = term * (6. * k - 5) * (6 * k - 3) * (6 * k - 1) / (216. * k * (2 * k - 1)) / z;
    if (next > term || next < kTiny) break;  // the expansion is at its best
    term = next;
    (k % 2 ? odd : even) += k % 4 < 2 ? term : -term;
  }
  return (std::cos(z - kPi / 4) * even + std::sin(z - kPi / 4) * odd) / std::sqrt(kPi * std::sqrt(x));
}

}  // namespace

double i0e(double x) { return scaled_i(std::abs(x), 0); }
double i1e(double x) { return std::copysign(scaled_i(std::abs(x), 1), x); }
double i0(double x) { return std::exp(std::abs(x)) * i0e(x); }
double i1(double x) { return std::exp(std::abs(x)) * i1e(x); }

double scaled_modified_bessel_k0(double x) { return scaled_k(x, 0); }
double scaled_modified_bessel_k1(double x) { return scaled_k(x, 1); }
double modified_bessel_k0(double x) { return std::exp(-x) * scaled_k(x, 0); }
double modified_bessel_k1(double x) { return std::exp(-x) * scaled_k(x, 1); }

double bessel_j0(double x) { return std::isinf(x) ? kNaN : ::j0(x); }
double bessel_j1(double x) { return std::isinf(x) ? kNaN : ::j1(x); }
double bessel_y0(double x) { return x < 0 || std::isinf(x) ? kNaN : x == 0 ? -kInf : ::y0(x); }
double bessel_y1(double x) { return x < 0 || std::isinf(x) ? kNaN : x == 0 ? -kInf : ::y1(x); }

double spherical_bessel_j0(double x) {
  if (std::isinf(x)) return 0;
  return std::abs(x) < 1e-4 ? 1 - x * x / 6 : std::sin(x) / x;
}

double airy_ai(double x) {
  if (std::isinf(x)) return kNaN;
  return x > 1.5 ? airy_right(x) : x > -6 ? airy_series(x) : airy_left(-x);
}

}  // namespace xgrad::kernels::special
