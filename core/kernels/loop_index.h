// Walking over a strided array when nothing faster is needed.
#pragma once

#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {

/// Calls f(i, offset) for every element in row-major order; offset = sum over dimensions of index * stride.
template <class F>
void for_each_offset(IntArrayRef sizes, IntArrayRef strides, F&& f) {
  const int64_t n = numel_of(sizes);
  DimVector index(sizes.size());
  int64_t offset = 0;
  for (int64_t i = 0; i < n; ++i) {
    f(i, offset);
    for (std::size_t d = sizes.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < sizes[d]) break;
      offset -= index[d] * strides[d];
      index[d] = 0;
    }
  }
}

}  // namespace xgrad::kernels
