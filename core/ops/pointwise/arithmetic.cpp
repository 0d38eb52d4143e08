// Arithmetic over tensors; the formulas are in arithmetic_formulas.h.
#include <xgrad/core/ops/pointwise/arithmetic.h>

#include <xgrad/core/ops/pointwise/arithmetic_formulas.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/divisor.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/promotion.h>

namespace xgrad {

namespace {
void refuse_bool(const char* op, const Argument& a, const Argument& b) {
  const auto is_bool = [](const Argument& x) {
    return x.tensor ? x.tensor->dtype() == kBool : x.number.isBoolean();
  };
  XGRAD_CHECK_AS(TypeError, !is_bool(a) && !is_bool(b), op,
                 ": not defined for bool; to invert a mask use logical_not(), for a difference of masks "
                 "logical_xor()");
}

bool is_one(const Scalar& s) { return s.isFloatingPoint() ? s.toDouble() == 1 : s.toLong() == 1; }

// What alpha is in the common dtype of the arguments.
Factor factor(const char* op, const Argument& self, const Argument& other, const Scalar& alpha) {
  const Argument args[] = {self, other};
  const ScalarType common = ops::common_dtype(args, 2);
  XGRAD_CHECK_AS(TypeError, !is_integral_type(common, true) || !alpha.isFloatingPoint(), op,
                 ": for integral tensors alpha must be an integer: got ", alpha);
  XGRAD_CHECK_AS(TypeError, common == kBool || !alpha.isBoolean(), op,
                 ": alpha may be a bool for bool tensors only: the result is ", common);
  check_number(op, alpha, common);
  return {alpha.toDouble(), alpha.isFloatingPoint() ? 0 : alpha.toLong()};
}

// Calls f with Plain or, where alpha is not 1, with Scaled.
template <class Plain, class Scaled, class F>
decltype(auto) with_alpha(const Argument& self, const Argument& other, const Scalar& alpha, F&& f) {
  if (alpha.isIntegral(false) && alpha.toLong() == 1) return f(Plain{});
  const Factor by = factor(Plain::name.op, self, other, alpha);
  return by.real == 1 ? f(Plain{}) : f(Scaled{{}, by});
}
template <class Plain, class Scaled, class Self, class Other>
Tensor scaled(const Self& self, const Other& other, const Scalar& alpha) {
  return with_alpha<Plain, Scaled>(self, other, alpha,
                                   [&](const auto& f) { return pointwise(f, self, other); });
}
template <class Plain, class Scaled, class Other>
Tensor& scaled_(const Tensor& self, const Other& other, const Scalar& alpha) {
  return with_alpha<Plain, Scaled>(
      self, other, alpha, [&](const auto& f) -> Tensor& { return pointwise_(self, f, self, other); });
}

// Calls f with the formula that rounds the quotient as `mode` says.
template <class Other, class F>
decltype(auto) divide_rounded(const Tensor& self, const Other& other, optional<std::string_view> mode,
                              F&& f) {
  if (!mode) return f(Div{});
  XGRAD_CHECK_AS(ValueError, *mode == "trunc" || *mode == "floor",
                 "div: rounding_mode must be nullopt, \"trunc\" or \"floor\": got \"", *mode, "\"");
  ops::check_divisor("div", self, other);
  return *mode == "trunc" ? f(DivTrunc{}) : f(DivFloor{});
}

void check_integer_power(const Tensor& self, const Scalar& exponent) {
  const Argument args[] = {self, exponent};
  if (const ScalarType common = ops::common_dtype(args, 2); is_integral_type(common, false))
    check_number("pow", exponent, common);
  XGRAD_CHECK_AS(
      ValueError,
      !is_integral_type(self.dtype(), true) || !exponent.isIntegral(true) || exponent.toLong() >= 0,
      "pow: Integers to negative integer powers are not allowed: self is ", self.dtype(), ", exponent is ",
      exponent, "; use a floating-point tensor");
}

}  // namespace

void ops::check_divisor(const char* op, const Argument& self, const Argument& other) {
  const Argument args[] = {self, other};
  const bool nothing =
      (self.tensor && self.tensor->numel() == 0) || (other.tensor && other.tensor->numel() == 0);
  if (nothing || !is_integral_type(common_dtype(args, 2), true)) return;
  const bool zero = other.tensor ? other.tensor->eq(0).any().item<bool>() : other.number.equal(0);
  XGRAD_CHECK(!zero, op, ": ZeroDivisionError: an integer is divided by zero");
}

#define XGRAD_SCALED(Other)                                                 \
  Tensor add(const Tensor& self, const Other& other, const Scalar& alpha) { \
    return scaled<Add, AddScaled>(self, other, alpha);                      \
  }                                                                         \
  Tensor& Tensor::add_(const Other& other, const Scalar& alpha) const {     \
    return scaled_<Add, AddScaled>(*this, other, alpha);                    \
  }                                                                         \
  Tensor sub(const Tensor& self, const Other& other, const Scalar& alpha) { \
    refuse_bool("sub", self, other);                                        \
    return scaled<Sub, SubScaled>(self, other, alpha);                      \
  }                                                                         \
  Tensor& Tensor::sub_(const Other& other, const Scalar& alpha) const {     \
    refuse_bool("sub", *this, other);                                       \
    return scaled_<Sub, SubScaled>(*this, other, alpha);                    \
  }
XGRAD_SCALED(Tensor)
XGRAD_SCALED(Scalar)
#undef XGRAD_SCALED

Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) { return sub(other, self, alpha); }
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  refuse_bool("rsub", self, other);
  return is_one(alpha) ? pointwise(Rsub{}, self, other) : scaled<Sub, SubScaled>(other, self, alpha);
}

