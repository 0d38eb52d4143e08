// The dtype of a result. Private part; `promote_types` is in core/types/dtype.h, `result_type` in
// core/ops/shape/copy.h.
#pragma once

#include <xgrad/core/tape/saved.h>

namespace xgrad::ops {

/// PyTorch's rule: tensors with dimensions decide within their kind, then those without, then plain numbers.
ScalarType common_dtype(const Argument* args, int n);

}  // namespace xgrad::ops
