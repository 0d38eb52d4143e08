// Rows: special functions, and functions of two tensors with their overloads for a number on either side.
#include "../registry.h"

namespace conformance {

namespace {

const char* first(const Args& a) { return a.has("x") ? "x" : "self"; }
const char* second(const Args& a) { return a.has("n") ? "n" : "other"; }

// Calls f with both arguments, each a tensor or a number.
template <class F>
lib::Tensor call(const Args& a, F f) {
  const char *x = first(a), *y = second(a);
  if (!a.is_tensor(x)) return f(a.scalar(x), a.tensor(y));
  return a.is_tensor(y) ? f(a.tensor(x), a.tensor(y)) : f(a.tensor(x), a.scalar(y));
}

}  // namespace

void register_special(Registry& registry) {
  Table& t = registry.ops;
#define UNARY(name) t.row(#name, [](const Args& a) { return lib::name(a.tensor("self")); })
#define SPECIAL(name) \
  t.row("special." #name, [](const Args& a) { return lib::special::name(a.tensor(first(a))); })
#define BINARY(name) \
  t.row(#name, [](const Args& a) { return lib::name(a.tensor("self"), a.tensor("other")); })
#define OF_TWO(label, name) \
  t.row(label,              \
        [](const Args& a) { return call(a, [](const auto& x, const auto& y) { return lib::name(x, y); }); })
  UNARY(exp2);
  UNARY(log2);
  UNARY(log10);
  UNARY(asinh);
  UNARY(acosh);
  UNARY(atanh);
  UNARY(deg2rad);
  UNARY(rad2deg);
  UNARY(frac);
  UNARY(angle);
  UNARY(erf);
  UNARY(erfc);
  UNARY(erfinv);
  UNARY(lgamma);
  UNARY(digamma);
  UNARY(sinc);
  UNARY(i0);
  UNARY(isinf);
  UNARY(isfinite);
  UNARY(isposinf);
  UNARY(isneginf);
  UNARY(signbit);
  UNARY(bitwise_not);
  UNARY(frexp);
  t.row("logit", [](const Args& a) { return lib::logit(a.tensor("self"), a.optional_real("eps")); });
  t.row("nan_to_num", [](const Args& a) {
    return lib::nan_to_num(a.tensor("self"), a.optional_real("nan"), a.optional_real("posinf"),
                           a.optional_real("neginf"));
  });
  t.row("polygamma", [](const Args& a) { return lib::polygamma(a.integer("n"), a.tensor("self")); });
  t.row("mvlgamma", [](const Args& a) { return lib::mvlgamma(a.tensor("self"), a.integer("p")); });

  SPECIAL(entr);
  SPECIAL(erfcx);
  SPECIAL(i0e);
  SPECIAL(i1);
  SPECIAL(i1e);
  SPECIAL(ndtr);
  SPECIAL(log_ndtr);
  SPECIAL(ndtri);
  SPECIAL(airy_ai);
  SPECIAL(bessel_j0);
  SPECIAL(bessel_j1);
  SPECIAL(bessel_y0);
  SPECIAL(bessel_y1);
  SPECIAL(modified_bessel_i0);
  SPECIAL(modified_bessel_i1);
  SPECIAL(modified_bessel_k0);
  SPECIAL(modified_bessel_k1);
  SPECIAL(scaled_modified_bessel_k0);
  SPECIAL(scaled_modified_bessel_k1);
  SPECIAL(spherical_bessel_j0);
#define POLYNOMIAL(name) OF_TWO("special." #name, special::name)
  POLYNOMIAL(zeta);
  POLYNOMIAL(xlog1py);
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

  BINARY(atan2);
  BINARY(hypot);
  BINARY(fmax);
  BINARY(fmin);
  BINARY(logaddexp);
  BINARY(logaddexp2);
  BINARY(nextafter);
  BINARY(gcd);
  BINARY(lcm);
  BINARY(igamma);
  BINARY(igammac);
  BINARY(ldexp);
  t.row("heaviside", [](const Args& a) { return lib::heaviside(a.tensor("self"), a.tensor("values")); });
  OF_TWO("fmod", fmod);
  OF_TWO("remainder", remainder);
  OF_TWO("copysign", copysign);
  OF_TWO("xlogy", xlogy);
  OF_TWO("bitwise_and", bitwise_and);
  OF_TWO("bitwise_or", bitwise_or);
  OF_TWO("bitwise_xor", bitwise_xor);
  OF_TWO("bitwise_left_shift", bitwise_left_shift);
  OF_TWO("bitwise_right_shift", bitwise_right_shift);
  t.row("__rmod__", [](const Args& a) { return lib::remainder(a.scalar("other"), a.tensor("self")); });
  t.row("float_power", [](const Args& a) {
    if (!a.is_tensor("self")) return lib::float_power(a.scalar("self"), a.tensor("exponent"));
    return a.is_tensor("exponent") ? lib::float_power(a.tensor("self"), a.tensor("exponent"))
                                   : lib::float_power(a.tensor("self"), a.scalar("exponent"));
  });
  t.row("lerp", [](const Args& a) {
    return a.is_tensor("weight") ? lib::lerp(a.tensor("self"), a.tensor("end"), a.tensor("weight"))
                                 : lib::lerp(a.tensor("self"), a.tensor("end"), a.scalar("weight"));
  });
  t.row("addcmul", [](const Args& a) {
    return lib::addcmul(a.tensor("self"), a.tensor("tensor1"), a.tensor("tensor2"), a.scalar("value", 1));
  });
  t.row("addcdiv", [](const Args& a) {
    return lib::addcdiv(a.tensor("self"), a.tensor("tensor1"), a.tensor("tensor2"), a.scalar("value", 1));
  });
#undef UNARY
#undef SPECIAL
#undef BINARY
#undef OF_TWO
}

}  // namespace conformance
