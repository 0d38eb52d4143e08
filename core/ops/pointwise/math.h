// Elementary functions, elementwise. Integers become the default floating dtype where the result is not
// whole. Each has a form that writes into its argument: `sqrt_(x)`.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

#define XGRAD_UNARY(name, Formula)           \
  XGRAD_API Tensor name(const Tensor& self); \
  XGRAD_API Tensor& name##_(Tensor& self);
#include <xgrad/core/ops/pointwise/math.inc>
#undef XGRAD_UNARY

/// x * x.
XGRAD_API Tensor square(const Tensor& self);
XGRAD_API Tensor& square_(Tensor& self);
/// Rounds to `decimals` digits after the point, or before it when negative.
XGRAD_API Tensor round(const Tensor& self, int64_t decimals);
/// Whether an element is NaN.
XGRAD_API Tensor isnan(const Tensor& self);

}  // namespace xgrad
