// Tensors over the bytes of a file. Private to the library.
#pragma once

#include <memory>
#include <string_view>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::io {

/// Copies elements. A bool is 0 or 1 whatever its byte says.
void copy_elements(void* to, std::string_view bytes, ScalarType dtype);

/// The elements that are `bytes`: they stay where they are, and `owner` alive, if there is one, which means
/// that they may be changed there, and they lie as the dtype wants it; otherwise they are copied.
intrusive_ptr<StorageImpl> storage_over(const std::shared_ptr<void>& owner, std::string_view bytes,
                                        ScalarType dtype);

/// A tensor over such elements, in these strides.
Tensor tensor_over(const std::shared_ptr<void>& owner, std::string_view bytes, IntArrayRef sizes,
                   IntArrayRef strides, ScalarType dtype);

}  // namespace xgrad::io
