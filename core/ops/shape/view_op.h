// How a view is made. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// Other sizes and strides over self's memory, `offset` elements further on. Not recorded: view ops do that.
Tensor make_view(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, int64_t offset = 0);

/// Strides of a view of `self` with `sizes`, if one exists without copying.
optional<DimVector> view_strides(const Tensor& self, IntArrayRef sizes);

/// `sizes` with -1 replaced by what fits `numel`; `op` is named in errors.
DimVector infer_size(const char* op, IntArrayRef sizes, int64_t numel);

}  // namespace xgrad::ops
