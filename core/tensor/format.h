// The text of an array, as Python's print(tensor) shows it. Private; works on a strided view of plain memory
// and knows no Tensor.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/core/tensor/printing.h>
#include <xgrad/core/types/dtype.h>

namespace xgrad {

/// Elements somewhere in memory. Strides count elements; with ndim 0 both pointers may be null.
struct ArrayView {
  const void* data;
  ScalarType dtype;
  int ndim;
  const std::int64_t* sizes;
  const std::int64_t* strides;
};

/// What autograd adds to the text: `grad_fn=<name>` if there is a name, otherwise `requires_grad=True` if it
/// is so.
struct Suffix {
  std::string grad_fn;
  bool requires_grad = false;
};

/// `tensor([1., 2.], dtype=torch.float64)`: equals Python's str(tensor) to the character. Only the elements
/// that are shown are read.
std::string format_array(const ArrayView& array, const Suffix& suffix = {},
                         const PrintOptions& options = get_printoptions());

}  // namespace xgrad
