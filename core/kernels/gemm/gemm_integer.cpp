// Integer products. They wrap around as PyTorch's do: sums are taken modulo 2^32 or 2^64 and cut to the
// element's size, which is the same as wrapping at every step. Plain loops that the compiler vectorises;
// correctness before speed.
#include <cstdint>
#include <type_traits>

#include <xgrad/core/kernels/gemm/gemm_kinds.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

template <class T>
using Sum = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

template <class T>
constexpr Sum<T> wide(T x) {
  return static_cast<Sum<T>>(x);
}

// Columns are taken in strips whose sums fit on the stack, so that B is read along its rows.
template <class T>
void integer_rows(int64_t begin, int64_t end, int64_t n, int64_t k, T alpha, const T* a, int64_t a_row,
                  int64_t a_col, const T* b, int64_t b_row, int64_t b_col, T beta, const T* d, int64_t ldd,
                  T* c, int64_t ldc) {
  constexpr int64_t strip = 256;
  Sum<T> sums[strip];
  for (int64_t i = begin; i < end; ++i) {
    for (int64_t j0 = 0; j0 < n; j0 += strip) {
      const int64_t columns = n - j0 < strip ? n - j0 : strip;
      for (int64_t j = 0; j < columns; ++j) sums[j] = 0;
      for (int64_t p = 0; p < k; ++p) {
        const Sum<T> x = wide(a[i * a_row + p * a_col]);
        const T* row = b + p * b_row + j0 * b_col;
        if (b_col == 1) {
          for (int64_t j = 0; j < columns; ++j) sums[j] += x * wide(row[j]);
        } else {
          for (int64_t j = 0; j < columns; ++j) sums[j] += x * wide(row[j * b_col]);
        }
      }
      T* const out = c + i * ldc + j0;
      const T* const addend = d + i * ldd + j0;
      for (int64_t j = 0; j < columns; ++j) {
        Sum<T> y = wide(alpha) * sums[j];
        if (beta != 0) y += wide(beta) * wide(addend[j]);
        out[j] = static_cast<T>(y);
      }
    }
  }
}

}  // namespace

template <class T>
void integer_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                  int64_t lda, const T* b, int64_t ldb, T beta, const T* d, int64_t ldd, T* c, int64_t ldc) {
  const int64_t work = n * (k + 1), grain = work >= 65536 ? 1 : 65536 / work;
  parallel_for(0, m, grain, [&](int64_t begin, int64_t end) {
    integer_rows(begin, end, n, k, alpha, a, trans_a ? 1 : lda, trans_a ? lda : 1, b, trans_b ? 1 : ldb,
                 trans_b ? ldb : 1, beta, d, ldd, c, ldc);
  });
}

template <class T>
T integer_dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy) {
  Sum<T> sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += wide(x[i * incx]) * wide(y[i * incy]);
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
