// A row kernel: one reading of a formula over n consecutive elements of one dtype.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// out[k] = reading(in[0][k], in[1][k], ...). Where step[i] is 0, in[i] is one value for all k. `out` may be
/// an input.
using RowFn = void (*)(const void* formula, void* out, const void* const* in, const uint8_t* step, int64_t n);

/// The dtypes that have kernels; the 16-bit floating types compute in float.
inline constexpr int kRowTypes = 8;
constexpr int row_type(ScalarType t) {
  switch (t) {
    case ScalarType::Float:
      return 0;
    case ScalarType::Double:
      return 1;
    case ScalarType::Byte:
      return 2;
    case ScalarType::Char:
      return 3;
    case ScalarType::Short:
      return 4;
    case ScalarType::Int:
      return 5;
    case ScalarType::Long:
      return 6;
    case ScalarType::Bool:
      return 7;
    default:
      return -1;
  }
}

}  // namespace xgrad::kernels
