// Copies between arrays of any layout and dtype.
#pragma once

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/types/scalar.h>

namespace xgrad::kernels {

/// dst = src, element by element, with the conversion of convert.h. Both have the same sizes; a stride 0 in
/// src repeats its elements. They must not overlap unless they are the very same elements.
void copy(const ArrayView& dst, const ArrayView& src);

/// Every element of dst = value, converted to its dtype.
void fill(const ArrayView& dst, const Scalar& value);

}  // namespace xgrad::kernels
