// Threads that compute in the modes of the thread that started them.
#pragma once

#include <cstdint>
#include <functional>

#include <xgrad/core/tape/grad_mode.h>

namespace xgrad {

/// A picture of this thread's modes (recording, inference, anomaly, the open dual level), for use in another
/// thread: `std::thread([state = ThreadLocalState()] { ThreadLocalStateGuard guard(state); ... })`.
class ThreadLocalState {
 public:
  ThreadLocalState() : modes_(autograd::thread_state()) {}

 private:
  friend class ThreadLocalStateGuard;
  autograd::ThreadState modes_;
};

/// Within its scope this thread has the modes of the picture.
class ThreadLocalStateGuard {
 public:
  explicit ThreadLocalStateGuard(const ThreadLocalState& state) : previous_(autograd::thread_state()) {
    change_to(state.modes_);
  }
  ~ThreadLocalStateGuard() { change_to(previous_); }
  ThreadLocalStateGuard(const ThreadLocalStateGuard&) = delete;
  ThreadLocalStateGuard& operator=(const ThreadLocalStateGuard&) = delete;

 private:
  // Nodes are numbered upwards in every thread.
  static void change_to(const autograd::ThreadState& modes) {
    autograd::ThreadState& state = autograd::thread_state();
    const uint64_t number = state.sequence_nr > modes.sequence_nr ? state.sequence_nr : modes.sequence_nr;
    state = modes;
    state.sequence_nr = number;
  }
  autograd::ThreadState previous_;
};

/// Calls f(b, e) for ranges that together are [begin, end), by several threads of the library's pool when the
/// range is longer than `grain_size` (and the pool is free), each in the modes of the caller. All calls run
/// to their end; then one of their exceptions, if any, is thrown.
XGRAD_API void parallel_for(int64_t begin, int64_t end, int64_t grain_size,
                            const std::function<void(int64_t begin, int64_t end)>& f);

}  // namespace xgrad
