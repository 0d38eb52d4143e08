// Special functions of one or two numbers that are hardly ever hot, in double. At poles and outside of their
// domain they are what PyTorch's are.
#pragma once

namespace xgrad::kernels::special {

/// e^(x^2) erfc(x).
double erfcx(double x);
/// The logarithm of the integral of the standard normal density up to x.
double log_ndtr(double x);

/// sum over k >= 0 of (k + q)^-s, s > 1.
double zeta(double s, double q);
/// The n-th derivative of digamma.
double polygamma(double n, double x);
/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x); series end where a term is
/// less than `tolerance` of the sum.
double igamma(double a, double x, double tolerance);
double igammac(double a, double x, double tolerance);

/// The modified Bessel function of the first kind and order 0.
double i0(double x);
/// Bessel functions of the first and the second kind.
double bessel_j0(double x);
double bessel_j1(double x);
double bessel_y0(double x);
double bessel_y1(double x);
/// The Airy function Ai.
double airy_ai(double x);

/// Polynomials in x of the degree that n, a number, is when cut; zero for n < 0, NaN for
/// n > 10^6. The shifted ones are over
/// [0, 1].
double chebyshev_polynomial_t(double x, double n);
double chebyshev_polynomial_u(double x, double n);
double chebyshev_polynomial_v(double x, double n);
double chebyshev_polynomial_w(double x, double n);
double shifted_chebyshev_polynomial_t(double x, double n);
double shifted_chebyshev_polynomial_u(double x, double n);
double shifted_chebyshev_polynomial_v(double x, double n);
double shifted_chebyshev_polynomial_w(double x, double n);
double hermite_polynomial_h(double x, double n);
double hermite_polynomial_he(double x, double n);
double laguerre_polynomial_l(double x, double n);
double legendre_polynomial_p(double x, double n);

}  // namespace xgrad::kernels::special
