// Whether ops record themselves. Every mode belongs to the thread that sets it.
#pragma once

#include <xgrad/core/tensor/thread_state.h>

namespace xgrad {

namespace autograd {

struct GradMode {
  static bool is_enabled() { return thread_state().grad_mode; }
  /// Under InferenceMode nothing is recorded all the same.
  static void set_enabled(bool enabled) {
    ThreadState& state = thread_state();
    state.set_modes(enabled, state.inference_mode);
  }
};

}  // namespace autograd

using autograd::GradMode;

/// Sets the recording of gradients for a scope.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : previous_(GradMode::is_enabled()) { GradMode::set_enabled(enabled); }
  ~AutoGradMode() { GradMode::set_enabled(previous_); }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool previous_;
};

/// Nothing is recorded within the scope: `NoGradGuard no_grad;`
class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

namespace autograd {
using xgrad::AutoGradMode;
using xgrad::NoGradGuard;
}  // namespace autograd

}  // namespace xgrad
