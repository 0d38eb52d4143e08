// Threads that compute in the modes of the thread that started them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <xgrad/core/tape/grad_mode.h>

namespace xgrad {

namespace detail {
struct GeneratorImpl;
}

/// A picture of this thread's modes (recording, inference, anomaly, the open dual level, the generator of a
/// checkpoint), for use in another thread:
/// `std::thread([state = ThreadLocalState()] { ThreadLocalStateGuard guard(state); ... })`.
class XGRAD_API ThreadLocalState {
 public:
  ThreadLocalState();

 private:
  friend class ThreadLocalStateGuard;
  autograd::ThreadState modes_;
  std::shared_ptr<autograd::DualOutputs> level_;  // they live as long as the picture
  std::shared_ptr<detail::GeneratorImpl> generator_;
};

/// Within its scope this thread has the modes of the picture, but for a dual level that has ended.
class XGRAD_API ThreadLocalStateGuard {
 public:
  explicit ThreadLocalStateGuard(const ThreadLocalState& state);
  ~ThreadLocalStateGuard();
  ThreadLocalStateGuard(const ThreadLocalStateGuard&) = delete;
  ThreadLocalStateGuard& operator=(const ThreadLocalStateGuard&) = delete;

 private:
  autograd::ThreadState previous_;
};

/// Calls f(b, e) for ranges that together are [begin, end), by several threads of the library's pool when the
/// range is longer than `grain_size` (and the pool is free), each in the modes of the caller. All calls run
/// to their end; then one of their exceptions, if any, is thrown.
XGRAD_API void parallel_for(int64_t begin, int64_t end, int64_t grain_size,
                            const std::function<void(int64_t begin, int64_t end)>& f);

}  // namespace xgrad
