// Comparisons and choices over tensors; the formulas are in compare_formulas.h.
#include <xgrad/core/ops/pointwise/compare.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare_formulas.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

Tensor logical_not(const Tensor& self) { return pointwise(LogicalNot{}, self); }
Tensor& Tensor::logical_not_() const { return pointwise_(*this, LogicalNot{}, *this); }

namespace {

const Tensor& checked_condition(const Tensor& condition) {
  XGRAD_CHECK_AS(TypeError, condition.dtype() == kBool || condition.dtype() == kByte,
                 "where: condition must be a bool tensor: got ", condition.dtype());
  return condition;
}

// A bound of self's integers: one that none of them reaches stands as the last number of their dtype, one
// beyond which they all lie is refused.
optional<Scalar> bound(const char* op, const Tensor& self, const optional<Scalar>& number, bool is_min) {
  if (!number) return number;
  return dispatch<Integers>(op, self.dtype(), [&]<class T>() -> Scalar {
    const int64_t least = std::numeric_limits<T>::min(), most = std::numeric_limits<T>::max(),
                  n = number->toLong();
    XGRAD_CHECK(is_min ? n <= most : n >= least, op, ": ", is_min ? "min" : "max", " value ", n,
                " is outside the representable range of ", self.dtype(), ": self is ", self.sizes());
    return std::clamp(n, least, most);
  });
}

// Calls f with the formula for these bounds, and with the bounds.
template <class F>
decltype(auto) clamp_by_numbers(const char* op, const Tensor& self, optional<Scalar> min,
                                optional<Scalar> max, F&& f) {
  XGRAD_CHECK_AS(ValueError, min || max, op, ": at least one of min and max must be given");
  const auto floats = [](const optional<Scalar>& s) { return s && s->isFloatingPoint(); };
  if (is_integral_type(self.dtype(), false) && !floats(min) && !floats(max)) {
    min = bound(op, self, min, true);
    max = bound(op, self, max, false);
  }
  if (!max) return f(ClampMin{}, *min);
  if (!min) return f(ClampMax{}, *max);
  return f(Clamp{}, *min, *max);
}

Tensor clamped(const char* op, const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_by_numbers(op, self, min, max, [&](const auto& formula, const auto&... bounds) {
    return pointwise(formula, self, bounds...);
  });
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

Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamped("clamp", self, min, max);
}
Tensor clamp(const Tensor& self, const optional<Tensor>& min, const optional<Tensor>& max) {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp: at least one of min and max must be given");
  if (!max) return pointwise(ClampMinTensor{}, self, *min);
  if (!min) return pointwise(ClampMaxTensor{}, self, *max);
  return pointwise(ClampTensors{}, self, *min, *max);
}
Tensor clamp_min(const Tensor& self, const Scalar& min) { return clamped("clamp_min", self, min, nullopt); }
Tensor clamp_min(const Tensor& self, const Tensor& min) { return pointwise(ClampMinTensor{}, self, min); }
Tensor clamp_max(const Tensor& self, const Scalar& max) { return clamped("clamp_max", self, nullopt, max); }
Tensor clamp_max(const Tensor& self, const Tensor& max) { return pointwise(ClampMaxTensor{}, self, max); }

namespace {

Tensor& clamp_by_numbers_(const char* op, const Tensor& self, const optional<Scalar>& min,
                          const optional<Scalar>& max) {
  return clamp_by_numbers(op, self, min, max, [&](const auto& formula, const auto&... bounds) -> Tensor& {
    return pointwise_(self, formula, self, bounds...);
  });
}

}  // namespace

Tensor& Tensor::clamp_(const optional<Scalar>& min, const optional<Scalar>& max) const {
  return clamp_by_numbers_("clamp_", *this, min, max);
}
Tensor& Tensor::clamp_(const optional<Tensor>& min, const optional<Tensor>& max) const {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp_: at least one of min and max must be given");
  if (!max) return clamp_min_(*min);
  if (!min) return clamp_max_(*max);
  return pointwise_(*this, ClampTensors{}, *this, *min, *max);
}
Tensor& Tensor::clamp_min_(const Scalar& min) const {
  return clamp_by_numbers_("clamp_min_", *this, min, nullopt);
}
Tensor& Tensor::clamp_min_(const Tensor& min) const {
  return pointwise_(*this, ClampMinTensor{}, *this, min);
}
Tensor& Tensor::clamp_max_(const Scalar& max) const {
  return clamp_by_numbers_("clamp_max_", *this, nullopt, max);
}
Tensor& Tensor::clamp_max_(const Tensor& max) const {
  return pointwise_(*this, ClampMaxTensor{}, *this, max);
}

bool equal(const Tensor& self, const Tensor& other) {
  if (self.sizes() != other.sizes()) return false;
  // What is not a number differs from itself.
  if (self.is_same(other) && !self.is_floating_point()) return true;
  const NoGradGuard no_grad;
  // Most tensors that differ do so early on.
  constexpr int64_t first = 1024;
  if (self.numel() > 4 * first && self.is_contiguous() && other.is_contiguous()) {
    const Tensor a = self.view({-1}), b = other.view({-1});
    return eq(a.slice(0, 0, first), b.slice(0, 0, first)).all().item<bool>() &&
           eq(a.slice(0, first), b.slice(0, first)).all().item<bool>();
  }
  return eq(self, other).all().item<bool>();
}

Tensor isclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == other.dtype(), "isclose: dtypes differ: self is ", self.dtype(),
                 ", other is ", other.dtype());
  XGRAD_CHECK_AS(ValueError, rtol >= 0 && atol >= 0, "isclose: rtol and atol must not be negative: got ",
                 rtol, " and ", atol);
  const NoGradGuard no_grad;
  Tensor close = eq(self, other);
  if (equal_nan) close = close | (isnan(self) & isnan(other));
  if (rtol == 0 && atol == 0) return close;
  const Tensor a = self.dtype() == kBool ? self.to(get_default_dtype()) : self;
  const Tensor b = self.is_floating_point() ? other : other.to(get_default_dtype());
  const Tensor distance = abs(a - b);
  // A finite value is never close to inf, which the bound itself would allow.
  return close | (isfinite(distance) & le(distance, atol + abs(rtol * b)));
}

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return isclose(self, other, rtol, atol, equal_nan).all().item<bool>();
}

}  // namespace xgrad
