// Functions of two tensors, or of a tensor and a number, elementwise with broadcasting and type promotion,
// and mixtures of three.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

#define XGRAD_BINARY(name, Formula) XGRAD_API Tensor name(const Tensor& self, const Tensor& other);
#define XGRAD_BINARY_OR_NUMBER(name, Formula)                     \
  XGRAD_API Tensor name(const Tensor& self, const Tensor& other); \
  XGRAD_API Tensor name(const Tensor& self, const Scalar& other); \
  XGRAD_API Tensor name(const Scalar& self, const Tensor& other);
#include <xgrad/core/ops/pointwise/binary.inc>
#undef XGRAD_BINARY
#undef XGRAD_BINARY_OR_NUMBER

/// self log(1 + other); 0 where self is 0, unless other is NaN.
XGRAD_API Tensor xlog1py(const Tensor& self, const Tensor& other);
XGRAD_API Tensor xlog1py(const Tensor& self, const Scalar& other);
XGRAD_API Tensor xlog1py(const Scalar& self, const Tensor& other);
/// self 2^other.
XGRAD_API Tensor ldexp(const Tensor& self, const Tensor& other);
/// self^other, in float64.
XGRAD_API Tensor float_power(const Tensor& self, const Tensor& exponent);
XGRAD_API Tensor float_power(const Tensor& self, const Scalar& exponent);
XGRAD_API Tensor float_power(const Scalar& self, const Tensor& exponent);

/// self + weight (end - self).
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
/// self + value tensor1 tensor2.
XGRAD_API Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2,
                         const Scalar& value = 1);
/// self + value tensor1 / tensor2.
XGRAD_API Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2,
                         const Scalar& value = 1);

}  // namespace xgrad
