// Copies, conversions and filling.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// A copy with its own memory, in the order of self's unless `format` asks for row-major; gradients pass
/// through it.
XGRAD_API Tensor clone(const Tensor& self, optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor detach(const Tensor& self);
XGRAD_API Tensor positive(const Tensor& self);
/// `value` everywhere, in self's shape and dtype.
XGRAD_API Tensor fill(const Tensor& self, const Scalar& value);
XGRAD_API Tensor fill(const Tensor& self, const Tensor& value);

/// The dtype of an op's result over these.
XGRAD_API ScalarType result_type(const Tensor& a, const Tensor& b);
XGRAD_API ScalarType result_type(const Tensor& a, const Scalar& b);
XGRAD_API ScalarType result_type(const Scalar& a, const Tensor& b);
XGRAD_API ScalarType result_type(const Scalar& a, const Scalar& b);

}  // namespace xgrad
