// What all losses share. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// The losses of the elements as they are, their mean or their sum.
Tensor reduce_loss(const Tensor& losses, int64_t reduction);
/// Throws ValueError unless `reduction` is one of Reduction's.
void check_reduction(const char* op, int64_t reduction);

}  // namespace xgrad::ops
