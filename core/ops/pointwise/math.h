// Elementary functions, elementwise. Integers become the default floating dtype where the result is not
// whole. Each has a form that writes into its argument: `sqrt_(x)`.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

#define XGRAD_UNARY_FUNCTION(name)           \
  XGRAD_API Tensor name(const Tensor& self); \
  XGRAD_API Tensor& name##_(Tensor& self);

XGRAD_UNARY_FUNCTION(abs)         ///< |x|; derivative sign(x), 0 at 0.
XGRAD_UNARY_FUNCTION(neg)         ///< -x; not for bool.
XGRAD_UNARY_FUNCTION(sign)        ///< -1, 0 or 1; derivative 0.
XGRAD_UNARY_FUNCTION(reciprocal)  ///< 1 / x.
XGRAD_UNARY_FUNCTION(sqrt)        ///< Square root; NaN below 0.
XGRAD_UNARY_FUNCTION(rsqrt)       ///< 1 / sqrt(x).
XGRAD_UNARY_FUNCTION(square)      ///< x * x.
XGRAD_UNARY_FUNCTION(exp)         ///< e^x.
XGRAD_UNARY_FUNCTION(expm1)       ///< e^x - 1, exact also near 0.
XGRAD_UNARY_FUNCTION(log)         ///< Natural logarithm.
XGRAD_UNARY_FUNCTION(log1p)       ///< log(1 + x), exact also near 0.
XGRAD_UNARY_FUNCTION(sin)         ///< Sine of radians.
XGRAD_UNARY_FUNCTION(cos)         ///< Cosine of radians.
XGRAD_UNARY_FUNCTION(tan)         ///< Tangent of radians.
XGRAD_UNARY_FUNCTION(asin)        ///< Inverse sine, in [-pi/2, pi/2].
XGRAD_UNARY_FUNCTION(acos)        ///< Inverse cosine, in [0, pi].
XGRAD_UNARY_FUNCTION(atan)        ///< Inverse tangent, in (-pi/2, pi/2).
XGRAD_UNARY_FUNCTION(sinh)        ///< (e^x - e^-x) / 2.
XGRAD_UNARY_FUNCTION(cosh)        ///< (e^x + e^-x) / 2.
XGRAD_UNARY_FUNCTION(tanh)        ///< sinh(x) / cosh(x).
XGRAD_UNARY_FUNCTION(floor)       ///< The largest integer not above x; derivative 0.
XGRAD_UNARY_FUNCTION(ceil)        ///< The smallest integer not below x; derivative 0.
XGRAD_UNARY_FUNCTION(round)       ///< The nearest integer, halves to the even one; derivative 0.
XGRAD_UNARY_FUNCTION(trunc)       ///< Without the fraction; derivative 0.
XGRAD_UNARY_FUNCTION(sigmoid)     ///< 1 / (1 + e^-x).
XGRAD_UNARY_FUNCTION(relu)        ///< max(x, 0); derivative 0 at 0.
#undef XGRAD_UNARY_FUNCTION

/// Rounds to `decimals` digits after the point, or before it when negative.
XGRAD_API Tensor round(const Tensor& self, int64_t decimals);
/// Whether an element is NaN.
XGRAD_API Tensor isnan(const Tensor& self);

}  // namespace xgrad
