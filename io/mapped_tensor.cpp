#include <xgrad/io/mapped_tensor.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/tensor/tensor_impl.h>

namespace xgrad::io {

namespace {
bool is_aligned(const void* data, ScalarType dtype) {
  return reinterpret_cast<std::uintptr_t>(data) % element_size(dtype) == 0;
}
// A bool of C++ must be 0 or 1.
bool has_odd_bools(std::string_view bytes, ScalarType dtype) {
  return dtype == kBool && std::any_of(bytes.begin(), bytes.end(), [](unsigned char b) { return b > 1; });
}
}  // namespace

void copy_elements(void* to, std::string_view bytes, ScalarType dtype) {
  if (dtype == kBool)
    std::transform(bytes.begin(), bytes.end(), static_cast<bool*>(to), [](char b) { return b != 0; });
  else if (!bytes.empty())
    std::memcpy(to, bytes.data(), bytes.size());
}

intrusive_ptr<StorageImpl> storage_over(const std::shared_ptr<void>& owner, std::string_view bytes,
                                        ScalarType dtype) {
  if (owner && !bytes.empty() && is_aligned(bytes.data(), dtype) && !has_odd_bools(bytes, dtype)) {
    auto shared = StorageImpl::borrow(const_cast<char*>(bytes.data()), bytes.size());
    shared->set_deleter([owner](void*) {});
    return shared;
  }
  auto copy = StorageImpl::allocate(bytes.size());
  copy_elements(copy->data(), bytes, dtype);
  return copy;
}

Tensor tensor_over(const std::shared_ptr<void>& owner, std::string_view bytes, IntArrayRef sizes,
                   IntArrayRef strides, ScalarType dtype) {
  auto storage = storage_over(owner, bytes, dtype);
  void* const data = storage->data();
  return Tensor(
      intrusive_ptr<TensorImpl>::adopt(TensorImpl::make(std::move(storage), data, dtype, sizes, strides)));
}

}  // namespace xgrad::io
