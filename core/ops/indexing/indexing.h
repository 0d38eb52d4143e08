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
/// The same with += ("add") or *= ("multiply") in place of =.
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src,
                         std::string_view reduce);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value,
                         std::string_view reduce);
/// The same with += in place of =.
XGRAD_API Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);

/// The same, combining what is there (with include_self; else only what is written) and all that is written
/// to one place: "sum", "prod", "mean", "amax" or "amin". Equal extremes share the gradient evenly.
XGRAD_API Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src,
                                std::string_view reduce, bool include_self = true);

/// A copy of self with slice index[i] along `dim` += alpha * slice i of `source`, or = slice i, or = a number
/// or a tensor without dimensions. `index` is a vector of int64 or int32; `source` has self's dtype, and its
/// sizes but along `dim`.
XGRAD_API Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                           const Scalar& alpha = 1);
XGRAD_API Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
/// The same with "prod", "mean", "amax" or "amin" of slices, as scatter_reduce combines elements.
XGRAD_API Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                              std::string_view reduce, bool include_self = true);
/// A copy of self with the elements of `source`, which has the shape of `index`, at positions of the
/// flattened tensor (int64, negative: from the end); or added to them.
XGRAD_API Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
/// gather with `indices` (int64) that broadcast with self but along `dim`; without one from the flattened
/// tensor.
XGRAD_API Tensor take_along_dim(const Tensor& self, const Tensor& indices, optional<int64_t> dim = nullopt);
/// The row of `weight` for each index (int64 or int32): the shape of `indices`, then that of a row. The row
/// `padding_idx` gets no gradient; `scale_grad_by_freq` divides that of a row by how often it was chosen.
XGRAD_API Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1,
                           bool scale_grad_by_freq = false, bool sparse = false);
/// Scales the rows of `self` that are chosen down to a norm of max_norm where theirs is larger. Not recorded.
XGRAD_API Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type);
/// A last dimension of num_classes (-1: one more than the largest) zeros, with a 1 at the place that self
/// (int64) says: int64.
XGRAD_API Tensor one_hot(const Tensor& self, int64_t num_classes = -1);
/// "sum", "mean", "prod", "max" or "min" of segments that follow each other along `axis`. `lengths` (or
/// `offsets`, one more than segments) has the sizes of `data` before `axis`, then one for the segments. No
/// element gives `initial`, or else 0, NaN, 1, -inf, inf; `initial` also takes part in other segments.
XGRAD_API Tensor segment_reduce(const Tensor& data, std::string_view reduce,
                                const optional<Tensor>& lengths = detail::absent(),
                                const optional<Tensor>& indices = detail::absent(),
                                const optional<Tensor>& offsets = detail::absent(), int64_t axis = 0,
                                bool unsafe = false, const optional<Scalar>& initial = nullopt);

/// self with `value`, a number or a tensor without dimensions, where the bool tensor `mask` is true; both
/// broadcast.
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
/// The elements where `mask` is true, as a vector; both broadcast.
XGRAD_API Tensor masked_select(const Tensor& self, const Tensor& mask);
/// A copy of self with the elements of `source`, one after the other, where `mask` is true; both broadcast.
XGRAD_API Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source);
/// The coordinates of all elements that are not 0, row by row: int64 [count, dims]. Or one vector for each
/// dimension.
XGRAD_API Tensor nonzero(const Tensor& self);
XGRAD_API Tensor argwhere(const Tensor& self);
/// The first `size` of them; where there are fewer, rows of `fill_value` follow.
XGRAD_API Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value = -1);
XGRAD_API std::vector<Tensor> nonzero_numpy(const Tensor& self);
XGRAD_API std::vector<Tensor> where(const Tensor& condition);

}  // namespace xgrad
