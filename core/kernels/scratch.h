// Memory for the length of a scope. Private to the kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/core/memory/allocator.h>

namespace xgrad::kernels {

/// Room for `count` elements, whose values are anything.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t count)
      : bytes_((static_cast<std::size_t>(count) * sizeof(T) + 63) / 64 * 64),
        data_(static_cast<T*>(memory::allocate(bytes_))) {}
  ~Scratch() { memory::deallocate(data_, bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* get() const { return data_; }

 private:
  std::size_t bytes_;
  T* data_;
};

}  // namespace xgrad::kernels
