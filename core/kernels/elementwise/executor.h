// Runs a row kernel over arrays of any layout and dtype.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/elementwise/row.h>

namespace xgrad::kernels {

/// The kernels of one formula, [reading][dtype]: for this machine's instruction set, and the base set, which
/// alone has the integers.
struct FormulaRows {
  const RowFn* wide;
  const RowFn* base;

  RowFn find(int reading, ScalarType compute) const {
    const int type = row_type(compute);
    if (type < 0) return nullptr;
    const int at = reading * kRowTypes + type;
    return wide[at] ? wide[at] : base[at];
  }
};

inline constexpr int kMaxOperands = 8;

/// An input of an elementwise kernel.
struct Operand {
  const void* data;
  ScalarType dtype;
  const int64_t* strides;  // in elements, aligned with the sizes of the result; null: one value for all
};

/// out[i] = row(in_0[i], in_1[i], ...) over an array of `sizes`, computed in dtype `compute`; operands and
/// result of another dtype are converted block by block. `out` may be the same memory as an input, element
/// for element.
void execute(RowFn row, const void* formula, ScalarType compute, int count, const Operand* in, void* out,
             ScalarType out_dtype, const int64_t* out_strides, int64_t ndim, const int64_t* sizes);

/// The same for operands and result which are all contiguous (or single values) and of dtype `compute`.
void execute_contiguous(RowFn row, const void* formula, ScalarType compute, int count, const void* const* in,
                        const uint8_t* step, void* out, int64_t n);

}  // namespace xgrad::kernels
