// + - * / and powers, elementwise, with broadcasting and type promotion. A plain number never widens a
// tensor's dtype within its kind: float32 + 1.0 is float32.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// self + alpha * other.
XGRAD_API Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self - alpha * other; not for bool.
XGRAD_API Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// other - alpha * self.
XGRAD_API Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self * other.
XGRAD_API Tensor mul(const Tensor& self, const Tensor& other);
XGRAD_API Tensor mul(const Tensor& self, const Scalar& other);
/// self / other; integers give the default floating dtype.
XGRAD_API Tensor div(const Tensor& self, const Tensor& other);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other);
/// The quotient rounded: "trunc" toward zero, "floor" down; integers stay integers, and a zero divisor is an
/// Error.
XGRAD_API Tensor div(const Tensor& self, const Tensor& other, optional<std::string_view> rounding_mode);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other, optional<std::string_view> rounding_mode);
XGRAD_API Tensor floor_divide(const Tensor& self, const Tensor& other);
XGRAD_API Tensor floor_divide(const Tensor& self, const Scalar& other);
/// self ^ exponent.
XGRAD_API Tensor pow(const Tensor& self, const Tensor& exponent);
XGRAD_API Tensor pow(const Tensor& self, const Scalar& exponent);
XGRAD_API Tensor pow(const Scalar& self, const Tensor& exponent);

/// scalar / tensor. One over a tensor is its reciprocal.
XGRAD_API Tensor divide_number(const Scalar& a, const Tensor& b);

}  // namespace xgrad
