// The walker: the dimensions of a loop over some arrays of one shape, brought into the form that is fastest
// to walk (no dimension of size 1, small strides inside, neighbours merged where they can be), and the walk
// itself. Offsets only: no element is touched here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>

#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {

/// At most 59 dimensions of two elements or more fit into an array that is not empty; the others are not
/// kept.
inline constexpr int64_t kMaxLoopDims = 64;

/// A loop over N arrays, or over some of N.
template <int N>
struct LoopDims {
  int arrays = N;
  int64_t ndim = 0;
  int64_t sizes[kMaxLoopDims];
  int64_t strides[N][kMaxLoopDims];

  /// The product of the first `dims` sizes, of all without an argument.
  int64_t numel(int64_t dims) const {
    int64_t n = 1;
    for (int64_t d = 0; d < dims; ++d) n *= sizes[d];
    return n;
  }
  int64_t numel() const { return numel(ndim); }

  /// Appends a dimension of n > 0 elements inside the others, unless it has one element only.
  void add(int64_t n, const int64_t (&steps)[N]) {
    if (n == 1) return;
    sizes[ndim] = n;
    for (int k = 0; k < arrays; ++k) strides[k][ndim] = steps[k];
    ++ndim;
  }

  /// Moves dimension `from` inwards to the place `to`; those between shift by one.
  void move(int64_t from, int64_t to) {
    for (; from < to; ++from) swap_with_next(from);
  }

  /// Large strides outside, small ones inside, by array `first` and, where that leaves it open, by the others
  /// in their order. A dimension that repeats elements (stride 0) counts as large.
  void sort(int first = 0) {
    for (int64_t i = 1; i < ndim; ++i)
      for (int64_t j = i; j > 0 && larger(j, j - 1, first); --j) swap_with_next(j - 1);
  }

  /// Joins neighbours that every array walks like one dimension.
  void merge() {
    int64_t last = 0;
    for (int64_t d = 1; d < ndim; ++d) {
      bool joins = true;
      for (int k = 0; k < arrays && joins; ++k) joins = strides[k][last] == strides[k][d] * sizes[d];
      if (!joins) ++last;
      sizes[last] = joins ? sizes[last] * sizes[d] : sizes[d];
      for (int k = 0; k < arrays; ++k) strides[k][last] = strides[k][d];
    }
    if (ndim > 0) ndim = last + 1;
  }

  /// Both, and never without a dimension.
  void arrange(int first = 0) {
    sort(first);
    merge();
    add_one_if_empty();
  }
  /// A loop without dimensions becomes one over a dimension of one element.
  void add_one_if_empty() {
    if (ndim > 0) return;
    sizes[0] = 1;
    for (int k = 0; k < arrays; ++k) strides[k][0] = 1;
    ndim = 1;
  }
  int64_t inner_size() const { return sizes[ndim - 1]; }
  int64_t inner_stride(int k = 0) const { return strides[k][ndim - 1]; }

  /// A stride as `sort` compares it.
  static int64_t rank(int64_t stride) { return stride == 0 ? std::numeric_limits<int64_t>::max() : stride; }

 private:
  bool larger(int64_t a, int64_t b, int first) const {
    if (strides[first][a] != strides[first][b]) return rank(strides[first][a]) > rank(strides[first][b]);
    for (int k = 0; k < arrays; ++k)
      if (strides[k][a] != strides[k][b]) return rank(strides[k][a]) > rank(strides[k][b]);
    return false;
  }
  void swap_with_next(int64_t d) {
    std::swap(sizes[d], sizes[d + 1]);
    for (int k = 0; k < arrays; ++k) std::swap(strides[k][d], strides[k][d + 1]);
  }
};

