// The seam between distance.cpp and the loops compiled once per instruction set (distance_isa.cpp). Plain
// data and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// The loops of one type, for one row of a. `columns` is b turned over: m rows of r elements.
struct DistanceLoops {
  /// out[j] = |a - b_j|_p for j >= first.
  void (*forward)(const void* a, const void* columns, void* out, int64_t first, int64_t r, int64_t m,
                  double p);
  /// `scaled` has room for r elements.
  void (*backward)(const void* a, const void* columns, const void* g, const void* d, void* scaled, void* da,
                   int64_t r, int64_t m, double p);
};

}  // namespace xgrad::kernels
