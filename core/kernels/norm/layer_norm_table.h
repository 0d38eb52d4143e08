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

#define XGRAD_LAYER_NORM_TABLES(ISA)                \
  namespace ISA {                                   \
  extern const LayerNormLoops layer_norm_of_float;  \
  extern const LayerNormLoops layer_norm_of_double; \
  }
XGRAD_LAYER_NORM_TABLES(base)
XGRAD_LAYER_NORM_TABLES(avx2)
XGRAD_LAYER_NORM_TABLES(avx512)
#undef XGRAD_LAYER_NORM_TABLES

}  // namespace xgrad::kernels