Tensor mul(const Tensor& self, const Tensor& other) { return pointwise(Mul{}, self, other); }
Tensor mul(const Tensor& self, const Scalar& other) { return pointwise(Mul{}, self, other); }
Tensor& Tensor::mul_(const Tensor& other) const { return pointwise_(*this, Mul{}, *this, other); }
Tensor& Tensor::mul_(const Scalar& other) const { return pointwise_(*this, Mul{}, *this, other); }

Tensor div(const Tensor& self, const Tensor& other) { return pointwise(Div{}, self, other); }
Tensor div(const Tensor& self, const Scalar& other) { return pointwise(Div{}, self, other); }
#define XGRAD_ROUNDED(Other)                                                                             \
  Tensor div(const Tensor& self, const Other& other, optional<std::string_view> mode) {                  \
    return divide_rounded(self, other, mode, [&](const auto& f) { return pointwise(f, self, other); });  \
  }                                                                                                      \
  Tensor& Tensor::div_(const Other& other, optional<std::string_view> mode) const {                      \
    return divide_rounded(*this, other, mode,                                                            \
                          [&](const auto& f) -> Tensor& { return pointwise_(*this, f, *this, other); }); \
  }                                                                                                      \
  Tensor floor_divide(const Tensor& self, const Other& other) { return div(self, other, "floor"); }      \
  Tensor& Tensor::floor_divide_(const Other& other) const { return div_(other, "floor"); }
XGRAD_ROUNDED(Tensor)
XGRAD_ROUNDED(Scalar)
#undef XGRAD_ROUNDED
Tensor& Tensor::div_(const Tensor& other) const { return pointwise_(*this, Div{}, *this, other); }
Tensor& Tensor::div_(const Scalar& other) const { return pointwise_(*this, Div{}, *this, other); }

#define XGRAD_OVER_TEMPORARIES(op, function, Formula)                                   \
  namespace {                                                                           \
  Tensor function##_over(Tensor& dying, const Tensor& a, const Tensor& b) {             \
    return pointwise_over(Formula{}, dying, a, b,                                       \
                          [](const auto& x, const auto& y) { return function(x, y); }); \
  }                                                                                     \
  }                                                                                     \
  Tensor operator op(Tensor&& a, const Tensor& b) { return function##_over(a, a, b); }  \
  Tensor operator op(const Tensor& a, Tensor&& b) { return function##_over(b, a, b); }  \
  Tensor operator op(Tensor&& a, Tensor&& b) { return function##_over(a, a, b); }
XGRAD_OVER_TEMPORARIES(+, add, Add)
XGRAD_OVER_TEMPORARIES(-, sub, Sub)
XGRAD_OVER_TEMPORARIES(*, mul, Mul)
XGRAD_OVER_TEMPORARIES(/, div, Div)
#undef XGRAD_OVER_TEMPORARIES

Tensor divide_number(const Scalar& a, const Tensor& b) {
  return is_one(a) ? reciprocal(b) : pointwise(Div{}, a, b);
}

Tensor pow(const Tensor& self, const Tensor& exponent) { return pointwise(PowTensor{}, self, exponent); }
Tensor pow(const Tensor& self, const Scalar& exponent) {
  check_integer_power(self, exponent);
  return pointwise(PowScalar{{}, exponent.toDouble()}, self, exponent);
}
Tensor pow(const Scalar& self, const Tensor& exponent) { return pointwise(PowBase{}, self, exponent); }
Tensor& Tensor::pow_(const Tensor& exponent) const { return pointwise_(*this, PowTensor{}, *this, exponent); }
Tensor& Tensor::pow_(const Scalar& exponent) const {
  check_integer_power(*this, exponent);
  return pointwise_(*this, PowScalar{{}, exponent.toDouble()}, *this, exponent);
}

}  // namespace xgrad
