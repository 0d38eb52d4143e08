// What LibTorch 1.13's C++ interface does otherwise than PyTorch does in Python; only for the test of the
// runner.
#include "adapter.h"

namespace conformance {

const std::vector<Excuse>& excuses() {
  static const std::vector<Excuse> all = {
      {"__rsub__/008", "number - tensor is computed in the dtype of the tensor, even for a floating number"},
      {"__rdiv__/008", "number / tensor multiplies the reciprocal in place into a result of integers"},
      {"__rdiv__/009", "number / tensor multiplies the reciprocal in place into a result of integers"},
      {"nn.functional.nll_loss/000", "a single sample without a batch dimension is refused"},
      {"nn.functional.nll_loss/001", "a single sample without a batch dimension is refused"},
      {"nn.functional.nll_loss/002", "a single sample without a batch dimension is refused"},
      {"nn.functional.nll_loss/005", "a single sample without a batch dimension is refused"},
      {"scheduler_steplr/", "StepLR changes the rate one step late"},
      {"schedule_steplr/", "StepLR changes the rate one step late"},
  };
  return all;
}

}  // namespace conformance
