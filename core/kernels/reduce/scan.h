// Scans of arrays of any layout by a formula: along a dimension, every element becomes what the formula
// reduces it and those before it to.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>

namespace xgrad::kernels {

/// What a scan reads and writes along one line, and the state it is in after the elements before.
struct ScanLine {
  const void* in[2];
  void* results[2];
  alignas(16) char state[48];

  /// The line that is `count` steps further, in bytes: of the inputs, then of the results.
  ScanLine after(int64_t count, const int64_t* steps) const {
    ScanLine l;
    for (int k = 0; k < 2; ++k) {
      l.in[k] = static_cast<const char*>(in[k]) + count * steps[k];
      l.results[k] = static_cast<char*>(results[k]) + count * steps[2 + k];
    }
    return l;
  }
};

/// The loops of one formula on one type of elements.
struct ScanLoops {
  /// `count` lines of n elements that follow each other, `steps` from line to line.
  void (*lines)(const void* formula, const ScanLine& first, const int64_t* steps, int64_t count, int64_t n);
  /// The n elements of a line from position `at` on.
  void (*part)(const void* formula, ScanLine* line, int64_t n, int64_t at);
  /// The same of four lines.
  void (*four_parts)(const void* formula, ScanLine* lines, int64_t n, int64_t at);
  /// One element, at position `at`, of each of n lines. Inputs, results and states lie in rows of what is
  /// computed in, `pitch` bytes apart.
  void (*step)(const void* formula, void* results, const void* in, void* states, int64_t pitch, int64_t n,
               int64_t at);
  void (*clear)(const void* formula, void* states, int64_t pitch, int64_t n);
};

/// Scans compute in double, whatever floating dtype they are of, or in int64: rounding does not add up along
/// a line. Short integers are read as they are where one is picked, else as int64.
struct ScanKernels {
  ScanLoops loops[kReduceTypes];
  int inputs, results;
  bool compact;  // so dear that lines fill the registers wherever they lie
};

/// The kernels of a list of formulas, in its order.
template <int N>
struct ScanFamily {
  ScanKernels kernels[N];
};

/// results[k] = result k of the formula along dimension `dim` of `in`, or against it if `reversed`. All
/// arrays have the same sizes. Positions are int64.
void scan(const ScanKernels& kernels, const void* formula, const ArrayView* results, const ArrayView* in,
          int64_t dim, bool reversed);

}  // namespace xgrad::kernels