/// Walks the first `outer` dimensions of a LoopDims in row-major order and keeps the offset of each array.
template <int N>
class Odometer {
 public:
  Odometer(const LoopDims<N>& dims, int64_t outer, int64_t start = 0) : dims_(dims), outer_(outer) {
    for (int k = 0; k < dims.arrays; ++k) offset_[k] = 0;
    for (int64_t d = outer; d-- > 0;) {
      at_[d] = start == 0 ? 0 : start % dims.sizes[d];
      for (int k = 0; k < dims.arrays; ++k) offset_[k] += at_[d] * dims.strides[k][d];
      start = start == 0 ? 0 : start / dims.sizes[d];
    }
  }
  int64_t offset(int k = 0) const { return offset_[k]; }
  void next() {
    for (int64_t d = outer_; d-- > 0;) {
      if (++at_[d] != dims_.sizes[d]) {
        for (int k = 0; k < dims_.arrays; ++k) offset_[k] += dims_.strides[k][d];
        return;
      }
      for (int k = 0; k < dims_.arrays; ++k) offset_[k] -= (at_[d] - 1) * dims_.strides[k][d];
      at_[d] = 0;
    }
  }

 private:
  const LoopDims<N>& dims_;
  int64_t outer_;
  int64_t at_[kMaxLoopDims];
  int64_t offset_[N];
};

/// Adds the dimensions of N arrays of these sizes, merged; one at least.
template <int N>
[[gnu::noinline]] void add_merged(LoopDims<N>& dims, IntArrayRef sizes, const IntArrayRef (&strides)[N]) {
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    int64_t steps[N];
    for (int k = 0; k < N; ++k) steps[k] = strides[k][d];
    dims.add(sizes[d], steps);
  }
  dims.merge();
  dims.add_one_if_empty();
}

/// An Odometer that moves seldom, and has its code once.
template <int N>
struct SeldomOdometer : Odometer<N> {
  [[gnu::noinline]] SeldomOdometer(const LoopDims<N>& dims, int64_t outer, int64_t start)
      : Odometer<N>(dims, outer, start) {}
  [[gnu::noinline]] void next() { Odometer<N>::next(); }
};

/// Calls f(i, at, n, dims) for the rows [begin, end): the first of the row's n elements is the i-th of all in
/// row-major order and lies at `at.offset(k)` in array k; the next ones are `dims.inner_stride(k)` apart.
/// Rows that are next to each other are a loop of their own: a short one takes no longer than to step to the
/// next.
template <int N, class F>
void walk_rows(const LoopDims<N>& dims, int64_t begin, int64_t end, F f) {
  struct {
    int64_t offsets[N];
    int64_t offset(int k = 0) const { return offsets[k]; }
  } at;
  const int64_t last = dims.ndim - 1, n = dims.inner_size(), d = last > 0 ? last - 1 : 0;
  const int64_t rows = last > 0 ? dims.sizes[d] : 1;
  SeldomOdometer<N> outer(dims, d, begin / rows);
  int64_t first = begin % rows;
  for (int64_t row = begin; row < end; outer.next(), first = 0) {
    for (int k = 0; k < N; ++k) at.offsets[k] = outer.offset(k) + first * dims.strides[k][d];
    for (const int64_t stop = std::min(end, row + rows - first); row < stop; ++row) {
      f(row * n, at, n, dims);
      for (int k = 0; k < N; ++k) at.offsets[k] += dims.strides[k][d];
    }
  }
}

/// The same for all rows of arrays with elements.
template <int N, class F>
void for_each_row(IntArrayRef sizes, const IntArrayRef (&strides)[N], F&& f) {
  for (const int64_t size : sizes)
    if (size == 0) return;
  LoopDims<N> dims;
  add_merged(dims, sizes, strides);
  walk_rows(dims, 0, dims.numel(dims.ndim - 1), f);
}

/// Calls f(i, offset) for every element in row-major order.
template <class F>
void for_each_offset(IntArrayRef sizes, IntArrayRef strides, F&& f) {
  for_each_row<1>(sizes, {strides}, [&](int64_t i, const auto& at, int64_t n, const auto& dims) {
    const int64_t step = dims.inner_stride();
    for (int64_t j = 0; j < n; ++j) f(i + j, at.offset() + j * step);
  });
}

}  // namespace xgrad::kernels
