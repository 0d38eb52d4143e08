// Inference mode: computing without any thought of gradients. Its rules are enforced where tensors are made,
// changed and saved.
#pragma once

#include <xgrad/core/tape/grad_mode.h>

namespace xgrad {

/// Within its scope nothing is recorded and every new tensor is an inference tensor, for good: outside it can
/// be read, but neither changed in place, nor saved for backward, nor made to require a gradient; `clone()`
/// makes a normal tensor of it. A view is what its base is. `InferenceMode guard(false)` is a scope of normal
/// mode within.
class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true) : previous_(autograd::thread_state()) {
    autograd::ThreadState& state = autograd::thread_state();
    state.set_modes(!enabled, enabled);
    if (enabled) state.forward_ad = false;
  }
  ~InferenceMode() {
    autograd::ThreadState& state = autograd::thread_state();
    state.set_modes(previous_.grad_mode, previous_.inference_mode);
    state.forward_ad = previous_.forward_ad;
  }
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;

  static bool is_enabled() { return autograd::thread_state().inference_mode; }

 private:
  autograd::ThreadState previous_;
};

namespace autograd {
using xgrad::InferenceMode;
}  // namespace autograd

}  // namespace xgrad
