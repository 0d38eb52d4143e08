// The seam between pool.cpp and the loops compiled once per instruction set (pool_isa.cpp). Plain data and
// declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/pool/pool.h>

namespace xgrad::kernels {

/// The loops of one image; those of integers are the first alone.
template <class T>
struct PoolLoops {
  void (*max)(const PoolShape& shape, const T* x, T* y, int64_t* places);
  void (*max_alone)(const PoolShape& shape, const T* x, T* y, int64_t*);  ///< without places
  void (*average)(const PoolShape& shape, const T* x, T* y, int64_t*);
  void (*spread)(const PoolShape& shape, const T* y, T* x);
};

}  // namespace xgrad::kernels
