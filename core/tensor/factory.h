// What the makers of new tensors share: memory in the order of another tensor's, and requires_grad from
// options. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// Dimensions from the outermost in memory to the innermost, as PyTorch sorts them: the first of several
/// tensors that knows which of two is further out decides. A stride of 0 says nothing about the order.
DimVector memory_order(IntArrayRef sizes, ArrayRef<DimVector> strides);
inline DimVector memory_order(IntArrayRef sizes, IntArrayRef strides) {
  const DimVector one(strides);
  return memory_order(sizes, ArrayRef<DimVector>(&one, 1));
}
/// Strides of dense memory with the dimensions in this order.
DimVector strides_in_order(IntArrayRef sizes, IntArrayRef order);
/// The same strides where they leave no gap and no overlap; otherwise those of dense memory in the same
/// order.
DimVector dense_strides(IntArrayRef sizes, IntArrayRef strides);

/// Whether dense memory in the order of these strides is plainly row-major: a quick answer before the exact
/// one.
inline bool descend(IntArrayRef strides) {
  int64_t least = strides.empty() ? 1 : strides[0];
  for (std::size_t d = 1; d < strides.size(); ++d) {
    if (strides[d] >= least) return false;
    least = strides[d];
  }
  return least > 0;
}

/// Strides of dense memory in this format; an Error that names `op` where it is not for so many dimensions.
DimVector format_strides(const char* op, IntArrayRef sizes, MemoryFormat format);
/// Unwritten memory in this format, which is not Preserve.
Tensor new_in_format(const char* op, ScalarType dtype, IntArrayRef sizes, MemoryFormat format);

/// The `out` of the op that runs, if it has one of this dtype and shape where the result may be written at
/// once; undefined otherwise, and when it has been given.
Tensor lent_out(ScalarType dtype, IntArrayRef sizes);
/// The same in row-major order, or new memory: where a kernel writes its result.
Tensor new_result(ScalarType dtype, IntArrayRef sizes);
/// What an op changes that was x: x itself where it is lent as the result, a copy otherwise.
Tensor changeable(const Tensor& x);

/// Unwritten memory for a tensor of self's shape, laid out as self is: `MemoryFormat::Preserve`.
Tensor dense_like(const Tensor& self, ScalarType dtype);
/// Unwritten memory for a tensor of self's shape; what neither the options nor `format` say is self's.
Tensor new_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format);

/// The number without dimensions, or an Error that names `op` where the dtype cannot hold it.
Tensor number_tensor(const char* op, const Scalar& value, ScalarType dtype);

/// Throws the TypeError of a gradient asked for where the dtype cannot have one.
void check_grad(const TensorOptions& options, ScalarType dtype);
/// t, made to require a gradient where the options say so; a TypeError for integers.
Tensor with_grad(Tensor t, const TensorOptions& options);

}  // namespace xgrad
