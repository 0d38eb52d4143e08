// Choosing between values, elementwise with broadcasting, and comparing whole tensors.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// Whether an element is 0.
XGRAD_API Tensor logical_not(const Tensor& self);

/// condition ? self : other.
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
/// min(max(self, min), max); at least one bound. The gradient passes where self is strictly between numbers;
/// self and a tensor that it equals get half of it each. A number out of the range of self's integers bounds
/// nothing, or is an Error where it would leave none of them.
XGRAD_API Tensor clamp(const Tensor& self, const optional<Scalar>& min,
                       const optional<Scalar>& max = nullopt);
XGRAD_API Tensor clamp(const Tensor& self, const optional<Tensor>& min,
                       const optional<Tensor>& max = detail::absent());
XGRAD_API Tensor clamp_min(const Tensor& self, const Scalar& min);
XGRAD_API Tensor clamp_min(const Tensor& self, const Tensor& min);
XGRAD_API Tensor clamp_max(const Tensor& self, const Scalar& max);
XGRAD_API Tensor clamp_max(const Tensor& self, const Tensor& max);

/// Same shape and same values, of whatever dtypes.
XGRAD_API bool equal(const Tensor& self, const Tensor& other);
/// |self - other| <= atol + rtol * |other|, for tensors of one dtype: a bool tensor. Equal infinities are
/// close, and with `equal_nan` two NaN.
XGRAD_API Tensor isclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8,
                         bool equal_nan = false);
/// Whether all elements are close.
XGRAD_API bool allclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8,
                        bool equal_nan = false);

}  // namespace xgrad
