// Conversion of a run of elements from one dtype to another, in the building block's form: raw memory and
// strides.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// dst[i * dst_stride] = src[i * src_stride] for i < n. The two must not overlap.
using ConvertFn = void (*)(void* dst, int64_t dst_stride, const void* src, int64_t src_stride, int64_t n);

/// The conversion between two dtypes, for callers that need it in a loop. Rules: to bool is `x != 0`; a
/// floating value is truncated to an integer, and one that does not fit becomes the smallest integer of 32
/// bits (int8 to int32) or of 64 bits (uint8, int64), cut to the width; integers wrap around; the 16-bit
/// floating types round to nearest.
ConvertFn converter(ScalarType dst, ScalarType src);

/// One call of it.
inline void convert(void* dst, ScalarType dst_type, int64_t dst_stride, const void* src, ScalarType src_type,
                    int64_t src_stride, int64_t n) {
  converter(dst_type, src_type)(dst, dst_stride, src, src_stride, n);
}

}  // namespace xgrad::kernels
