// Which dimensions a test reduces, and which elements belong to which result.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "strided_array.h"

namespace xgrad::kernels::testing {

using Flags = std::array<bool, 8>;

inline Flags flags_of(unsigned bits) {
  Flags f{};
  for (std::size_t d = 0; d < f.size(); ++d) f[d] = (bits >> d & 1u) != 0;
  return f;
}

inline std::vector<int64_t> kept_sizes(std::vector<int64_t> sizes, const Flags& reduced) {
  for (std::size_t d = 0; d < sizes.size(); ++d)
    if (reduced[d]) sizes[d] = 1;
  return sizes;
}

// The result to which element i of an array of `sizes` belongs.
inline int64_t result_of(int64_t i, const std::vector<int64_t>& sizes, const Flags& reduced) {
  int64_t at = 0, step = 1;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    if (!reduced[d]) {
      at += i % sizes[d] * step;
      step *= sizes[d];
    }
    i /= sizes[d];
  }
  return at;
}

}  // namespace xgrad::kernels::testing
