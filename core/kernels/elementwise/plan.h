// How the executor goes over the arrays of one call: the order of the dimensions, how a kernel gets to see
// each array, blocks and buffers. Private to the executor.
#pragma once

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/elementwise/executor.h>
#include <xgrad/core/kernels/loop_dims.h>

namespace xgrad::kernels {

/// How a kernel gets to see an array.
enum class Access {
  direct,    // where it is
  repeated,  // in a buffer that is the same for every block
  as_run,    // converted into a buffer, all rows of a block at once
  by_row,    // gathered into a buffer, or for the result scattered from one, row by row
  by_plane,  // turned into a buffer: in memory it lies along the last dimension but one
};

/// One array of the call.
struct Array {
  char* data;
  int64_t element;    // bytes
  int64_t width;      // bytes of an element in a buffer
  ConvertFn convert;  // between its dtype and its slot's
  bool converts;      // these differ
  ScalarType slot;
  Access access;
  bool same_in_every_row;
  bool buffered;   // it passes through a buffer
  int64_t buffer;  // its place among the buffers
};

struct Plan {
  Plan(RowFn kernel, const void* formula_of_kernel, int inputs, int results, const Operand* operands);

  RowFn row;
  const void* formula;
  int count, end;  // arrays[0 .. count) are the inputs, arrays[count .. end) the results
  Array arrays[kMaxSlots];
  LoopDims<kMaxSlots> dims;
  // A block is rows x cols elements; it does not reach over the end of a span of rows.
  int64_t rows, cols, span;
  int64_t buffers;  // bytes of all
  bool flat;        // the rows of a block are one run to the kernel
  bool planes;      // inputs are turned
  bool by_row;      // arrays go into buffers row by row
  bool stream;      // the results go past the cache

  bool is_input(int i) const { return i < count; }
  int64_t inner() const { return dims.inner_size(); }
  int64_t outer() const { return dims.numel(dims.ndim - 1); }
  int64_t inner_stride(int i) const { return dims.inner_stride(i); }
  int64_t outer_stride(int i) const { return dims.strides[i][dims.ndim - 2]; }
  int64_t blocks_per_row() const { return (inner() + cols - 1) / cols; }
  int64_t blocks_per_span() const { return (span + rows - 1) / rows; }
  // Whether a kernel finds the elements of a row where they are.
  bool row_is_readable(int i) const {
    const int64_t step = inner_stride(i);
    return !arrays[i].converts && (step == 1 || (step == 0 && is_input(i)));
  }
};

/// Bytes of all buffers of a thread together, and the same where that is enough, so that a small call touches
/// less.
inline constexpr int64_t kAllBuffers = 65536, kSmallBuffers = 4096;

}  // namespace xgrad::kernels
