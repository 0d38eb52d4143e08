// The seam between the dispatch (gemm.cpp) and the kernels compiled once per instruction set (gemm_isa.cpp).
// Plain data and declarations only: both sides are compiled with different flags, so no inline function may
// live here.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// One product C = alpha A B + beta D. Element (i, p) of A is a[i * a_row + p * a_col], likewise B;
/// of each pair of strides one is 1. C and D are row-major, and D may be C. D is not read when beta == 0.
template <class T>
struct GemmCall {
  int64_t m, n, k;
  T alpha;
  const T* a;
  int64_t a_row, a_col;
  const T* b;
  int64_t b_row, b_col;
  T beta;
  T* c;
  int64_t ldc;
  const T* d;
  int64_t ldd;
};

inline constexpr int64_t kPackOverrun = 4;

/// The serial kernels of one instruction set. `workspace` is aligned to 64 bytes. The bits of an element of C
/// depend on its row of A, its column of B and k alone, so a call may be cut along m and n at will.
template <class T>
struct GemmTable {
  int64_t tile_rows, tile_cols, lanes;  // lanes: of a register
  /// Elements of workspace that `gemm` needs for this call, 0 when it copies nothing.
  int64_t (*workspace)(const GemmCall<T>& call);
  void (*gemm)(const GemmCall<T>& call, T* workspace);
  /// The same with a dot product per element, for few rows and long k, where D is C: A and the transpose of B
  /// have contiguous rows; c_col is the stride between the columns of C.
  void (*gemm_dots)(const GemmCall<T>& call, int64_t c_col);
  /// For callers that pack by themselves: m rows of A as the tiles read them, which takes m * k elements and
  /// kPackOverrun more; and C = A B + beta C for such rows and n <= tile_cols columns of B, in memory as rows
  /// of tile_cols.
  void (*pack_panel)(const T* a, int64_t a_row, int64_t a_col, int64_t m, int64_t k, T* panel);
  void (*multiply_packed)(const T* panel, const T* sliver, int64_t m, int64_t n, int64_t k, T beta, T* c,
                          int64_t ldc);
  /// The same for all tile_cols columns of a B that is gathered meanwhile and written to `sliver`: register v
  /// of its row p is at from[v] + offsets[p].
  void (*multiply_gathered)(const T* panel, const T* const* from, const int64_t* offsets, T* sliver,
                            int64_t m, int64_t k, T beta, T* c, int64_t ldc);
  /// The other way round: k rows of n <= tile_cols columns of B as rows of tile_cols; and C = A B + beta D
  /// for such a B and an A whose rows are `runs` runs of k elements, `jump` apart; `next`, or null, is the B
  /// that follows.
  void (*pack_sliver)(const T* b, int64_t b_row, int64_t b_col, int64_t k, int64_t n, T* sliver);
  void (*multiply_rows)(const GemmCall<T>& call, int64_t runs, int64_t jump, const T* next);
  T (*dot)(int64_t n, const T* x, const T* y);
  /// y[j * incy] = alpha * <column j of a, x> + beta * y[j * incy], over m rows and n columns.
  void (*gemv_columns)(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx,
                       T beta, T* y, int64_t incy);
};

/// Products of integers that wrap around.
template <class T>
struct IntegerRows {
  void (*rows)(const GemmCall<T>& call);
};
struct IntegerGemm : IntegerRows<int8_t>,
                     IntegerRows<uint8_t>,
                     IntegerRows<int16_t>,
                     IntegerRows<int32_t>,
                     IntegerRows<int64_t> {};

}  // namespace xgrad::kernels
