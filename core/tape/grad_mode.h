// Whether ops record themselves. Every mode belongs to the thread that sets it.
#pragma once

#include <cstdint>

#include <xgrad/core/types/export.h>

namespace xgrad {

namespace autograd {

struct DualOutputs;

/// The modes of a thread in one place, so that an op asks once.
struct ThreadState {
  bool recording = true;  // grad_mode and not inference_mode: what an op asks for
  bool grad_mode = true;
  bool inference_mode = false;
  bool anomaly_mode = false;
  bool anomaly_check_nan = true;
  bool forward_ad = false;  // a dual level is open, and ops carry tangents along
  uint64_t dual_level = 0;  // its number, which no other level has
  DualOutputs* dual_outputs = nullptr;
  bool keep_values = false;  // nodes keep the value they computed, for graph::explain
  uint64_t sequence_nr = 0;  // the largest number this thread has given to a node

  void set_modes(bool grad, bool inference) {
    grad_mode = grad;
    inference_mode = inference;
    recording = grad && !inference;
  }
};
/// This thread's modes.
XGRAD_API ThreadState& thread_state();

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
