// Reductions of arrays of any layout by a formula.
#pragma once

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>

namespace xgrad::kernels {

/// results[k] = result k of the formula over the dimensions d of `in` with reduced[d]; they have in's sizes
/// with 1 at those, and the same strides. A result is converted to its dtype at the end, once. Elements are
/// cut into fixed blocks that are combined pairwise: the error of a sum grows with log n, and a result
/// depends on the values and their layout only, not on threads. Over no elements it is what the formula's
/// identity finishes to. `index` is the place of the formula in the list.
void reduce(Isa set, int index, const void* formula, const ArrayView* results, const ArrayView& in,
            const bool* reduced);

/// The same with the kernels of an instruction set.
template <class F>
void reduce(const F& formula, const ArrayView* results, const ArrayView& in, const bool* reduced,
            Isa set = isa()) {
  reduce(set, ReductionIndex<F>::value, &formula, results, in, reduced);
}

}  // namespace xgrad::kernels
