// The seam between the driver (reduce.cpp) and the loops (loops.h), which are compiled for each formula once
// per instruction set. Plain data only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/reduce/formula.h>

namespace xgrad::kernels {

/// The types that the loops read; `truth` is a byte of 0 or 1. 16-bit floating numbers become floats as they
/// are read, where there are registers for it; elsewhere, and for what is `compact`, before. Short integers
/// become int64 before, unless the result is one of them.
enum ReduceType {
  kReduceFloat,
  kReduceDouble,
  kReduceLong,
  kReduceInt,
  kReduceShort,
  kReduceChar,
  kReduceByte,
  kReduceTruth,
  kReduceHalf,
  kReduceBFloat16,
  kReduceTypes
};

/// Elements are added up in blocks of this many bytes, blocks pairwise. Part of what a sum is: another value,
/// other bits.
inline constexpr int64_t kReduceBlock = 4096;
/// Rows of a matrix are combined in groups of 8, and 64 make a block.
inline constexpr int64_t kReduceGroup = 8, kReduceRows = 64;

/// The loops of one formula on one type. Part k of the state of result i is element i at `states` + k *
/// `pitch` bytes; results lie alike.
struct ReduceLoops {
  /// states[i] = the formula over the n > 0 consecutive elements at in + i * stride, for i < count; the first
  /// of each stands at position `at`.
  void (*rows)(const void* formula, void* states, int64_t pitch, const void* in, int64_t stride,
               int64_t count, int64_t n, int64_t at);
  /// states[j] = combine(states[j], the formula over element j of `count` <= 8 rows), for j < width; the
  /// first row stands at position `at`.
  void (*columns)(const void* formula, void* states, int64_t pitch, const void* const* rows, int64_t count,
                  int64_t width, int64_t at);
  /// states[j] = combine(states[j], later[j]).
  void (*merge)(const void* formula, void* states, const void* later, int64_t pitch, int64_t width);
  /// states[j] = the state of no element.
  void (*clear)(const void* formula, void* states, int64_t pitch, int64_t width);
  /// results[j] = finish(states[j]); null where a state is its result.
  void (*finish)(const void* formula, void* results, const void* states, int64_t pitch, int64_t width);
};

/// A state has at most this many parts, a formula this many results.
inline constexpr int kReduceParts = 3, kReduceResults = 2;

struct ReduceKernels {
  ReduceLoops loops[kReduceTypes];  // zero where there is no kernel: of this set, or at all
  Accumulate accumulate;
  bool indexed;
  int parts, results;
};

}  // namespace xgrad::kernels
