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
/// beta * self + alpha * (mat by vec): self broadcasts to [n]. A beta of 0 drops self, NaN included.
XGRAD_API Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
                       const Scalar& alpha = 1);
/// beta * self + alpha * outer(vec1, vec2): self broadcasts to [n, m].
XGRAD_API Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta = 1,
                      const Scalar& alpha = 1);
/// beta * self + alpha * bmm(batch1, batch2): self broadcasts to [b, n, m].
XGRAD_API Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2,
                         const Scalar& beta = 1, const Scalar& alpha = 1);
/// The same summed over the batch: self broadcasts to [n, m].
XGRAD_API Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2,
                        const Scalar& beta = 1, const Scalar& alpha = 1);
/// [n] and [m] give all products of two elements, [n, m].
XGRAD_API Tensor outer(const Tensor& self, const Tensor& vec2);
XGRAD_API Tensor ger(const Tensor& self, const Tensor& vec2);
/// Sums of products over the last dimensions: [..., k] and [*, k] give [..., *]. A number multiplies.
XGRAD_API Tensor inner(const Tensor& self, const Tensor& other);
/// `dot`, of real vectors.
XGRAD_API Tensor vdot(const Tensor& self, const Tensor& other);
/// Kronecker's product: every element of self times other; sizes multiply, dimension by dimension.
XGRAD_API Tensor kron(const Tensor& self, const Tensor& other);
/// (a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0) along a dimension of three, the others broadcast. Without
/// `dim` it is the first of size 3.
XGRAD_API Tensor cross(const Tensor& self, const Tensor& other, optional<int64_t> dim = nullopt);
namespace linalg {
XGRAD_API Tensor cross(const Tensor& self, const Tensor& other, int64_t dim = -1);
}  // namespace linalg
/// Sums of products over pairs of dimensions, dims_self[i] with dims_other[i]; what remains of self comes
/// before what remains of other. An int takes so many of the last of self and of the first of other.
XGRAD_API Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self,
                           IntArrayRef dims_other);
XGRAD_API Tensor tensordot(const Tensor& self, const Tensor& other, int64_t dims = 2);
/// Einstein's sums: `equation` names the dimensions of every tensor by letters, "ij,jk->ik"; one that the
/// result does not name is summed over, one that appears twice in a tensor means its diagonal, "..." stands
/// for any dimensions, which broadcast. Without "->" the result has the letters that appear once, in
/// alphabetical order. Two tensors at a time are multiplied, in the order of `path` (pairs of positions among
/// those left, the product comes last) or the pair first whose product shrinks most.
XGRAD_API Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path = nullopt);
/// input by weight^T plus bias: [..., in] by [out, in] gives [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = detail::undefined());

}  // namespace xgrad
