// Comparisons and choices over tensors; the formulas are in compare_formulas.h.
#include <xgrad/core/ops/pointwise/compare.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare_formulas.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/grad_mode.h>

namespace xgrad {

#define XGRAD_COMPARISON(function, Formula)                                                              \
  Tensor function(const Tensor& self, const Tensor& other) { return pointwise(Formula{}, self, other); } \
  Tensor function(const Tensor& self, const Scalar& other) { return pointwise(Formula{}, self, other); } \
  Tensor Tensor::function(const Tensor& other) const { return pointwise(Formula{}, *this, other); }      \
  Tensor Tensor::function(const Scalar& other) const { return pointwise(Formula{}, *this, other); }
XGRAD_COMPARISON(eq, Eq)
XGRAD_COMPARISON(ne, Ne)
XGRAD_COMPARISON(lt, Lt)
XGRAD_COMPARISON(le, Le)
XGRAD_COMPARISON(gt, Gt)
XGRAD_COMPARISON(ge, Ge)
#undef XGRAD_COMPARISON

#define XGRAD_BINARY(function, Formula)                                                                  \
  Tensor function(const Tensor& self, const Tensor& other) { return pointwise(Formula{}, self, other); } \
  Tensor Tensor::function(const Tensor& other) const { return pointwise(Formula{}, *this, other); }
XGRAD_BINARY(logical_and, LogicalAnd)
XGRAD_BINARY(logical_or, LogicalOr)
XGRAD_BINARY(logical_xor, LogicalXor)
XGRAD_BINARY(maximum, Maximum)
XGRAD_BINARY(minimum, Minimum)
#undef XGRAD_BINARY

Tensor logical_not(const Tensor& self) { return pointwise(LogicalNot{}, self); }
Tensor Tensor::logical_not() const { return xgrad::logical_not(*this); }
Tensor Tensor::max(const Tensor& other) const { return xgrad::maximum(*this, other); }
Tensor Tensor::min(const Tensor& other) const { return xgrad::minimum(*this, other); }

namespace {

const Tensor& checked_condition(const Tensor& condition) {
  XGRAD_CHECK_AS(TypeError, condition.dtype() == kBool || condition.dtype() == kByte,
                 "where: condition must be a bool tensor: got ", condition.dtype());
  return condition;
}

template <class Both, class Min, class Max, class Bound>
Tensor clamp_between(const Tensor& self, const optional<Bound>& min, const optional<Bound>& max) {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp: at least one of min and max must be given");
  if (!max) return pointwise(Min{}, self, *min);
  if (!min) return pointwise(Max{}, self, *max);
  return pointwise(Both{}, self, *min, *max);
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) {
  check_number("where", self, result_type(self, other));
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) {
  check_number("where", other, result_type(self, other));
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const {
  return xgrad::where(condition, *this, other);
}

Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_between<Clamp, ClampMin, ClampMax>(self, min, max);
}
Tensor clamp(const Tensor& self, const optional<Tensor>& min, const optional<Tensor>& max) {
  return clamp_between<ClampTensors, ClampMinTensor, ClampMaxTensor>(self, min, max);
}
Tensor clamp_min(const Tensor& self, const Scalar& min) { return pointwise(ClampMin{}, self, min); }
Tensor clamp_min(const Tensor& self, const Tensor& min) { return pointwise(ClampMinTensor{}, self, min); }
Tensor clamp_max(const Tensor& self, const Scalar& max) { return pointwise(ClampMax{}, self, max); }
Tensor clamp_max(const Tensor& self, const Tensor& max) { return pointwise(ClampMaxTensor{}, self, max); }
Tensor Tensor::clamp(const optional<Scalar>& min, const optional<Scalar>& max) const {
  return xgrad::clamp(*this, min, max);
}
Tensor Tensor::clamp(const optional<Tensor>& min, const optional<Tensor>& max) const {
  return xgrad::clamp(*this, min, max);
}
Tensor Tensor::clamp_min(const Scalar& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_min(const Tensor& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Scalar& max) const { return xgrad::clamp_max(*this, max); }
Tensor Tensor::clamp_max(const Tensor& max) const { return xgrad::clamp_max(*this, max); }
Tensor& Tensor::clamp_(const optional<Scalar>& min, const optional<Scalar>& max) const {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp_: at least one of min and max must be given");
  if (!max) return pointwise_(*this, ClampMin{}, *this, *min);
  if (!min) return pointwise_(*this, ClampMax{}, *this, *max);
  return pointwise_(*this, Clamp{}, *this, *min, *max);
}

bool equal(const Tensor& self, const Tensor& other) {
  return self.sizes() == other.sizes() && eq(self, other).all().item<bool>();
}
bool Tensor::equal(const Tensor& other) const { return xgrad::equal(*this, other); }

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == other.dtype(), "allclose: dtypes differ: self is ", self.dtype(),
                 ", other is ", other.dtype());
  XGRAD_CHECK_AS(ValueError, rtol >= 0 && atol >= 0, "allclose: rtol and atol must not be negative: got ",
                 rtol, " and ", atol);
  const NoGradGuard no_grad;
  const Tensor a = self.is_floating_point() ? self : self.to(kDouble);
  const Tensor b = self.is_floating_point() ? other : other.to(kDouble);
  const Tensor distance = abs(a - b);
  // inf - inf is NaN, and a finite value is never close to inf, which the bound itself would allow.
  Tensor close = eq(self, other) |
                 (le(distance, atol + rtol * abs(b)) & ne(distance, std::numeric_limits<double>::infinity()));
  if (equal_nan) close = close | (isnan(self) & isnan(other));
  return close.all().item<bool>();
}
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::allclose(*this, other, rtol, atol, equal_nan);
}

}  // namespace xgrad
