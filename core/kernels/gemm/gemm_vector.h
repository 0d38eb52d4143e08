// Products with a vector: dot, matrix-vector along rows and along columns. Each element of a result is
// computed in the same order whatever surrounds it, so the bits do not depend on how the work was cut.
// Included only by gemm_isa.cpp.
#pragma once

#include <xgrad/core/kernels/gemm/gemm_simd.h>
#include <xgrad/core/kernels/gemm/gemm_table.h>

namespace xgrad::kernels::XGRAD_ISA::product {

template <class T>
XGRAD_SIMD_INLINE T updated(T alpha, T sum, T beta, const T& y) {
  return beta == T(0) ? alpha * sum : alpha * sum + beta * y;
}

// R rows of a against S rows of b, two vectors of each per step.
template <class T, int R, int S>
XGRAD_SIMD_INLINE void row_products(int64_t k, const T* a, int64_t lda, const T* b, int64_t ldb,
                                    T (&sums)[R][S]) {
  using B = Batch<T>;
  constexpr int w = width<T>;
  B even[R][S], odd[R][S];
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int s = 0; s < S; ++s) even[r][s] = odd[r][s] = B(T(0));
  const auto step = [&](auto get, int64_t p, B(&sum)[R][S]) XGRAD_LAMBDA_INLINE {
    B x[R];
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) x[r] = get(a + r * lda + p);
#pragma GCC unroll 4
    for (int s = 0; s < S; ++s) {
      const B y = get(b + s * ldb + p);
#pragma GCC unroll 4
      for (int r = 0; r < R; ++r) sum[r][s] = raw::fma<T>(x[r], y, sum[r][s]);
    }
  };
  const auto whole = [](const T* q) XGRAD_LAMBDA_INLINE { return load(q); };
  int64_t p = 0;
  for (; p + 2 * w <= k; p += 2 * w) {
    step(whole, p, even);
    step(whole, p + w, odd);
  }
  if (p + w <= k) {
    step(whole, p, even);
    p += w;
  }
  if (p < k) {
    const int rest = static_cast<int>(k - p);
    step([rest](const T* q) XGRAD_LAMBDA_INLINE { return raw::load_first<T>(q, rest); }, p, odd);
  }
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int s = 0; s < S; ++s) sums[r][s] = xsimd::hadd(even[r][s] + odd[r][s]);
}

template <class T, int R, int S>
XGRAD_SIMD_INLINE void write_products(const GemmCall<T>& g, int64_t c_col, int64_t i, int64_t j) {
  T sums[R][S];
  row_products<T, R, S>(g.k, g.a + i * g.a_row, g.a_row, g.b + j * g.b_col, g.b_col, sums);
  for (int r = 0; r < R; ++r)
    for (int s = 0; s < S; ++s) {
      T& y = g.c[(i + r) * g.ldc + (j + s) * c_col];
      y = updated(g.alpha, sums[r][s], g.beta, y);
    }
}

// Every element as a dot product of a row of A and a row of B', both contiguous.
template <class T>
void gemm_dots(const GemmCall<T>& g, int64_t c_col) {
#if defined(XGRAD_SIMD_AVX512)
  constexpr int S = 4;
#else
  constexpr int S = 2;
#endif
  int64_t j = 0;
  for (; j + S <= g.n; j += S) {
    int64_t i = 0;
    for (; i + 2 <= g.m; i += 2) write_products<T, 2, S>(g, c_col, i, j);
    if (i < g.m) write_products<T, 1, S>(g, c_col, i, j);
  }
  for (; j < g.n; ++j)
    for (int64_t i = 0; i < g.m; ++i) write_products<T, 1, 1>(g, c_col, i, j);
}

template <class T>
T dot(int64_t n, const T* x, const T* y) {
  using B = Batch<T>;
  constexpr int w = width<T>;
  B sum[4] = {B(T(0)), B(T(0)), B(T(0)), B(T(0))};
  int64_t p = 0;
  for (; p + 4 * w <= n; p += 4 * w) {
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) sum[q] = raw::fma<T>(load(x + p + q * w), load(y + p + q * w), sum[q]);
  }
  for (; p + w <= n; p += w) sum[0] = raw::fma<T>(load(x + p), load(y + p), sum[0]);
  if (p < n) {
    const int rest = static_cast<int>(n - p);
    sum[1] = raw::fma<T>(raw::load_first<T>(x + p, rest), raw::load_first<T>(y + p, rest), sum[1]);
  }
  return xsimd::hadd((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

// sums[0 .. columns) += rows of a weighted by x, R rows per pass over the sums: as two halves that do not
// wait for each other, nor for the sums.
template <class T, int R>
XGRAD_SIMD_INLINE void add_rows(int64_t columns, const T* a, int64_t lda, const T* x, int64_t incx, T* sums) {
  using B = Batch<T>;
  constexpr int w = width<T>;
  B weight[R];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) weight[r] = B(x[r * incx]);
  const auto add = [&](int64_t j, auto get) XGRAD_LAMBDA_INLINE {
    const B s = B::load_aligned(sums + j);
    if constexpr (R == 1) {
      raw::fma<T>(weight[0], get(a + j), s).store_aligned(sums + j);
    } else {
      constexpr int half = R / 2;
      B first = weight[0] * get(a + j), second = weight[half] * get(a + half * lda + j);
#pragma GCC unroll 8
      for (int r = 1; r < half; ++r) {
        first = raw::fma<T>(weight[r], get(a + r * lda + j), first);
        second = raw::fma<T>(weight[half + r], get(a + (half + r) * lda + j), second);
      }
      (s + (first + second)).store_aligned(sums + j);
    }
  };
  int64_t j = 0;
  for (; j + w <= columns; j += w) add(j, [](const T* q) XGRAD_LAMBDA_INLINE { return load(q); });
  if (j < columns) {
    const int rest = static_cast<int>(columns - j);
    add(j, [rest](const T* q) XGRAD_LAMBDA_INLINE { return raw::load_first<T>(q, rest); });
  }
}

template <class T>
void gemv_columns(int64_t m, int64_t n, T alpha, const T* a, int64_t lda, const T* x, int64_t incx, T beta,
                  T* y, int64_t incy) {
  constexpr int64_t strip =
      4096 / static_cast<int64_t>(sizeof(T));  // of columns: the sums stay in the first-level cache
  constexpr int w = width<T>;
  alignas(64) T sums[strip];
  for (int64_t j0 = 0; j0 < n; j0 += strip) {
    const int64_t columns = smaller(strip, n - j0);
    for (int64_t j = 0; j < columns; j += w) Batch<T>(T(0)).store_aligned(sums + j);
    const T* rows = a + j0;
    int64_t i = 0;
    for (; i + 8 <= m; i += 8) add_rows<T, 8>(columns, rows + i * lda, lda, x + i * incx, incx, sums);
    for (; i < m; ++i) add_rows<T, 1>(columns, rows + i * lda, lda, x + i * incx, incx, sums);
    for (int64_t j = 0; j < columns; ++j)
      y[(j0 + j) * incy] = updated(alpha, sums[j], beta, y[(j0 + j) * incy]);
  }
}

}  // namespace xgrad::kernels::XGRAD_ISA::product
