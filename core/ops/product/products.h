// Matrix and vector products.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// NumPy's product: vectors, matrices and batches of matrices, whose leading dimensions broadcast.
XGRAD_API Tensor matmul(const Tensor& self, const Tensor& other);
/// [n, k] by [k, m].
XGRAD_API Tensor mm(const Tensor& self, const Tensor& mat2);
/// [n, k] by [k].
XGRAD_API Tensor mv(const Tensor& self, const Tensor& vec);
/// The sum of products of two vectors of one length.
XGRAD_API Tensor dot(const Tensor& self, const Tensor& other);
/// [b, n, k] by [b, k, m], matrix by matrix.
XGRAD_API Tensor bmm(const Tensor& self, const Tensor& mat2);
/// beta * self + alpha * (mat1 by mat2).
XGRAD_API Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1,
                       const Scalar& alpha = 1);
/// input by weight^T plus bias: [..., in] by [out, in] gives [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = detail::undefined());

}  // namespace xgrad
