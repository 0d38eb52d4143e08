// From a tensor to what kernels take. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/kernels/array.h>

namespace xgrad {

inline kernels::ArrayView array_view(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  return {impl.data(), impl.dtype(), impl.dim(), impl.sizes().data(), impl.strides().data()};
}

/// A new tensor with uninitialised memory, row-major.
inline Tensor new_tensor(ScalarType dtype, IntArrayRef sizes) {
  return Tensor(intrusive_ptr<TensorImpl>::adopt(TensorImpl::make_empty(dtype, sizes)));
}

}  // namespace xgrad
