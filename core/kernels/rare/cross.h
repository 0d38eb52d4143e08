// The cross product of vectors of three.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/array.h>

namespace xgrad::kernels {

/// out = a x b along `dim`, of size 3; all three arrays have the same sizes and dtype.
void cross(const ArrayView& out, const ArrayView& a, const ArrayView& b, int64_t dim);

}  // namespace xgrad::kernels
