// Tensors that may be absent, as kernels take them. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

inline const void* data_or_null(const Tensor& t) { return t.defined() ? t.data_ptr() : nullptr; }
/// Contiguous, or still absent.
inline Tensor dense(const Tensor& t) { return t.defined() ? t.contiguous() : t; }

}  // namespace xgrad
