// `set_data` in two steps, for changes of several tensors of which all or none may happen. Private to the
// library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// Checks and prepares that `t` takes over the memory, shape and dtype of `data`; `commit` does it.
class XGRAD_API DataChange {
 public:
  DataChange(const Tensor& t, const Tensor& data);
  void commit() noexcept;

 private:
  Tensor tensor_;
  intrusive_ptr<TensorImpl> next_;
};

}  // namespace xgrad
