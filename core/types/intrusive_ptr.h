// Reference counting inside the object: one pointer per handle, one allocation per object.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#if defined(__has_include)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define XGRAD_SINGLE_THREADED (__libc_single_threaded != 0)
#endif
#endif
#ifndef XGRAD_SINGLE_THREADED
#define XGRAD_SINGLE_THREADED false
#endif

namespace xgrad {

/// A counter that pays for atomicity only once the process has started a second thread.
class RefCount {
 public:
  explicit RefCount(uint32_t start = 1) : count_(start) {}

  void increment() {
    if (XGRAD_SINGLE_THREADED)
      count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    else
      count_.fetch_add(1, std::memory_order_relaxed);
  }
  /// True when this was the last reference.
  bool decrement() {
    // The only holder needs no atomic operation: nobody else can add a reference meanwhile.
    const uint32_t seen = count_.load(std::memory_order_acquire);
    if (seen == 1) {
      count_.store(0, std::memory_order_relaxed);
      return true;
    }
    if (XGRAD_SINGLE_THREADED) {
      count_.store(seen - 1, std::memory_order_relaxed);
      return false;
    }
    return count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  uint32_t value() const { return count_.load(std::memory_order_acquire); }

 private:
  std::atomic<uint32_t> count_;
};

/// Shares an object that has `retain()` and `release()`.
template <class T>
class intrusive_ptr {
 public:
  using element_type = T;

  intrusive_ptr() = default;
  intrusive_ptr(std::nullptr_t) {}
  explicit intrusive_ptr(T* p) : p_(p) {
    if (p_) p_->retain();
  }
  intrusive_ptr(const intrusive_ptr& o) : p_(o.p_) {
    if (p_) p_->retain();
  }
  intrusive_ptr(intrusive_ptr&& o) noexcept : p_(o.p_) { o.p_ = nullptr; }
  template <class U>
  intrusive_ptr(intrusive_ptr<U> o) : p_(o.detach()) {}
  ~intrusive_ptr() {
    if (p_) p_->release();
  }
  intrusive_ptr& operator=(const intrusive_ptr& o) {
    intrusive_ptr(o).swap(*this);
    return *this;
  }
  intrusive_ptr& operator=(intrusive_ptr&& o) noexcept {
    intrusive_ptr(std::move(o)).swap(*this);
    return *this;
  }

  /// Takes over a reference that the caller already holds.
  static intrusive_ptr adopt(T* p) {
    intrusive_ptr r;
    r.p_ = p;
    return r;
  }
  /// Gives the reference to the caller.
  T* detach() {
    T* p = p_;
    p_ = nullptr;
    return p;
  }
  void reset() { intrusive_ptr().swap(*this); }
  void swap(intrusive_ptr& o) noexcept { std::swap(p_, o.p_); }

  T* get() const { return p_; }
  T& operator*() const { return *p_; }
  T* operator->() const { return p_; }
  explicit operator bool() const { return p_ != nullptr; }
  friend bool operator==(const intrusive_ptr& a, const intrusive_ptr& b) { return a.p_ == b.p_; }
  friend bool operator!=(const intrusive_ptr& a, const intrusive_ptr& b) { return a.p_ != b.p_; }

 private:
  T* p_ = nullptr;
};

}  // namespace xgrad
