// Functions that are hardly ever hot: one stanza each, compiled for the baseline instruction set alone.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

// With negative decimals the scale divides first, so that both scales are exact powers of ten.
struct RoundDecimals : Unary<> {
  static constexpr OpName name{"round", "RoundBackward1"};
  double scale;
  bool before_point;
  auto forward(const auto& x) const {
    if (before_point) return round(x / scale) * scale;
    return round(x * scale) / scale;
  }
  using saved = Vanishes;
};

using Rare = OpList<RoundDecimals>;
XGRAD_FORMULAS(Rare)

}  // namespace xgrad
