// The memory behind one or several tensors.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include <xgrad/core/types/export.h>
#include <xgrad/core/types/intrusive_ptr.h>

namespace xgrad {

/// A block of memory shared by views, with the version counter that catches in-place changes of saved
/// tensors. Header and data are one allocation, data 64-byte aligned, unless the memory belongs to somebody
/// else.
class Storage {
 public:
  XGRAD_API static intrusive_ptr<Storage> allocate(std::size_t bytes);
  /// Memory of somebody else.
  XGRAD_API static intrusive_ptr<Storage> borrow(void* data, std::size_t bytes);
  /// Borrowed memory: `deleter(data)` runs when the last tensor over it is gone.
  void set_deleter(std::function<void(void*)> deleter) { *deleter_ = std::move(deleter); }
  /// The memory of `of` with a version counter of its own, which starts at `version`.
  XGRAD_API static intrusive_ptr<Storage> alias(intrusive_ptr<Storage> of, uint32_t version);

  void* data() const { return data_; }
  std::size_t nbytes() const { return bytes_; }
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() {
    if (XGRAD_SINGLE_THREADED)
      version_.store(version() + 1, std::memory_order_relaxed);
    else
      version_.fetch_add(1, std::memory_order_relaxed);
  }
  uint32_t use_count() const { return refs_.value(); }
  /// Whether the memory belongs to somebody else, who may look at it, or forbid writing, at any time.
  bool is_borrowed() const { return deleter_ != nullptr; }

  void retain() { refs_.increment(); }
  void release() {
    if (refs_.decrement()) destroy();
  }

 private:
  struct KeepAlive;
  Storage(void* data, std::size_t bytes, std::function<void(void*)>* deleter)
      : data_(data), bytes_(bytes), deleter_(deleter) {}
  XGRAD_API void destroy();

  RefCount refs_;
  std::atomic<uint32_t> version_{0};
  void* data_;
  std::size_t bytes_;
  std::function<void(void*)>* deleter_;  // nullptr: header and data are one block
};

}  // namespace xgrad
