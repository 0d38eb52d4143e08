// Runs a row kernel over arrays of any layout and dtype.
#pragma once

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/elementwise/row.h>

namespace xgrad::kernels {

/// An array of an elementwise kernel. An input may have fewer dimensions than the result, or of size 1 where
/// that has more: it is broadcast.
struct Operand : ArrayView {
  ScalarType slot;  // the dtype in which the kernel sees it: converted block by block where it differs
};

/// out_0[i], out_1[i], ... = row(in_0[i], in_1[i], ...) over arrays that are not empty; the results follow
/// the inputs in `arrays` and have one shape. A result may be the same memory as an input, element for
/// element.
void execute(RowFn row, const void* formula, int inputs, int results, const Operand* arrays);

/// Elements below which a second thread costs more than it gains.
inline constexpr int64_t kElementwiseGrain = 16384;

/// The same for n elements of arrays which are all contiguous (or, where step is 0, single values) and of the
/// dtypes that the kernel sees.
void execute_blocks(RowFn row, const void* formula, const RowSlots& slots, ScalarType compute,
                    const void* const* in, const uint8_t* step, void* const* out, int64_t n);
inline void execute_contiguous(RowFn row, const void* formula, const RowSlots& slots, ScalarType compute,
                               const void* const* in, const uint8_t* step, void* const* out, int64_t n) {
  if (n <= kElementwiseGrain) return row(formula, out, in, step, n);
  execute_blocks(row, formula, slots, compute, in, step, out, n);
}

}  // namespace xgrad::kernels
