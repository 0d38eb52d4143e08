// Functions of two tensors; their formulas are in arithmetic_formulas.h, binary_formulas.h,
// compare_formulas.h and bits_formulas.h.
#include <xgrad/core/ops/pointwise/binary.h>

#include <cmath>

#include <xgrad/core/ops/pointwise/arithmetic_formulas.h>
#include <xgrad/core/ops/pointwise/binary_formulas.h>
#include <xgrad/core/ops/pointwise/bits_formulas.h>
#include <xgrad/core/ops/pointwise/compare_formulas.h>
#include <xgrad/core/ops/pointwise/divisor.h>
#include <xgrad/core/ops/pointwise/rare_formulas.h>
#include <xgrad/core/ops/pointwise/special.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/promotion.h>

namespace xgrad {

namespace {

// What a formula refuses of its arguments before any kernel runs.
template <class F>
void check(const Argument& self, const Argument& other) {
  if constexpr (requires { requires F::refuses_zero; }) ops::check_divisor(F::name.op, self, other);
}

// The formula for what it is computed in.
template <class F>
F formula_for([[maybe_unused]] const Argument& self, [[maybe_unused]] const Argument& other) {
  if constexpr (requires { F::of(ScalarType::Half); }) {
    const Argument args[] = {self, other};
    return F::of(ops::common_dtype(args, 2));
  } else {
    return {};
  }
}

template <class F, class A, class B>
Tensor binary(const A& self, const B& other) {
  check<F>(self, other);
  return pointwise(formula_for<F>(self, other), self, other);
}
template <class F, class B>
Tensor& binary_(const Tensor& self, const B& other) {
  check<F>(self, other);
  return pointwise_(self, formula_for<F>(self, other), self, other);
}

// A fraction is cut for integers.
Addcmul addcmul_of(const Scalar& value, const Tensor& self, const Tensor& a, const Tensor& b) {
  if (self.is_floating_point() || a.is_floating_point() || b.is_floating_point())
    return {{}, {value.toDouble(), 0}};
  const Scalar whole = value.isFloatingPoint() ? Scalar(std::trunc(value.toDouble())) : value;
  return {{}, {value.toDouble(), whole.to<int64_t>()}};
}

Addcdiv addcdiv_of(const Tensor& a, const Tensor& b, const Scalar& value) {
  XGRAD_CHECK_AS(TypeError, !is_integral_type(a.dtype(), true) || !is_integral_type(b.dtype(), true),
                 "addcdiv: integer division is not defined: tensor1 is ", a.dtype(), ", tensor2 is ",
                 b.dtype(), "; convert one to a floating dtype");
  return {{}, value.toDouble()};
}

}  // namespace

#define XGRAD_BINARY(name, Formula)                                                             \
  Tensor name(const Tensor& self, const Tensor& other) { return binary<Formula>(self, other); } \
  Tensor& Tensor::name##_(const Tensor& other) const { return binary_<Formula>(*this, other); }
#define XGRAD_BINARY_OR_NUMBER(name, Formula)                                                   \
  XGRAD_BINARY(name, Formula)                                                                   \
  Tensor name(const Tensor& self, const Scalar& other) { return binary<Formula>(self, other); } \
  Tensor name(const Scalar& self, const Tensor& other) { return binary<Formula>(self, other); } \
  Tensor& Tensor::name##_(const Scalar& other) const { return binary_<Formula>(*this, other); }
#include <xgrad/core/ops/pointwise/binary.inc>
#undef XGRAD_BINARY
#undef XGRAD_BINARY_OR_NUMBER

Tensor xlog1py(const Tensor& self, const Tensor& other) { return pointwise(Xlog1py{}, self, other); }
Tensor xlog1py(const Tensor& self, const Scalar& other) { return pointwise(Xlog1py{}, self, other); }
Tensor xlog1py(const Scalar& self, const Tensor& other) { return pointwise(Xlog1py{}, self, other); }

Tensor ldexp(const Tensor& self, const Tensor& other) {
  const ScalarType dtype = result_type(self, other);
  return (self * pow(Scalar(2.0), other)).to(is_floating_type(dtype) ? dtype : get_default_dtype());
}
Tensor& Tensor::ldexp_(const Tensor& other) const { return mul_(xgrad::pow(Scalar(2.0), other)); }

Tensor float_power(const Tensor& self, const Tensor& exponent) {
  return pow(self.to(kDouble), exponent.to(kDouble));
}
Tensor float_power(const Tensor& self, const Scalar& exponent) {
  return pow(self.to(kDouble), exponent.toDouble());
}
Tensor float_power(const Scalar& self, const Tensor& exponent) {
  return pow(self.toDouble(), exponent.to(kDouble));
}

namespace {

void check_lerp(const Tensor& self, const Tensor& end, const Tensor* weight = nullptr) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == end.dtype(),
                 "lerp: self and end must have the same dtype: self is ", self.dtype(), ", end is ",
                 end.dtype(), "; convert one with to(...)");
  XGRAD_CHECK_AS(TypeError, !weight || weight->dim() == 0 || weight->dtype() == self.dtype(),
                 "lerp: self and weight must have the same dtype: self is ", self.dtype(), ", weight is ",
                 weight ? weight->dtype() : self.dtype(), "; convert one with to(...)");
}

}  // namespace

Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  check_lerp(self, end, &weight);
  return pointwise(Lerp{}, self, end, weight);
}
Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight) {
  check_lerp(self, end);
  return pointwise(Lerp{}, self, end, weight);
}
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  check_lerp(*this, end, &weight);
  return pointwise_(*this, Lerp{}, *this, end, weight);
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  check_lerp(*this, end);
  return pointwise_(*this, Lerp{}, *this, end, weight);
}

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  return pointwise(addcmul_of(value, self, tensor1, tensor2), self, tensor1, tensor2);
}
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return pointwise_(*this, addcmul_of(value, *this, tensor1, tensor2), *this, tensor1, tensor2);
}
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  return pointwise(addcdiv_of(tensor1, tensor2, value), self, tensor1, tensor2);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return pointwise_(*this, addcdiv_of(tensor1, tensor2, value), *this, tensor1, tensor2);
}

}  // namespace xgrad
