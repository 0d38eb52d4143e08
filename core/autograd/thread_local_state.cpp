// The modes of one thread in another, and the library's pool for users' loops over tensors.
#include <xgrad/core/autograd/thread_local_state.h>

#include <algorithm>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

namespace {

// Nodes are numbered upwards in every thread.
void change_to(const autograd::ThreadState& modes) {
  autograd::ThreadState& state = autograd::this_thread_state;
  const uint64_t number = std::max(state.sequence_nr, modes.sequence_nr);
  state = modes;
  state.sequence_nr = number;
}

}  // namespace

ThreadLocalState::ThreadLocalState() : modes_(autograd::this_thread_state) {
  if (modes_.dual_outputs) level_ = modes_.dual_outputs->shared_from_this();
  if (modes_.generator) generator_ = modes_.generator->shared_from_this();
}

ThreadLocalStateGuard::ThreadLocalStateGuard(const ThreadLocalState& state)
    : previous_(autograd::this_thread_state) {
  change_to(state.modes_);
  if (!state.level_ || !state.level_->closed()) return;
  autograd::this_thread_state.forward_ad = false;
  autograd::this_thread_state.dual_outputs = nullptr;
}

ThreadLocalStateGuard::~ThreadLocalStateGuard() { change_to(previous_); }

void parallel_for(int64_t begin, int64_t end, int64_t grain_size,
                  const std::function<void(int64_t, int64_t)>& f) {
  XGRAD_CHECK_AS(ValueError, grain_size >= 0, "parallel_for: grain_size must not be negative: got ",
                 grain_size);
  const ThreadLocalState modes;
  kernels::parallel_for(begin, end, std::max<int64_t>(grain_size, 1), [&](int64_t b, int64_t e) {
    const ThreadLocalStateGuard guard(modes);
    f(b, e);
  });
}

}  // namespace xgrad
