// Counting, and looking up in what is sorted. All arrays are row-major.
#pragma once

#include <xgrad/core/kernels/array.h>

namespace xgrad::kernels {

/// counts[v] = how often v is among the int64 `values`, none of which is negative or as large as `counts`
/// (int64).
void bincount(const ArrayView& counts, const ArrayView& values);
/// The sum of the weights at its places instead, in their dtype: float or double.
void bincount(const ArrayView& counts, const ArrayView& values, const ArrayView& weights);

/// counts[b] = how many of the float or double `values` are in the b-th of the bins of equal width in [low,
/// high]; `counts` is int64. The last bin holds `high`; what is outside, and NaN, is not counted.
void histogram(const ArrayView& counts, const ArrayView& values, double low, double high);

/// out[r][j] = how many of the ascending sorted[r] are less than values[r][j], or (right) not greater;
/// `sorted` may also be one row for all. A NaN among the values is greater than all. `out` is int64.
void search(const ArrayView& out, const ArrayView& sorted, const ArrayView& values, bool right);

}  // namespace xgrad::kernels
