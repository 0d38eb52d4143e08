// Reductions of arrays of any layout: sums, products, extremes and their positions.
#pragma once

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/isa.h>

namespace xgrad::kernels {

enum class ReduceOp { sum, prod, max, min, any, all, sum_of_squares };

/// out = op over the dimensions d of `in` with reduced[d]; out has in's sizes with 1 at those. Computed in
/// the dtype of out for sum, prod and sum_of_squares (float for the 16-bit types, int64 for integers), in
/// that of in for max and min, and on `x != 0` for any and all. Floating sums are cut into fixed blocks that
/// are added pairwise: the error grows with log n, and the result depends on the values and their layout
/// only, not on threads or the ISA. NaN wins max and min. A sum, product, any or all of no elements is 0, 1,
/// false or true; max and min need at least one.
void reduce(ReduceOp op, const ArrayView& out, const ArrayView& in, const bool* reduced);

/// The largest (`largest`) or smallest element over the reduced dimensions and its position among them in
/// row-major order: the first one of several, the first NaN if there is one. `values` (dtype of in) may be
/// null; indices are int64. There must be at least one element to choose from.
void reduce_with_index(bool largest, const ArrayView* values, const ArrayView& indices, const ArrayView& in,
                       const bool* reduced);

/// The same with the kernels of a given instruction set.
void reduce_on(Isa isa, ReduceOp op, const ArrayView& out, const ArrayView& in, const bool* reduced);
void reduce_with_index_on(Isa isa, bool largest, const ArrayView* values, const ArrayView& indices,
                          const ArrayView& in, const bool* reduced);

}  // namespace xgrad::kernels
