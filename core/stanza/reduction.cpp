// Whether a reduction must be done once more, in double.
#include <xgrad/core/stanza/reduction.h>

#include <algorithm>
#include <cmath>

namespace xgrad::ops {

bool left_range(const Tensor& result, float least) {
  if (result.dtype() != kFloat && result.dtype() != kBFloat16) return false;
  const Tensor values = result.to(kFloat).contiguous();
  const float* const begin = values.data_ptr<float>();
  return !std::all_of(begin, begin + values.numel(),
                      [least](float v) { return std::isfinite(v) && v >= least; });
}

}  // namespace xgrad::ops
