// Special functions in double: error and gamma functions, polynomials. Bessel functions are in bessel.cpp.
#include <xgrad/core/kernels/rare/special.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include <xgrad/core/kernels/rare/polynomials.h>

namespace xgrad::kernels::special {

namespace {

constexpr double kSqrtPi = 1.77245385090551602730;
constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHighest = 1e6;  // degree of a polynomial; more would take too long
constexpr double kTiny = std::numeric_limits<double>::epsilon() / 2;

bool is_odd(double n) { return std::fmod(std::trunc(n), 2) != 0; }

/// P(a, x) by its series, for x < a + 1.
double gamma_series(double a, double x, double factor, double tolerance) {
  double term = 1 / a, sum = term;
  for (double k = a + 1; term > sum * tolerance; ++k) sum += term *= x / k;
  return sum * factor;
}

/// Q(a, x) by its continued fraction, for x >= a + 1: quotients of p and q, which grow together and are
/// compared without dividing.
double gamma_fraction(double a, double x, double factor, double tolerance) {
  constexpr double large = 0x1p200;
  double p0 = 1, q0 = x, p1 = x + 1, q1 = x * (x + 2 - a);
  for (int i = 1; i < 100000; ++i) {
    const double b = x + (2 * i + 2) - a, an = i * (i + 1 - a);
    const double p = p1 * b - p0 * an, q = q1 * b - q0 * an;
    const bool last = std::abs(p * q1 - p1 * q) <= 4 * tolerance * std::abs(p * q1);
    p0 = p1, q0 = q1, p1 = p, q1 = q;
    if (last) break;
    if (std::abs(p) < large && std::abs(q) < large) continue;
    p0 /= large, q0 /= large, p1 /= large, q1 /= large;
  }
  return p1 / q1 * factor;
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
         std::exp(-0.5 * a * eta * eta) / std::sqrt(2 * std::numbers::pi * a) * bend;
}
bool is_between(double a, double x) { return a > 1e6 && std::abs(x - a) < 0.3 * a; }

/// p_n of a family.
template <class P>
double recur(double x, double n) {
  double p0 = 1, p1 = P::first(x);
  if (n < 1) return p0;
  if (!(n <= kHighest)) return kNaN;
  for (int64_t k = 1; k < static_cast<int64_t>(n); ++k) {
    if (p1 != p1) return p1;
    const double p2 = P::next(x, static_cast<double>(k), p1, p0);
    p0 = p1;
    p1 = p2;
  }
  return p1;
}

bool has_degree(double n) { return n > -1 && n < 9e18; }
double sign_of_power(double x, double n) { return x > 0 || !is_odd(n) ? 1 : -1; }

}  // namespace

double erfcx(double x) {
  if (x < 25) return std::exp(x * x) * std::erfc(x);
  double term = 1, sum = 1;
  for (int k = 1; k < 12; ++k) sum += term *= -(2 * k - 1) / (2 * x * x);
  return sum / (x * kSqrtPi);
}

double log_ndtr(double x) {
  return x < -1 ? std::log(erfcx(-x / std::numbers::sqrt2) / 2) - x * x / 2
                : std::log1p(-std::erfc(x / std::numbers::sqrt2) / 2);
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

double igamma(double a, double x, double tolerance) {
  if (x < 0 || a < 0) return kNaN;
  if (a == 0) return x > 0 ? 1 : kNaN;
  if (x == 0) return 0;
  if (a != a || x != x) return kNaN;
  if (std::isinf(a)) return std::isinf(x) ? kNaN : 0;
  if (std::isinf(x)) return 1;
  if (is_between(a, x)) return 1 - gamma_between(a, x);
  const double factor = gamma_factor(a, x);
  return x < a + 1 ? gamma_series(a, x, factor, tolerance) : 1 - gamma_fraction(a, x, factor, tolerance);
}

double igammac(double a, double x, double tolerance) {
  if (x < 0 || a < 0) return kNaN;
  if (a == 0) return x > 0 ? 0 : kNaN;
  if (x == 0) return 1;
  if (a != a || x != x) return kNaN;
  if (std::isinf(a)) return std::isinf(x) ? kNaN : 1;
  if (std::isinf(x)) return 0;
  if (is_between(a, x)) return gamma_between(a, x);
  const double factor = gamma_factor(a, x);
  return x < a + 1 ? 1 - gamma_series(a, x, factor, tolerance) : gamma_fraction(a, x, factor, tolerance);
}

double chebyshev_polynomial_t(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n);
  if (n > 6 && std::abs(x) < 1) return std::cos(std::trunc(n) * std::acos(x));
  return recur<ChebyshevT>(x, n);
}
double chebyshev_polynomial_u(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n) * (std::trunc(n) + 1);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x);
    return std::sin(t) != 0 ? std::sin((std::trunc(n) + 1) * t) / std::sin(t)
                            : (std::trunc(n) + 1) * std::cos((std::trunc(n) + 1) * t) / x;
  }
  return recur<ChebyshevU>(x, n);
}
double chebyshev_polynomial_v(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 1) return 1;
  if (x == -1) return sign_of_power(x, n) * (2 * std::trunc(n) + 1);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x) / 2;
    return std::cos((2 * std::trunc(n) + 1) * t) / std::cos(t);
  }
  return recur<ChebyshevV>(x, n);
}
double chebyshev_polynomial_w(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 1) return 2 * std::trunc(n) + 1;
  if (x == -1) return sign_of_power(x, n);
  if (n > 8 && std::abs(x) < 1) {
    const double t = std::acos(x) / 2;
    return std::sin((2 * std::trunc(n) + 1) * t) / std::sin(t);
  }
  return recur<ChebyshevW>(x, n);
}
double shifted_chebyshev_polynomial_t(double x, double n) { return chebyshev_polynomial_t(2 * x - 1, n); }
double shifted_chebyshev_polynomial_u(double x, double n) { return chebyshev_polynomial_u(2 * x - 1, n); }
double shifted_chebyshev_polynomial_v(double x, double n) { return chebyshev_polynomial_v(2 * x - 1, n); }
double shifted_chebyshev_polynomial_w(double x, double n) { return chebyshev_polynomial_w(2 * x - 1, n); }

double hermite_polynomial_h(double x, double n) {
  if (!has_degree(n)) return 0;
  return recur<HermiteH>(x, n);
}
double hermite_polynomial_he(double x, double n) {
  if (!has_degree(n)) return 0;
  return recur<HermiteHe>(x, n);
}
double laguerre_polynomial_l(double x, double n) {
  if (!has_degree(n)) return 0;
  if (x == 0) return 1;
  return recur<Laguerre>(x, n);
}
double legendre_polynomial_p(double x, double n) {
  if (!has_degree(n)) return 0;
  if (std::abs(x) == 1) return sign_of_power(x, n);
  return recur<Legendre>(x, n);
}

}  // namespace xgrad::kernels::special
