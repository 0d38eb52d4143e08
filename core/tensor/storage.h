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
class StorageImpl {
 public:
  XGRAD_API static intrusive_ptr<StorageImpl> allocate(std::size_t bytes);
  /// Memory of somebody else.
  XGRAD_API static intrusive_ptr<StorageImpl> borrow(void* data, std::size_t bytes);
  /// Borrowed memory: `deleter(data)` runs when the last tensor over it is gone.
  void set_deleter(std::function<void(void*)> deleter) { *deleter_ = std::move(deleter); }
  /// The memory of `of` with a version counter of its own, which starts at `version`.
  XGRAD_API static intrusive_ptr<StorageImpl> alias(intrusive_ptr<StorageImpl> of, uint32_t version);

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
  StorageImpl(void* data, std::size_t bytes, std::function<void(void*)>* deleter)
      : data_(data), bytes_(bytes), deleter_(deleter) {}
  XGRAD_API void destroy();

  RefCount refs_;
  std::atomic<uint32_t> version_{0};
  void* data_;
  std::size_t bytes_;
  std::function<void(void*)>* deleter_;  // nullptr: header and data are one block
};

/// A handle on the memory of a tensor and its views, as `Tensor::storage()` gives it. Copies share the
/// memory.
class Storage {
 public:
  /// The address, with LibTorch's words for it.
  class DataPtr {
   public:
    explicit DataPtr(void* data) : data_(data) {}
    void* get() const { return data_; }
    explicit operator bool() const { return data_ != nullptr; }
    bool operator==(const DataPtr& o) const { return data_ == o.data_; }
    bool operator!=(const DataPtr& o) const { return data_ != o.data_; }

   private:
    void* data_;
  };

  explicit Storage(intrusive_ptr<StorageImpl> impl) : impl_(std::move(impl)) {}
  void* data() const { return impl_->data(); }
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }
  DataPtr data_ptr() const { return DataPtr(data()); }
  std::size_t nbytes() const { return impl_->nbytes(); }
  /// How many handles and tensors share the memory.
  std::size_t use_count() const { return impl_->use_count(); }
  bool unique() const { return use_count() == 1; }
  bool is_alias_of(const Storage& o) const { return data() == o.data(); }

 private:
  intrusive_ptr<StorageImpl> impl_;
};

}  // namespace xgrad
