// The recorded cases in which PyTorch 2.15, which xgrad follows, does otherwise than 1.13, which was
// recorded.
#include "adapter.h"

namespace conformance {

const std::vector<Excuse>& excuses() {
  static const std::vector<Excuse> all = {
      {"digamma/007", "a pole at a negative integer is infinite, not rounded to one"},
      {"nn.functional.softshrink/004", "a NaN stays, as in PyTorch 2.15"},
      {"masked.mean/006", "the mean of integers needs a floating dtype"},
      {"scatter/016", "int32 indices are taken"},
      {"scatter_add/016", "int32 indices are taken"},
      {"std/004", "an empty list of dimensions is all of them in the gradient too"},
      {"var/005", "the gradient of a variance without any freedom is NaN where the mean is met"},
      {"amax/017", "a tensor of 65 dimensions cannot be made"},
      {"amax/018", "a tensor of 65 dimensions cannot be made"},
      {"amin/018", "a tensor of 65 dimensions cannot be made"},
      {"aminmax/013", "a tensor of 65 dimensions cannot be made"},
      {"aminmax/015", "a tensor of 65 dimensions cannot be made"},
  };
  return all;
}

}  // namespace conformance
