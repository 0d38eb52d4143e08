// Anomaly mode: where a NaN in backward comes from. What ops do to support it is in anomaly_mode.cpp.
#pragma once

#include <xgrad/core/tape/grad_mode.h>

namespace xgrad::autograd {

/// While it is enabled, every recorded op remembers where it was called, and backward throws at the first
/// gradient that is NaN, naming the op that computed it and that place. Backward also warns, once, when it
/// adds to the gradient of a leaf that was changed since: a step was taken and `zero_grad()` forgotten. All
/// this costs time.
struct XGRAD_API AnomalyMode {
  static bool is_enabled() { return thread_state().anomaly_mode; }
  static bool should_check_nan() { return thread_state().anomaly_check_nan; }
  /// For this thread. Without `check_nan` only places are remembered and nothing is looked for.
  static void set_enabled(bool enabled, bool check_nan = true);
};

/// Anomaly mode within a scope, around forward and backward: `DetectAnomalyGuard guard;`
class XGRAD_API DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true)
      : was_enabled_(AnomalyMode::is_enabled()), checked_nan_(AnomalyMode::should_check_nan()) {
    AnomalyMode::set_enabled(true, check_nan);
  }
  ~DetectAnomalyGuard() { AnomalyMode::set_enabled(was_enabled_, checked_nan_); }
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool was_enabled_, checked_nan_;
};

}  // namespace xgrad::autograd
