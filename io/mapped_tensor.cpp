#include <xgrad/io/mapped_tensor.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/tensor/creation.h>

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

Tensor tensor_over(const std::shared_ptr<void>& owner, std::string_view bytes, IntArrayRef sizes,
                   IntArrayRef strides, ScalarType dtype) {
  const bool odd = has_odd_bools(bytes, dtype);
  if (owner && !bytes.empty() && is_aligned(bytes.data(), dtype) && !odd)
    return from_blob(
        const_cast<char*>(bytes.data()), sizes, strides, [owner](void*) {}, dtype);
  Tensor copy = empty_strided(sizes, strides, dtype);
  if (!bytes.empty()) std::memcpy(copy.data_ptr(), bytes.data(), bytes.size());
  if (odd) {
    auto* const first = static_cast<unsigned char*>(copy.data_ptr());
    std::transform(first, first + bytes.size(), first,
                   [](unsigned char b) -> unsigned char { return b != 0; });
  }
  return copy;
}

}  // namespace xgrad::io
