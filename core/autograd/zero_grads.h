// What zero_grad of a module and of an optimizer is. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// Drops the .grad() of all tensors, or fills them with zeros and cuts them off their history. Throws, and
/// changes none, when one cannot be written.
void zero_grads(TensorList tensors, bool set_to_none);

}  // namespace xgrad
