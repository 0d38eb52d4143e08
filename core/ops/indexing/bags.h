// Sums of rows of a table, for embedding_bag and resizing. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// Row i is the sum of rows indices[t] of the matrix `table` [..., rows, width], times weights[t] where there
/// are any, for begin[i] <= t < begin[i + 1]; `begin` (int64, contiguous) does not decrease, from 0 to the
/// number of indices. Each of several matrices is summed so.
XGRAD_API Tensor sum_bags(const Tensor& table, const Tensor& indices, const Tensor& begin,
                          const Tensor& weights);
/// The same under another name, where the numbers are fixed and make one size of an image of another.
XGRAD_API Tensor resample(const Tensor& x, const Tensor& indices, const Tensor& begin, const Tensor& weights);

}  // namespace xgrad::ops
