// The seam between layer_norm.cpp and the loops compiled once per instruction set (layer_norm_isa.cpp). Plain
// data and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/norm/layer_norm.h>

namespace xgrad::kernels {

/// The loops of one type over `count` rows. The gradients of weight and bias are added to what is there.
struct LayerNormLoops {
  void (*forward)(const LayerNorm& arrays, int64_t count, int64_t n);
  void (*backward)(const LayerNormBackward& arrays, int64_t count, int64_t n);
  /// acc[i] += other[i].
  void (*add)(void* acc, const void* other, int64_t n);
};

}  // namespace xgrad::kernels
