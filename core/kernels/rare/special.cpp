// Special functions in double: error and gamma functions, polynomials. Bessel functions are in bessel.cpp.
#include <xgrad/core/kernels/rare/special.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace xgrad::kernels::special {

namespace {

constexpr double kPi = 3.14159265358979323846, kSqrt2 = 1.41421356237309504880;
constexpr double kSqrtPi = 1.77245385090551602730;
constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHighest = 1e6;  // degree of a polynomial; more would take too long
constexpr double kTiny = std::numeric_limits<double>::epsilon() / 2;

bool is_odd(double n) { return std::fmod(std::trunc(n), 2) != 0; }

/// c[0] x^(n - 1) + ... + c[n - 1]
template <int n>
double polynomial(double x, const double (&c)[n]) {
  double sum = c[0];
  for (int i = 1; i < n; ++i) sum = sum * x + c[i];
  return sum;
}

/// P(a, x) by its series, for x < a + 1.
double gamma_series(double a, double x, double factor) {
  double term = 1 / a, sum = term;
  for (double k = a + 1; term > sum * kTiny; ++k) sum += term *= x / k;
  return sum * factor;
}

/// Q(a, x) by its continued fraction (Lentz), for x >= a + 1.
double gamma_fraction(double a, double x, double factor) {
  constexpr double small = std::numeric_limits<double>::min();
  double b = x + 1 - a, c = 1 / small, d = 1 / b, h = d;
  for (int i = 1; i < 100000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < small) d = small;
    c = b + an / c;
    if (std::abs(c) < small) c = small;
    d = 1 / d;
    h *= d * c;
    if (std::abs(d * c - 1) < 4 * kTiny) break;
  }
  return h * factor;
}

/// x^a e^-x / Gamma(a).
double gamma_factor(double a, double x) {
  int sign;
  return std::exp(a * std::log(x) - x - ::lgamma_r(a, &sign));
}

/// Q(a, x) where both are large and near each other (Temme 1979), to the first order in 1 / a.
double gamma_between(double a, double x) {
  const double d = x / a - 1, eta = std::copysign(std::sqrt(2 * (d - std::log1p(d))), d);
  const double bend = std::abs(d) < 1e-4 ? -1. / 3 + d / 12 : 1 / d - 1 / eta;
  return 0.5 * std::erfc(eta * std::sqrt(a / 2)) +
         std::exp(-0.5 * a * eta * eta) / std::sqrt(2 * kPi * a) * bend;
}
bool is_between(double a, double x) { return a > 1e6 && std::abs(x - a) < 0.3 * a; }

/// p_n from p_0, p_1 and p_k+1 = next(k, p_k, p_k-1).
template <class Next>
double recur(double n, double p0, double p1, const Next& next) {
  if (n < 1) return p0;
  if (!(n <= kHighest)) return kNaN;
  for (int64_t k = 1; k < static_cast<int64_t>(n); ++k) {
    if (p1 != p1) return p1;
    const double p2 = next(static_cast<double>(k), p1, p0);
    p0 = p1;
    p1 = p2;
  }
  return p1;
}

bool has_degree(double n) { return n > -1 && n < 9e18; }
double sign_of_power(double x, double n) { return x > 0 || !is_odd(n) ? 1 : -1; }

/// The four kinds share their recurrence p_k+1 = 2 x p_k - p_k-1.
double chebyshev(double x, double n, double p1) {
  return recur(n, 1, p1, [x](double, double p, double before) { return 2 * x * p - before; });
}

// The quantile of the normal distribution at 1/2 + y, by Moshier's Cephes library.
double quantile_around_half(double y) {
  static constexpr double p0[] = {-59.96335010141079, 98.00107541859997, -56.67628574690703,
                                  13.931260938727968, -1.2391658386738125},
                          q0[] = {1.0,
                                  1.9544885833814176,
                                  4.676279128988815,
                                  86.36024213908905,
                                  -225.46268785411937,
                                  200.26021238006066,
                                  -82.03722561683334,
                                  15.90562251262117,
                                  -1.1833162112133};
  const double z = y * y;
  return 2.50662827463100050242 * (y + y * (z * polynomial(z, p0) / polynomial(z, q0)));
}

}  // namespace

