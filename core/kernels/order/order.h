// The order of the elements along one dimension of an array: NaN is larger than all, of equal elements the
// first one stays first. Lines have fewer than 2^32 elements. `indices` are int64.
#pragma once

#include <xgrad/core/kernels/array.h>

namespace xgrad::kernels {

/// The most elements that a line may have.
inline constexpr int64_t kMaxLine = UINT32_MAX;

/// Elements and their indices in ascending or descending order.
void sort(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim,
          bool descending);
/// As many of the largest or smallest as the results have room for, in their order or as they stand in `in`.
void topk(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim, bool largest,
          bool sorted);
/// What stands at a place of the ascending order, in results of size 1 along `dim`: place k from 0; the lower
/// of the middle, or the first NaN; the lower middle of what is not NaN, if anything.
enum class Place { kth, median, nanmedian };
void select(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim, Place place,
            int64_t k = 0);
/// The most frequent element, of several the smallest, and where it comes last; NaN equals nothing.
void mode(const ArrayView& values, const ArrayView& indices, const ArrayView& in, int64_t dim);

/// What is to be known of runs of equal neighbours among the rows of an array, each unless it is null; there
/// is room for as many as rows.
struct RunsOut {
  int64_t* begins = nullptr;
  int64_t* run_of = nullptr;  ///< the run of each row
  int64_t* lengths = nullptr;
  void* values = nullptr;  ///< the element of each run, of rows of one element
};
/// Looks at the rows of a row-major [rows, columns] array and returns how many runs there are.
int64_t find_runs(const RunsOut& out, const ArrayView& rows);

/// order = the rows of a row-major [rows, columns] array, sorted by their first element, then their second,
/// ...
void sort_rows(int64_t* order, const ArrayView& rows);

/// found[i] = whether x[i] is one of `tests`, or whether it is none; NaN is none of any. Both are contiguous
/// vectors of floats, doubles or int64.
void find_members(bool* found, const ArrayView& x, const ArrayView& tests, bool none);

}  // namespace xgrad::kernels
