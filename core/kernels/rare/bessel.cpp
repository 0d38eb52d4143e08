// Bessel and Airy functions: Airy's by series around 0, on the right by the quotient of Moshier's Cephes
// library, on the left by its asymptotic expansion (Abramowitz and Stegun, chapter 10).
#include <cmath>
#include <limits>
#include <numbers>

#include <xgrad/core/kernels/rare/special.h>

namespace xgrad::kernels::special {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::epsilon() / 2;

/// Ai(x), x > 2: exp(-z) / (2 sqrt(pi) x^(1/4)) times a quotient of polynomials in 1 / z, z = 2/3 x^(3/2).
double airy_right(double x) {
  static constexpr double above[] = {0.346538101525629,  12.007595273964581,
                                     76.27960536152345,  168.08922493463058,
                                     159.75639135016442, 70.53609068404442,
                                     14.026469116338967, 1.0},
                          below[] = {
                              0.5675945326387702, 14.75625625848472, 84.51389701414746,  177.31808814540045,
                              164.2346928715297,  71.47784008255756, 14.095913560783403, 1.0};
  const double root = std::sqrt(x), z = 2. / 3 * x * root;
  double f = 0, g = 0;
  for (int i = 0; i < 8; ++i) {
    f = f / z + above[i];
    g = g / z + below[i];
  }
  return std::exp(-z) / (2 * std::sqrt(std::numbers::pi * root)) * (f / g);
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
  return (std::cos(z - std::numbers::pi / 4) * even + std::sin(z - std::numbers::pi / 4) * odd) /
         std::sqrt(std::numbers::pi * std::sqrt(x));
}

}  // namespace

double i0(double x) {
  const double quarter = x * x / 4;
  double term = 1, sum = 1;
  for (double k = 1; term > sum * kTiny; ++k) sum += term *= quarter / (k * k);
  return sum;
}

double bessel_j0(double x) { return std::isinf(x) ? kNaN : ::j0(x); }
double bessel_j1(double x) { return std::isinf(x) ? kNaN : ::j1(x); }
double bessel_y0(double x) { return x < 0 || std::isinf(x) ? kNaN : x == 0 ? -kInf : ::y0(x); }
double bessel_y1(double x) { return x < 0 || std::isinf(x) ? kNaN : x == 0 ? -kInf : ::y1(x); }

double airy_ai(double x) {
  if (std::isinf(x)) return kNaN;
  return x > 2 ? airy_right(x) : x > -6 ? airy_series(x) : airy_left(-x);
}

}  // namespace xgrad::kernels::special
