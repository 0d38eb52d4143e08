// Elementary functions, elementwise. Integers become the default floating dtype where the result is not
// whole. Each has a form that writes into its argument: `sqrt_(x)`.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

#define XGRAD_UNARY(name, Formula)           \
  XGRAD_API Tensor name(const Tensor& self); \
  XGRAD_API Tensor& name##_(Tensor& self);
#include <xgrad/core/ops/pointwise/math.inc>
#include <xgrad/core/ops/pointwise/rare.inc>
#undef XGRAD_UNARY

/// x * x.
XGRAD_API Tensor square(const Tensor& self);
XGRAD_API Tensor& square_(Tensor& self);
/// Rounds to `decimals` digits after the point, or before it when negative.
XGRAD_API Tensor round(const Tensor& self, int64_t decimals);
/// log(x / (1 - x)), of x held in [eps, 1 - eps] if eps is given.
XGRAD_API Tensor logit(const Tensor& self, optional<double> eps = nullopt);
/// NaN, inf and -inf replaced, by 0 and the largest and smallest finite numbers unless others are given.
XGRAD_API Tensor nan_to_num(const Tensor& self, optional<double> nan = nullopt,
                            optional<double> posinf = nullopt, optional<double> neginf = nullopt);
/// The complement of the bits of integers, or of a truth value.
XGRAD_API Tensor bitwise_not(const Tensor& self);
/// The angle of a real number: 0, or pi below 0.
XGRAD_API Tensor angle(const Tensor& self);
/// The m with 0.5 <= |m| < 1 and the int32 e of self = m 2^e.
XGRAD_API std::tuple<Tensor, Tensor> frexp(const Tensor& self);

/// The n-th derivative of digamma, n >= 0.
XGRAD_API Tensor polygamma(int64_t n, const Tensor& self);
/// log of the multivariate gamma function of dimension p, for self > (p - 1) / 2.
XGRAD_API Tensor mvlgamma(const Tensor& self, int64_t p);

/// Whether an element is NaN, infinite, neither, or has its sign bit set: bool tensors.
XGRAD_API Tensor isnan(const Tensor& self);
XGRAD_API Tensor isinf(const Tensor& self);
XGRAD_API Tensor isfinite(const Tensor& self);
XGRAD_API Tensor isposinf(const Tensor& self);
XGRAD_API Tensor isneginf(const Tensor& self);
XGRAD_API Tensor signbit(const Tensor& self);

}  // namespace xgrad
