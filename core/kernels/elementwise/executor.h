// Runs a row kernel over arrays of any layout and dtype.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/elementwise/row.h>

namespace xgrad::kernels {

/// An array of an elementwise kernel.
struct Operand {
  void* data;
  ScalarType dtype;
  const int64_t* strides;  // in elements, one for each of the sizes; null: one value for all
  ScalarType slot;         // the dtype in which the kernel sees it: converted block by block where it differs
};

/// out_0[i], out_1[i], ... = row(in_0[i], in_1[i], ...) over arrays of `sizes`; the results follow the inputs
/// in `arrays`. A result may be the same memory as an input, element for element.
void execute(RowFn row, const void* formula, int inputs, int results, const Operand* arrays, int64_t ndim,
             const int64_t* sizes);

/// The same for arrays which are all contiguous (or, where step is 0, single values) and of the dtypes that
/// the kernel sees.
void execute_contiguous(RowFn row, const void* formula, const RowSlots& slots, ScalarType compute,
                        const void* const* in, const uint8_t* step, void* const* out, int64_t n);

}  // namespace xgrad::kernels
