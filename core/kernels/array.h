// What the kernels see of a tensor: memory, dtype, sizes and strides.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// A strided array owned by somebody else, and so are its sizes and strides. Strides count elements and are
/// never negative; 0 repeats an element.
struct ArrayView {
  void* data;
  ScalarType dtype;
  int64_t ndim;
  const int64_t* sizes;
  const int64_t* strides;
};

/// Whether the elements lie one after the other in row-major order.
inline bool is_contiguous(const ArrayView& a) {
  int64_t step = 1;
  for (int64_t d = a.ndim; d-- > 0;) {
    if (a.sizes[d] == 1) continue;
    if (a.strides[d] != step) return false;
    step *= a.sizes[d];
  }
  return true;
}

}  // namespace xgrad::kernels
