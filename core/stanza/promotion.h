// The dtype of a result. Private part; the public functions are in core/ops/dtype_ops.h.
#pragma once

#include <xgrad/core/tape/saved.h>

namespace xgrad::ops {

/// PyTorch's rule: tensors with dimensions decide within their kind, then those without, then plain numbers.
ScalarType common_dtype(const Argument* args, int n);

}  // namespace xgrad::ops
