// The locks of the library, and what the threads share. A fork() in one thread waits until the others are out
// of every lock, so that the child, in which they do not exist, finds the locks open and what these protect
// whole. A plain std::mutex, and a function-local static that takes time to make, stay locked for ever in the
// child.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace xgrad {

/// In its scope no other thread forks. Scopes may nest. What runs in one must not wait for a thread that may
/// enter one itself, unless that thread is in the scope of an `InsideForAnother`.
class NoFork {
 public:
  NoFork() noexcept { enter(); }
  ~NoFork() { leave(); }
  NoFork(const NoFork&) = delete;
  NoFork& operator=(const NoFork&) = delete;

  /// Whether this thread is in such a scope.
  static bool inside() noexcept;

 private:
  friend class Mutex;
  static void enter() noexcept;
  static void leave() noexcept;
};

/// This thread works for one that is in the scope of a NoFork and waits for it: a fork that waits for that
/// thread must not stop this one.
class InsideForAnother {
 public:
  explicit InsideForAnother(bool inside) noexcept;
  ~InsideForAnother();
  InsideForAnother(const InsideForAnother&) = delete;
  InsideForAnother& operator=(const InsideForAnother&) = delete;

 private:
  bool inside_;
};

/// A std::mutex that no fork finds locked: `const std::lock_guard lock(mutex);`.
class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() {
    NoFork::enter();
    mutex_.lock();
  }
  void unlock() {
    mutex_.unlock();
    NoFork::leave();
  }

 private:
  std::mutex mutex_;
};

/// How many forks lie between the first process and this one: threads of a lower number do not exist here.
uint32_t fork_generation() noexcept;

/// One object for the process. Whoever asks first makes it; of several at a time one wins, so that there is
/// no lock. It is never destroyed: threads may outlive main().
template <class T>
class Shared {
 public:
  template <class Make>
  T& get(Make&& make) {
    T* known = value_.load(std::memory_order_acquire);
    if (__builtin_expect(known != nullptr, 1)) return *known;
    std::unique_ptr<T> made(make());
    if (value_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel)) known = made.release();
    return *known;
  }

 private:
  std::atomic<T*> value_{nullptr};
};

}  // namespace xgrad
