// Copies of a tensor of which a part was replaced, cut out or surrounded.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// A copy of self with `src` in place of what the view of that name shows; `src` has the view's shape.
XGRAD_API Tensor slice_scatter(const Tensor& self, const Tensor& src, int64_t dim = 0,
                               optional<int64_t> start = nullopt, optional<int64_t> end = nullopt,
                               int64_t step = 1);
XGRAD_API Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index);
XGRAD_API Tensor diagonal_scatter(const Tensor& self, const Tensor& src, int64_t offset = 0, int64_t dim1 = 0,
                                  int64_t dim2 = 1);
/// The copy lies in memory as self does.
XGRAD_API Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size,
                                    IntArrayRef stride, optional<int64_t> storage_offset = nullopt);
/// A copy of what `narrow` shows.
XGRAD_API Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length);

/// self between `value`s: pad is [before, after] of the last dimension, then of the one before it, ... A
/// negative number cuts off. `value` must fit self's dtype.
XGRAD_API Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value = 0);

}  // namespace xgrad
