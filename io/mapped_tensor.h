// Tensors over the bytes of a file. Private to the library.
#pragma once

#include <memory>
#include <string_view>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::io {

/// The tensor whose elements are `bytes`, in these strides: they stay where they are, and `owner` alive, if
/// they may be changed there and lie as the dtype wants it; otherwise they are copied.
Tensor tensor_over(const std::shared_ptr<void>& owner, std::string_view bytes, IntArrayRef sizes,
                   IntArrayRef strides, ScalarType dtype);

}  // namespace xgrad::io
