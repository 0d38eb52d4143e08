// Samples of special functions and of functions of two tensors.
#include <cmath>

#include "core/ops/samples_elementwise.h"

namespace samples {

using namespace xgrad;

#define UNARY(op, node, ...) \
  rows.push_back(unary(      \
      #op, node, [](const Tensor& x) { return op(x); }, __VA_ARGS__))
#define BINARY(op, node, a, b) \
  rows.push_back(binary(       \
      #op, node, [](const Tensor& x, const Tensor& y) { return op(x, y); }, a, b))

void add_further_functions(std::vector<Row>& rows) {
  const std::vector<std::pair<double, double>> both{{-2.2, -0.2}, {0.2, 2.2}}, positive{{0.2, 3}};
  UNARY(exp2, "Exp2Backward", both);
  UNARY(log2, "Log2Backward", positive);
  UNARY(log10, "Log10Backward", positive);
  UNARY(asinh, "AsinhBackward", both);
  UNARY(acosh, "AcoshBackward", {{1.2, 3}});
  UNARY(atanh, "AtanhBackward", {{-0.8, 0.8}});
  UNARY(deg2rad, "Deg2RadBackward", both);
  UNARY(rad2deg, "Rad2DegBackward", both);
  UNARY(angle, "AngleBackward", both);
  UNARY(frac, "FracBackward", {{1.1, 1.9}, {-3.9, -3.1}});
  UNARY(erf, "ErfBackward", both);
  UNARY(erfc, "ErfcBackward", both);
  UNARY(erfinv, "ErfinvBackward", {{-0.9, 0.9}});
  UNARY(lgamma, "LgammaBackward", {{0.3, 3}, {-1.9, -1.1}});
  UNARY(digamma, "DigammaBackward", {{0.3, 3}, {-1.8, -1.2}});
  UNARY(sinc, "SincBackward", both);
  UNARY(i0, "I0Backward", both);
  UNARY(special_entr, "SpecialEntrBackward", positive);
  UNARY(special_erfcx, "SpecialErfcxBackward", both);
  UNARY(special_i0e, "SpecialI0EBackward", both);
  UNARY(special_i1, "SpecialI1Backward", both);
  UNARY(special_i1e, "SpecialI1EBackward", both);
  UNARY(special_modified_bessel_i0, "SpecialModifiedBesselI0Backward", both);
  UNARY(special_modified_bessel_i1, "SpecialModifiedBesselI1Backward", both);
  UNARY(special_bessel_j0, "SpecialBesselJ0Backward", both);
  UNARY(special_bessel_j1, "SpecialBesselJ1Backward", both);
  UNARY(special_bessel_y0, "SpecialBesselY0Backward", positive);
  UNARY(special_bessel_y1, "SpecialBesselY1Backward", positive);
  UNARY(special_modified_bessel_k0, "SpecialModifiedBesselK0Backward", positive);
  UNARY(special_modified_bessel_k1, "SpecialModifiedBesselK1Backward", positive);
  UNARY(special_ndtr, "SpecialNdtrBackward", both);
  UNARY(special_log_ndtr, "SpecialLogNdtrBackward", {{-4, 2}});
  UNARY(special_ndtri, "SpecialNdtriBackward", {{0.1, 0.9}});
  rows.push_back(
      unary("polygamma", "PolygammaBackward", [](const Tensor& x) { return polygamma(1, x); }, {{0.5, 3}}));
  also(rows, "of order 2", {spread({4}, 0.5, 3)}, [](const Tensors& x) { return polygamma(2, x[0]); });
  rows.push_back(unary("logit", "LogitBackward", [](const Tensor& x) { return logit(x); }, {{0.1, 0.9}}));
  also(rows, "held", {spread({9}, -0.5, 1.5)}, [](const Tensors& x) { return logit(x[0], 0.2); });
  rows.push_back(unary(
      "nan_to_num", "NanToNumBackward", [](const Tensor& x) { return nan_to_num(x); }, both));
  rows.back().bad = {
      [](const Tensors&) { nan_to_num(Tensor()); }, {}, "nan_to_num: an argument is an undefined tensor"};
}

void add_functions_of_two(std::vector<Row>& rows) {
  const Range any{-2, 2}, close{-1.9, 1.7}, positive{0.3, 2.5};
  BINARY(atan2, "Atan2Backward", any, positive);
  BINARY(hypot, "HypotBackward", any, positive);
  BINARY(fmax, "FmaxBackward", any, close);
  BINARY(fmin, "FminBackward", any, close);
  BINARY(logaddexp, "LogaddexpBackward", any, close);
  BINARY(logaddexp2, "Logaddexp2Backward", any, close);
  const Range between{2.1, 2.9}, around_one{0.99, 1.01};
  BINARY(fmod, "FmodBackward1", between, around_one);
  BINARY(remainder, "RemainderBackward1", between, around_one);
  BINARY(copysign, "CopysignBackward0", positive, close);
  BINARY(nextafter, "NextafterBackward", any, close);
  BINARY(xlogy, "XlogyBackward0", any, positive);
  rows.push_back(binary(
      "special_xlog1py", "SpecialXlog1PyBackward0",
      [](const Tensor& a, const Tensor& b) { return xlog1py(a, b); }, any, positive));
  // With respect to the second argument alone.
  const auto by_second = [&](const char* op, const char* node, const Binary& f, Range of) {
    Row row =
        unary(op, node, [f](const Tensor& x) { return f(full({}, 2.5, kDouble), x); }, {{of.low, of.high}});
    row.inputs = 2;
    rows.push_back(row);
  };
  by_second(
      "special_zeta", "SpecialZetaBackward0",
      [](const Tensor& a, const Tensor& b) { return special_zeta(a, b); }, positive);
  by_second(
      "igamma", "IgammaBackward", [](const Tensor& a, const Tensor& b) { return igamma(a, b); }, positive);
  by_second(
      "igammac", "IgammacBackward", [](const Tensor& a, const Tensor& b) { return igammac(a, b); }, positive);
}

void add_mixtures(std::vector<Row>& rows) {
  const auto three = [&](const char* op, const char* node, std::function<Tensor(const Tensors&)> f) {
    Row row{op, node, 3, true, {}, {}};
    row.samples = {
        {"equal shapes", {spread({2, 3}, -1, 1), spread({2, 3}, 1, 2), spread({2, 3}, 0.1, 0.9, 3)}, f},
        {"broadcast", {spread({2, 1}, -1, 1), spread({3}, 1, 2), spread({}, 0.6, 0.9)}, f},
        {"empty", {spread({0}, -1, 1), spread({0}, 1, 2), spread({0}, 0.1, 0.9)}, f}};
    row.bad = {[f](const Tensors& x) { f(x); },
               {ones({2}, kDouble), ones({3}, kDouble), ones({2}, kDouble)},
               std::string(op) + ": "};
    rows.push_back(row);
  };
  three("lerp", "LerpBackward1", [](const Tensors& x) { return lerp(x[0], x[1], x[2]); });
  three("addcmul", "AddcmulBackward", [](const Tensors& x) { return addcmul(x[0], x[1], x[2], 0.7); });
  three("addcdiv", "AddcdivBackward", [](const Tensors& x) { return addcdiv(x[0], x[1], x[2], 0.7); });
}

// What has no derivative.
void add_undifferentiable(std::vector<Row>& rows) {
  const Range any{-2, 2};
  for (const auto& [name, f] :
       std::vector<std::pair<const char*, Unary>>{{"isinf", [](const Tensor& x) { return isinf(x); }},
                                                  {"isfinite", [](const Tensor& x) { return isfinite(x); }},
                                                  {"isposinf", [](const Tensor& x) { return isposinf(x); }},
                                                  {"isneginf", [](const Tensor& x) { return isneginf(x); }},
                                                  {"signbit", [](const Tensor& x) { return signbit(x); }}}) {
    rows.push_back(unary(name, "", f, {{-2, 2}}));
    also(rows, "of a quotient by 0", {spread({4}, -1, 1)},
         [f = f](const Tensors& x) { return f(x[0].detach() / 0.); });
  }
  rows.push_back(unary("frexp", "", [](const Tensor& x) { return std::get<1>(frexp(x)); }, {{-2, 2}}));
  rows.back().bad = {[](const Tensors&) { frexp(ones({2}, kLong)); }, {}, "frexp: self must be floating"};
  rows.push_back(unary("frexp", "FrexpBackward", [](const Tensor& x) { return std::get<0>(frexp(x)); },
                       {{1.1, 1.9}, {-0.9, -0.6}}));
#define SPECIAL(name) \
  rows.push_back(unary("special_" #name, "", [](const Tensor& x) { return special::name(x); }, {{0.3, 2.5}}))
  SPECIAL(airy_ai);
  SPECIAL(scaled_modified_bessel_k0);
  SPECIAL(scaled_modified_bessel_k1);
  SPECIAL(spherical_bessel_j0);
#undef SPECIAL
  BINARY(heaviside, "", any, any);
#define POLYNOMIAL(name)                      \
  rows.push_back(binary("special_" #name, "", \
                        [](const Tensor& x, const Tensor& n) { return special::name(x, n); }, any, {0, 9}))
  POLYNOMIAL(chebyshev_polynomial_t);
  POLYNOMIAL(chebyshev_polynomial_u);
  POLYNOMIAL(chebyshev_polynomial_v);
  POLYNOMIAL(chebyshev_polynomial_w);
  POLYNOMIAL(shifted_chebyshev_polynomial_t);
  POLYNOMIAL(shifted_chebyshev_polynomial_u);
  POLYNOMIAL(shifted_chebyshev_polynomial_v);
  POLYNOMIAL(shifted_chebyshev_polynomial_w);
  POLYNOMIAL(hermite_polynomial_h);
  POLYNOMIAL(hermite_polynomial_he);
  POLYNOMIAL(laguerre_polynomial_l);
  POLYNOMIAL(legendre_polynomial_p);
#undef POLYNOMIAL
}

// Of integers: the samples are cut to them.
void add_integers(std::vector<Row>& rows) {
  const auto whole = [](const Tensor& x) { return (x.detach() * 5).to(kLong); };
#define INTEGERS(op)                                                                                  \
  rows.push_back(binary(#op, "",                                                                      \
                        [whole](const Tensor& a, const Tensor& b) { return op(whole(a), whole(b)); }, \
                        {-2, 2}, {0, 2}))
  INTEGERS(bitwise_and);
  INTEGERS(bitwise_or);
  INTEGERS(bitwise_xor);
  INTEGERS(bitwise_left_shift);
  INTEGERS(bitwise_right_shift);
  INTEGERS(gcd);
  INTEGERS(lcm);
#undef INTEGERS
  rows.push_back(
      unary("bitwise_not", "", [whole](const Tensor& x) { return bitwise_not(whole(x)); }, {{-2, 2}}));
  rows.back().bad = {[](const Tensors& x) { bitwise_not(x[0]); },
                     {ones({2}, kDouble)},
                     "bitwise_not: not implemented for dtype float64"};
}

}  // namespace samples
