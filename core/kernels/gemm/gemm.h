// Matrix products on plain memory, row-major: C = alpha op(A) op(B) + beta D. The same call gives the same
// bits whatever the number of threads. Shapes are the caller's business: nothing is checked here, and nothing
// knows about tensors.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/core/kernels/is_half.h>

namespace xgrad::kernels {

/// What factors of products of T are: T itself, but float where T is only stored.
template <class T>
using Factor = std::conditional_t<is_half<T>, float, T>;

/// C (m x n) = alpha op(A) op(B) + beta D with op(A) m x k and op(B) k x n; `trans_a` says that A is stored k
/// x m. lda, ldb, ldc are the distances between stored rows. D is not read when beta == 0, A and B not when
/// alpha == 0. D is C itself or shares no memory with it; its rows are ldd apart, and ldd == 0 adds one row
/// to every row. T: float, double; int8_t, uint8_t, int16_t, int32_t, int64_t wrap around; Half, BFloat16
/// compute in float and are rounded once.
template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, Factor<T> alpha, const T* a,
          int64_t lda, const T* b, int64_t ldb, Factor<T> beta, const T* d, int64_t ldd, T* c, int64_t ldc);
/// The same with C as the addend.
template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, Factor<T> alpha, const T* a,
          int64_t lda, const T* b, int64_t ldb, Factor<T> beta, T* c, int64_t ldc) {
  gemm<T>(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, c, ldc);
}

/// `batch` products; the i-th takes A, B and C from a + i * stride_a and so on. A stride of 0 repeats A or B.
template <class T>
void gemm_batched(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, Factor<T> alpha, const T* a,
                  int64_t lda, int64_t stride_a, const T* b, int64_t ldb, int64_t stride_b, Factor<T> beta,
                  T* c, int64_t ldc, int64_t stride_c, int64_t batch);

/// y = alpha op(A) x + beta y for A stored m x n; the result has m elements, or n when `trans`.
template <class T>
void gemv(bool trans, int64_t m, int64_t n, Factor<T> alpha, const T* a, int64_t lda, const T* x,
          int64_t incx, Factor<T> beta, T* y, int64_t incy);

/// The sum of x[i * incx] * y[i * incy].
template <class T>
T dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy);

}  // namespace xgrad::kernels
