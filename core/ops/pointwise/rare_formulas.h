// Special functions: one stanza each.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

// With negative decimals the scale divides first, so that both scales are exact powers of ten.
struct RoundDecimals : Unary<> {
  static constexpr OpName name{"round", "RoundBackward1"};
  double scale;
  bool before_point;
  auto forward(const auto& x) const {
    if (before_point) return round(x / scale) * scale;
    return round(x * scale) / scale;
  }
  using saved = Vanishes;
};

struct Polygamma : Unary<Result::floating> {
  static constexpr OpName name{"polygamma", "PolygammaBackward"};
  int64_t n;
  auto forward(const auto& x) const { return polygamma(n, x); }
  auto backward(const auto& g, const auto& x) const { return g * polygamma(n + 1, x); }
  using saved = Saved<In<0>>;
};

struct Entr : Unary<Result::floating> {
  static constexpr OpName name{"special_entr", "SpecialEntrBackward"};
  static auto forward(const auto& x) {
    return where(x > 0, -x * log(x), where(x == 0, 0, where(x < 0, -HUGE_VAL, x)));
  }
  static auto backward(const auto& g, const auto& x) { return g * (-1 - log(x)); }
  using saved = Saved<In<0>>;
};

struct Erfcx : Unary<Result::floating> {
  static constexpr OpName name{"special_erfcx", "SpecialErfcxBackward"};
  static auto forward(const auto& x) { return special_erfcx(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * (2 * x * y - 1.12837916709551257390);
  }
  using saved = Saved<In<0>, Out>;
};

struct I0e : Unary<Result::floating> {
  static constexpr OpName name{"special_i0e", "SpecialI0EBackward"};
  static auto forward(const auto& x) { return special_i0e(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * (special_i1e(x) - sign(x) * y);
  }
  using saved = Saved<In<0>, Out>;
};

// The derivative at x of an odd function of order 1, such as I1 or J1, whose value is y and whose companion
// of order 0 has the value y0; at 0, where y / x is 0 / 0, it is its limit.
auto derivative_of_order_1(const auto& x, const auto& y, const auto& y0) {
  return where(x == 0, 0.5, y0 - y / where(x == 0, 1, x));
}

struct I1 : Unary<Result::floating> {
  static constexpr OpName name{"special_i1", "SpecialI1Backward"};
  static auto forward(const auto& x) { return special_i1(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * derivative_of_order_1(x, y, i0(x));
  }
  using saved = Saved<In<0>, Out>;
};

struct I1e : Unary<Result::floating> {
  static constexpr OpName name{"special_i1e", "SpecialI1EBackward"};
  static auto forward(const auto& x) { return special_i1e(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * where(x == 0, 0.5, special_i0e(x) - y * (sign(x) + 1 / where(x == 0, 1, x)));
  }
  using saved = Saved<In<0>, Out>;
};

struct Ndtr : Unary<Result::floating> {
  static constexpr OpName name{"special_ndtr", "SpecialNdtrBackward"};
  static auto forward(const auto& x) { return 0.5 * erfc(x * -0.70710678118654752440); }
  static auto backward(const auto& g, const auto& x) {
    return g * (0.39894228040143267794 * exp(-0.5 * (x * x)));
  }
  using saved = Saved<In<0>>;
};

struct LogNdtr : Unary<Result::floating> {
  static constexpr OpName name{"special_log_ndtr", "SpecialLogNdtrBackward"};
  static auto forward(const auto& x) { return special_log_ndtr(x); }
  static auto backward(const auto& g, const auto& x) {
    return g / special_erfcx(x * -0.70710678118654752440) * 0.79788456080286535588;
  }
  using saved = Saved<In<0>>;
};

struct Ndtri : Unary<Result::floating> {
  static constexpr OpName name{"special_ndtri", "SpecialNdtriBackward"};
  static auto forward(const auto& x) { return special_ndtri(x); }
  static auto backward(const auto& g, const auto& y) {
    return g * (2.50662827463100050242 * exp(0.5 * (y * y)));
  }
  using saved = Saved<Out>;
};

struct ModifiedBesselI0 : Unary<Result::floating> {
  static constexpr OpName name{"special_modified_bessel_i0", "SpecialModifiedBesselI0Backward"};
  static auto forward(const auto& x) { return special_modified_bessel_i0(x); }
  static auto backward(const auto& g, const auto& x) { return g * special_i1(x); }
  using saved = Saved<In<0>>;
};

struct ModifiedBesselI1 : Unary<Result::floating> {
  static constexpr OpName name{"special_modified_bessel_i1", "SpecialModifiedBesselI1Backward"};
  static auto forward(const auto& x) { return special_modified_bessel_i1(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * derivative_of_order_1(x, y, i0(x));
  }
  using saved = Saved<In<0>, Out>;
};

// Order 0, whose derivative is that of order 1 with the other sign.
#define XGRAD_BESSEL_OF_ORDER_0(Name, Node, function, next)                     \
  struct Name : Unary<Result::floating> {                                       \
    static constexpr OpName name{#function, Node};                              \
    static auto forward(const auto& x) { return function(x); }                  \
    static auto backward(const auto& g, const auto& x) { return g * -next(x); } \
    using saved = Saved<In<0>>;                                                 \
  };
XGRAD_BESSEL_OF_ORDER_0(BesselJ0, "SpecialBesselJ0Backward", special_bessel_j0, special_bessel_j1)
XGRAD_BESSEL_OF_ORDER_0(BesselY0, "SpecialBesselY0Backward", special_bessel_y0, special_bessel_y1)
XGRAD_BESSEL_OF_ORDER_0(ModifiedBesselK0, "SpecialModifiedBesselK0Backward", special_modified_bessel_k0,
                        special_modified_bessel_k1)
#undef XGRAD_BESSEL_OF_ORDER_0

struct BesselJ1 : Unary<Result::floating> {
  static constexpr OpName name{"special_bessel_j1", "SpecialBesselJ1Backward"};
  static auto forward(const auto& x) { return special_bessel_j1(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * derivative_of_order_1(x, y, special_bessel_j0(x));
  }
  using saved = Saved<In<0>, Out>;
};

struct BesselY1 : Unary<Result::floating> {
  static constexpr OpName name{"special_bessel_y1", "SpecialBesselY1Backward"};
  static auto forward(const auto& x) { return special_bessel_y1(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * where(x == 0, HUGE_VAL, special_bessel_y0(x) - y / x);
  }
  using saved = Saved<In<0>, Out>;
};

struct ModifiedBesselK1 : Unary<Result::floating> {
  static constexpr OpName name{"special_modified_bessel_k1", "SpecialModifiedBesselK1Backward"};
  static auto forward(const auto& x) { return special_modified_bessel_k1(x); }
  static auto backward(const auto& g, const auto& x, const auto& y) {
    return g * (-special_modified_bessel_k0(x) - y / x);
  }
  using saved = Saved<In<0>, Out>;
};

#define XGRAD_NO_DERIVATIVE(Name, function)                    \
  struct Name : Unary<Result::floating> {                      \
    static constexpr OpName name{#function, ""};               \
    static auto forward(const auto& x) { return function(x); } \
  };
XGRAD_NO_DERIVATIVE(AiryAi, special_airy_ai)
XGRAD_NO_DERIVATIVE(ScaledModifiedBesselK0, special_scaled_modified_bessel_k0)
XGRAD_NO_DERIVATIVE(ScaledModifiedBesselK1, special_scaled_modified_bessel_k1)
XGRAD_NO_DERIVATIVE(SphericalBesselJ0, special_spherical_bessel_j0)
#undef XGRAD_NO_DERIVATIVE

struct Zeta : Binary<Result::floating> {
  static constexpr OpName name{"special_zeta", "SpecialZetaBackward0"};
  static auto forward(const auto& s, const auto& q) { return special_zeta(s, q); }
  static auto backward_1(const auto& g, const auto& s, const auto& q) {
    return g * (-s * special_zeta(s + 1, q));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Igamma : Binary<> {
  static constexpr OpName name{"igamma", "IgammaBackward"};
  static constexpr bool takes_integers = false;
  // x^(a - 1) e^-x / Gamma(a).
  static auto density(const auto& a, const auto& x) { return exp((a - 1) * log(x) - x - lgamma(a)); }
  static auto forward(const auto& a, const auto& x) { return igamma(a, x); }
  static auto backward_1(const auto& g, const auto& a, const auto& x) { return g * density(a, x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Igammac : Binary<> {
  static constexpr OpName name{"igammac", "IgammacBackward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& a, const auto& x) { return igammac(a, x); }
  static auto backward_1(const auto& g, const auto& a, const auto& x) { return -g * Igamma::density(a, x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

#define XGRAD_POLYNOMIAL(Name, function)                                         \
  struct Name : Binary<Result::floating> {                                       \
    static constexpr OpName name{#function, ""};                                 \
    static auto forward(const auto& x, const auto& n) { return function(x, n); } \
  };
XGRAD_POLYNOMIAL(ChebyshevPolynomialT, special_chebyshev_polynomial_t)
XGRAD_POLYNOMIAL(ChebyshevPolynomialU, special_chebyshev_polynomial_u)
XGRAD_POLYNOMIAL(ChebyshevPolynomialV, special_chebyshev_polynomial_v)
XGRAD_POLYNOMIAL(ChebyshevPolynomialW, special_chebyshev_polynomial_w)
XGRAD_POLYNOMIAL(ShiftedChebyshevPolynomialT, special_shifted_chebyshev_polynomial_t)
XGRAD_POLYNOMIAL(ShiftedChebyshevPolynomialU, special_shifted_chebyshev_polynomial_u)
XGRAD_POLYNOMIAL(ShiftedChebyshevPolynomialV, special_shifted_chebyshev_polynomial_v)
XGRAD_POLYNOMIAL(ShiftedChebyshevPolynomialW, special_shifted_chebyshev_polynomial_w)
XGRAD_POLYNOMIAL(HermitePolynomialH, special_hermite_polynomial_h)
XGRAD_POLYNOMIAL(HermitePolynomialHe, special_hermite_polynomial_he)
XGRAD_POLYNOMIAL(LaguerrePolynomialL, special_laguerre_polynomial_l)
XGRAD_POLYNOMIAL(LegendrePolynomialP, special_legendre_polynomial_p)
#undef XGRAD_POLYNOMIAL

using Rare = OpList<
#define XGRAD_SPECIAL(function, Formula) Formula,
#define XGRAD_SPECIAL_OF_TWO(function, Formula) Formula,
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO
    RoundDecimals, Polygamma, Igamma, Igammac>;
XGRAD_FORMULAS(Rare)

}  // namespace xgrad
