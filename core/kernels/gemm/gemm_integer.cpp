// Integer products. They wrap around as PyTorch's do: sums are taken modulo 2^32 or 2^64 and cut to the
// element's size, which is the same as wrapping at every step.
#include <cstdint>

#include <xgrad/core/kernels/gemm/gemm_kinds.h>
#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
template <class T>
void integer_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                  int64_t lda, const T* b, int64_t ldb, T beta, const T* d, int64_t ldd, T* c, int64_t ldc) {
  const int64_t work = n * (k + 1), grain = work >= 65536 ? 1 : 65536 / work;
  parallel_for(0, m, grain, [&](int64_t begin, int64_t end) {
    const int64_t a_row = trans_a ? 1 : lda;
    const IntegerRows<T>& kernel = *kernel_table().gemm_integer;
    kernel.rows({end - begin, n, k, alpha, a + begin * a_row, a_row, trans_a ? lda : 1, b, trans_b ? 1 : ldb,
                 trans_b ? ldb : 1, beta, c + begin * ldc, ldc, d + begin * ldd, ldd});
  });
}

template <class T>
T integer_dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < n; ++i)
    sum += static_cast<uint64_t>(x[i * incx]) * static_cast<uint64_t>(y[i * incy]);
  return static_cast<T>(sum);
}

#define XGRAD_INTEGER_PRODUCTS(T)                                                                            \
  template void integer_gemm(bool, bool, int64_t, int64_t, int64_t, T, const T*, int64_t, const T*, int64_t, \
                             T, const T*, int64_t, T*, int64_t);                                             \
  template T integer_dot(int64_t, const T*, int64_t, const T*, int64_t);
XGRAD_INTEGER_PRODUCTS(int8_t)
XGRAD_INTEGER_PRODUCTS(uint8_t)
XGRAD_INTEGER_PRODUCTS(int16_t)
XGRAD_INTEGER_PRODUCTS(int32_t)
XGRAD_INTEGER_PRODUCTS(int64_t)

}  // namespace xgrad::kernels