double erfcx(double x) {
  if (x < 25) return std::exp(x * x) * std::erfc(x);
  double term = 1, sum = 1;
  for (int k = 1; k < 12; ++k) sum += term *= -(2 * k - 1) / (2 * x * x);
  return sum / (x * kSqrtPi);
}

double erfinv(double y) {
  if (!(std::abs(y) < 1)) return std::abs(y) == 1 ? std::copysign(kInf, y) : kNaN;
  if (std::abs(y) < 0.7) return quantile_around_half(y / 2) / kSqrt2;
  return std::copysign(ndtri((1 - std::abs(y)) / 2) / kSqrt2, y);
}

double ndtr(double x) { return 0.5 * std::erfc(-x / kSqrt2); }

double log_ndtr(double x) {
  return x < -1 ? std::log(erfcx(-x / kSqrt2) / 2) - x * x / 2 : std::log1p(-std::erfc(x / kSqrt2) / 2);
}

// In the tails by sqrt(-2 log p), from Cephes too.
double ndtri(double p) {
  static constexpr double p1[] = {4.0554489230596245,  31.525109459989388,   57.16281922464213,
                                  44.08050738932008,   14.684956192885803,   2.1866330685079025,
                                  -0.1402560791713545, -0.03504246268278482, -0.0008574567851546854},
                          q1[] = {1.0,
                                  15.779988325646675,
                                  45.39076351288792,
                                  41.3172038254672,
                                  15.04253856929075,
                                  2.504649462083094,
                                  -0.14218292285478779,
                                  -0.03808064076915783,
                                  -0.0009332594808954574};
  static constexpr double p2[] = {3.2377489177694603,     6.915228890689842,      3.9388102529247444,
                                  1.3330346081580755,     0.20148538954917908,    0.012371663481782003,
                                  0.00030158155350823543, 2.6580697468673755e-06, 6.239745391849833e-09},
                          q2[] = {1.0,
                                  6.02427039364742,
                                  3.6798356385616087,
                                  1.3770209948908132,
                                  0.21623699359449663,
                                  0.013420400608854318,
                                  0.00032801446468212774,
                                  2.8924786474538068e-06,
                                  6.790194080099813e-09};
  if (!(p > 0 && p < 1)) return p == 0 ? -kInf : p == 1 ? kInf : kNaN;
  const double tail = std::fmin(p, 1 - p), y = p - 0.5;
  if (tail > 0.13533528323661269189) return quantile_around_half(y);
  const double x = std::sqrt(-2 * std::log(tail)), inverse = 1 / x;
  const double ratio = x < 8 ? polynomial(inverse, p1) / polynomial(inverse, q1)
                             : polynomial(inverse, p2) / polynomial(inverse, q2);
  return std::copysign(x - std::log(x) * inverse - inverse * ratio, y);
}

/// Euler and Maclaurin: the first terms, the integral of the rest, and corrections by Bernoulli numbers.
double zeta(double s, double q) {
  if (s == 1) return kInf;
  if (s < 1) return kNaN;
  if (q <= 0 && q == std::floor(q)) return kInf;
  if (s != s || q != q) return kNaN;
  if (q <= 0) {
    if (s != std::floor(s)) return kNaN;  // a negative number to a broken power
    const double d = q - std::round(q), below = zeta(s, 1 - d) - zeta(s, 1 - q);  // the terms below zero
    return std::pow(d, -s) + zeta(s, 1 + d) + (is_odd(s) ? -below : below);
  }
  static constexpr double bernoulli[] = {1. / 12,          -1. / 720,
                                         1. / 30240,       -1. / 1209600,
                                         1. / 47900160,    -691. / 1307674368000,
                                         1. / 74724249600, -3617. / 10670622842880000};
  double sum = 0;
  for (; q <= 12; q += 1) {
    const double term = std::pow(q, -s);
    sum += term;
    if (term < sum * kTiny) return sum;
  }
  const double term = std::pow(q, -s);
  sum += q * term / (s - 1) + term / 2;
  double factor = s * term / q;
  for (int i = 0; i < 8; ++i) {
    sum += bernoulli[i] * factor;
    factor *= (s + 2 * i + 1) * (s + 2 * i + 2) / (q * q);
  }
  return sum;
}

