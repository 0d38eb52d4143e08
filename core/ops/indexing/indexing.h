// Elements chosen by other tensors: `index` with everything brackets can hold, gather and scatter, masks. All
// indices are checked before anything is written.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// self[indices]. Integers, slices, None, Ellipsis and integer tensors without dimensions give a view.
/// Tensors of int64 or int32 (negative: from the end) or bool make a new tensor: they broadcast together to a
/// shape that takes the place of the dimensions they index, or the first place when those are not neighbours.
XGRAD_API Tensor index(const Tensor& self, ArrayRef<indexing::TensorIndex> indices);
/// A copy of self with self[indices] = values, or += when `accumulate`. Of equal indices the last one wins,
/// or all add up. `values` broadcasts to self[indices] and has self's dtype.
XGRAD_API Tensor index_put(const Tensor& self, ArrayRef<indexing::TensorIndex> indices, const Tensor& values,
                           bool accumulate = false);
XGRAD_API Tensor& index_put_(Tensor& self, ArrayRef<indexing::TensorIndex> indices, const Tensor& values,
                             bool accumulate = false);
/// self's slices along `dim` at the positions of `index`, a vector of int64 or int32.
XGRAD_API Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
/// The elements at positions of the flattened tensor; the result has the shape of `index` (int64).
XGRAD_API Tensor take(const Tensor& self, const Tensor& index);

/// out[i][j] = self[index[i][j]][j] for dim 0, and so on. `index` (int64 or int32) has self's number of
/// dimensions and is not larger than self but along `dim`.
XGRAD_API Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);
/// A copy of self with out[index[i][j]][j] = src[i][j] for dim 0, and so on. `index` is not larger than
/// `src`.
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
/// The same with += ("add") or *= ("multiply") in place of =. With "multiply" no gradient reaches `src`.
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src,
                         const std::string& reduce);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value,
                         const std::string& reduce);
/// The same with += in place of =.
XGRAD_API Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);

/// self with `value`, a number or a tensor without dimensions, where the bool tensor `mask` is true; both
/// broadcast.
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
/// The elements where `mask` is true, as a vector; both broadcast.
XGRAD_API Tensor masked_select(const Tensor& self, const Tensor& mask);
/// The coordinates of all elements that are not 0, row by row: int64 [count, dims]. Or one vector for each
/// dimension.
XGRAD_API Tensor nonzero(const Tensor& self);
XGRAD_API std::vector<Tensor> nonzero_numpy(const Tensor& self);
XGRAD_API std::vector<Tensor> where(const Tensor& condition);

}  // namespace xgrad
