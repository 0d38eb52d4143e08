// The seam between the drivers (reduce.cpp, reduce_index.cpp) and the loops compiled once per instruction set
// (reduce_isa.cpp). Plain data and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// The types in which reductions are computed; `truth` is a byte of 0 or 1.
enum ReduceType { kReduceFloat, kReduceDouble, kReduceInteger, kReduceTruth, kReduceTypes };
inline constexpr int kReduceOps = 7;

/// Elements are added up in blocks of this many bytes, blocks pairwise. Part of what a sum is: another value,
/// other bits.
inline constexpr int64_t kReduceBlock = 4096;
/// Rows of a matrix are combined in groups of 8, and 64 make a block.
inline constexpr int64_t kReduceGroup = 8, kReduceRows = 64;

/// The loops of one operation on one type.
struct ReduceLoops {
  /// out[i] = op over the n > 0 consecutive elements at in + i * stride, for i < count.
  void (*rows)(void* out, const void* in, int64_t stride, int64_t count, int64_t n);
  /// acc[j] = op(acc[j], op over the 8 rows' element j), for j < width.
  void (*columns)(void* acc, const void* const* rows, int64_t width);
  /// acc[j] = op(acc[j], other[j]), both already reduced.
  void (*merge)(void* acc, const void* other, int64_t width);
  /// acc[j] = what changes nothing under op.
  void (*clear)(void* acc, int64_t width);
};

/// The loops of argmax (or argmin) on one type. A position has the width of an element: int32 for float.
struct IndexLoops {
  /// The position of the extreme element among n > 0 consecutive ones; -1 unless it is better than `best`, if
  /// given.
  int64_t (*first)(const void* in, int64_t n, const void* best);
  /// Whether `value`, found behind `best`, takes its place.
  bool (*better)(const void* value, const void* best);
  /// Takes over row[j] and `position` into best[j] and at[j] where row[j] is better, for j < width.
  void (*columns)(void* best, void* at, const void* row, int64_t position, int64_t width);
};

struct ReduceTable {
  ReduceLoops loops[kReduceOps][kReduceTypes];  // zero where the operation makes no sense
  IndexLoops largest[kReduceTypes], smallest[kReduceTypes];
};

namespace base {
extern const ReduceTable reduce_table;
}
namespace avx2 {
extern const ReduceTable reduce_table;
}
namespace avx512 {
extern const ReduceTable reduce_table;
}

}  // namespace xgrad::kernels