double polygamma(double n, double x) {
  if (n == 1 && x == kInf) return 0;
  return (is_odd(n) ? 1 : -1) * std::tgamma(n + 1) * zeta(n + 1, x);
}

double igamma(double a, double x) {
  if (x < 0 || a < 0) return kNaN;
  if (a == 0) return x > 0 ? 1 : kNaN;
  if (x == 0) return 0;
  if (a != a || x != x) return kNaN;
  if (std::isinf(a)) return std::isinf(x) ? kNaN : 0;
  if (std::isinf(x)) return 1;
  if (is_between(a, x)) return 1 - gamma_between(a, x);
  return x < a + 1 ? gamma_series(a, x, gamma_factor(a, x)) : 1 - gamma_fraction(a, x, gamma_factor(a, x));
}

double igammac(double a, double x) {
  if (x < 0 || a < 0) return kNaN;
  if (a == 0) return x > 0 ? 0 : kNaN;
  if (x == 0) return 1;
  if (a != a || x != x) return kNaN;
  if (std::isinf(a)) return std::isinf(x) ? kNaN : 1;
  if (std::isinf(x)) return 0;
  if (is_between(a, x)) return gamma_between(a, x);
  return x < a + 1 ? 1 - gamma_series(a, x, gamma_factor(a, x)) : gamma_fraction(a, x, gamma_factor(a, x));
}

double chebyshev_polynomial_t(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n);
  if (n > 6 && std::abs(x) < 1) return std::cos(std::trunc(n) * std::acos(x));
  return chebyshev(x, n, x);
}
double chebyshev_polynomial_u(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n) * (std::trunc(n) + 1);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x);
    return std::sin(t) != 0 ? std::sin((std::trunc(n) + 1) * t) / std::sin(t)
                            : (std::trunc(n) + 1) * std::cos((std::trunc(n) + 1) * t) / x;
  }
  return chebyshev(x, n, 2 * x);
}
double chebyshev_polynomial_v(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 1) return 1;
  if (x == -1) return sign_of_power(x, n) * (2 * std::trunc(n) + 1);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x) / 2;
    return std::cos((2 * std::trunc(n) + 1) * t) / std::cos(t);
  }
  return chebyshev(x, n, 2 * x - 1);
}
double chebyshev_polynomial_w(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 1) return 2 * std::trunc(n) + 1;
  if (x == -1) return sign_of_power(x, n);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x) / 2;
    return std::sin((2 * std::trunc(n) + 1) * t) / std::sin(t);
  }
  return chebyshev(x, n, 2 * x + 1);
}
double shifted_chebyshev_polynomial_t(double x, double n) { return chebyshev_polynomial_t(2 * x - 1, n); }
double shifted_chebyshev_polynomial_u(double x, double n) { return chebyshev_polynomial_u(2 * x - 1, n); }
double shifted_chebyshev_polynomial_v(double x, double n) { return chebyshev_polynomial_v(2 * x - 1, n); }
double shifted_chebyshev_polynomial_w(double x, double n) { return chebyshev_polynomial_w(2 * x - 1, n); }

double hermite_polynomial_h(double x, double n) {
  if (!has_degree(n)) return 0;
  return recur(n, 1, 2 * x, [x](double k, double p, double before) { return 2 * x * p - 2 * k * before; });
}
double hermite_polynomial_he(double x, double n) {
  if (!has_degree(n)) return 0;
  return recur(n, 1, x, [x](double k, double p, double before) { return x * p - k * before; });
}
double laguerre_polynomial_l(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 0) return 1;
  return recur(n, 1, 1 - x, [x](double k, double p, double before) {
    return ((2 * k + 1 - x) * p - k * before) / (k + 1);
  });
}
double legendre_polynomial_p(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n);
  return recur(n, 1, x, [x](double k, double p, double before) {
    return ((2 * k + 1) * x * p - k * before) / (k + 1);
  });
}

}  // namespace xgrad::kernels::special
