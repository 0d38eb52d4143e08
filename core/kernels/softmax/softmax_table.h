// The seam between softmax.cpp and the loops compiled once per instruction set (softmax_isa.cpp). Plain data
// and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// Columns that are worked on together when the dimension is not the last one.
inline constexpr int64_t kSoftmaxStrip = 64;
/// The length up to which rows are worked on together.
inline constexpr int64_t kSoftmaxTogether = 256;

/// The loops of one type. Index 1 is the logarithm. A strip is `width` <= kSoftmaxStrip columns of an n x
/// inner matrix.
struct SoftmaxLoops {
  void (*rows[2])(const void* x, void* y, int64_t count, int64_t n);
  void (*strip[2])(const void* x, void* y, int64_t n, int64_t inner, int64_t width);
  void (*rows_backward[2])(const void* g, const void* y, void* dx, int64_t count, int64_t n);
  void (*strip_backward[2])(const void* g, const void* y, void* dx, int64_t n, int64_t inner, int64_t width);
};

}  // namespace xgrad::kernels
