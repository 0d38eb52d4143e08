// The modes of a thread: whether it records, and what else an op must know of it. Plain data; the guards that
// set modes stand in core/tape.
#pragma once

#include <cstdint>

#include <xgrad/core/types/export.h>

namespace xgrad {

class TensorImpl;

namespace detail {
struct GeneratorImpl;
}

namespace autograd {

class DualOutputs;
class OpObserver;

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
  detail::GeneratorImpl* generator = nullptr;  // takes the place of the default one within a checkpoint
  OpObserver* observer = nullptr;              // is shown every op that runs
  TensorImpl* out = nullptr;                   // of an op with out=...: a formula may write there at once
  uint64_t sequence_nr = 0;                    // the largest number this thread has given to a node

  void set_modes(bool grad, bool inference) {
    grad_mode = grad;
    inference_mode = inference;
    recording = grad && !inference;
  }
};
/// This thread's modes.
XGRAD_API ThreadState& thread_state();

}  // namespace autograd
}  // namespace xgrad
