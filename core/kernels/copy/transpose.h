// Copies of two dimensions between arrays that are walked in memory order along different ones.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/copy/convert.h>

namespace xgrad::kernels {

/// Two dimensions of a copy: `along` is the one in which dst is walked, `across` the one in which src is.
struct Plane {
  int64_t along, across;
  int64_t dst_along, dst_across, src_along, src_across;  // strides
  int64_t src_bytes;                                     // of an element
  ConvertFn load;                                        // null: same dtype, and src is contiguous across
  bool far;     // dst is larger than what is nearest to the processor
  bool stream;  // dst will not stay in the cache
};

/// dst[i * dst_along + j * dst_across] = src[i * src_along + j * src_across] for i < along and j < across.
using TransposeFn = void (*)(void* dst, const void* src, const Plane& plane);
TransposeFn transposer(ScalarType dst);

}  // namespace xgrad::kernels
