// Products of the 16-bit floating types, which are only stored: blocks become floats, are multiplied as such,
// and the result is rounded once. The blocks are the same for any number of threads. Where the processor
// multiplies bfloat16 by itself, blocks are only packed.
#include <algorithm>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/gemm/gemm_amx.h>
#include <xgrad/core/kernels/gemm/gemm_kinds.h>
#include <xgrad/core/kernels/scratch.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

// Of a block: what it needs as floats stays in the second cache.
constexpr int64_t kHeight = 128, kWidth = 512, kDepth = 256;
constexpr int64_t kAmxHeight = 256, kAmxWidth = 128;  // of a block that the matrix unit sums
constexpr int64_t kParallelWork = 1 << 18;            // multiplications below which one thread is faster

constexpr int64_t round_up(int64_t size, int64_t to) { return (size + to - 1) / to * to; }

// Rows x cols elements, their rows `apart`, as floats in dense rows.
template <class T>
void widen(float* to, const T* from, int64_t rows, int64_t cols, int64_t apart) {
  const ConvertFn convert = converter(ScalarType::Float, scalar_type_of<T>);
  if (cols == 1) return convert(to, 1, from, apart, rows);
  for (int64_t i = 0; i < rows; ++i) convert(to + i * cols, 1, from + i * apart, 1, cols);
}

template <class T>
void narrow(T* to, const float* from, int64_t rows, int64_t cols, int64_t apart) {
  const ConvertFn convert = converter(scalar_type_of<T>, ScalarType::Float);
  if (cols == 1) return convert(to, apart, from, 1, rows);
  for (int64_t i = 0; i < rows; ++i) convert(to + i * apart, 1, from + i * cols, 1, cols);
}

template <class T>
struct HalfProduct {
  bool trans_a, trans_b;
  int64_t m, n, k;
  float alpha;
  const T* a;
  int64_t lda;
  const T* b;
  int64_t ldb;
  float beta;
  const T* d;
  int64_t ldd;
  T* c;
  int64_t ldc;

  // Rows [i, i + rows) and columns [j, j + cols) of C.
  void block(int64_t i, int64_t j, int64_t rows, int64_t cols) const {
    const int64_t most = std::min(k, kDepth);
    const Scratch<float> memory((rows + cols) * most + rows * cols);
    float *x = memory.get(), *y = x + rows * most, *sum = y + cols * most;
    if (beta != 0) widen(sum, d + i * ldd + j, rows, cols, ldd);
    int64_t done = 0;
    do {
      const int64_t depth = std::min(most, k - done);
      trans_a ? widen(x, a + done * lda + i, depth, rows, lda)
              : widen(x, a + i * lda + done, rows, depth, lda);
      trans_b ? widen(y, b + j * ldb + done, cols, depth, ldb)
              : widen(y, b + done * ldb + j, depth, cols, ldb);
      gemm<float>(trans_a, trans_b, rows, cols, depth, alpha, x, trans_a ? rows : depth, y,
                  trans_b ? depth : cols, done == 0 ? beta : 1, sum, cols);
      done += depth;
    } while (done < k);
    narrow(c + i * ldc + j, sum, rows, cols, ldc);
  }

  // The same by the matrix unit, from rows of A that stand as they are (lda elements apart) or are packed
  // (lda = 0), and packed columns of B.
  void amx_block(const void* x, int64_t x_apart, const uint32_t* y, int64_t i, int64_t j, int64_t rows,
                 int64_t cols) const {
    const int64_t height = round_up(rows, kAmxRows), width = round_up(cols, kAmxRows);
    const int64_t apart = width + 16;  // rows a power of two apart would share few lines of the cache
    const Scratch<float> sums(height * apart + cols);
    float *const sum = sums.get(), *const addend = sum + height * apart;
    amx_multiply(x, x_apart, y, height, width, round_up(k, kAmxDepth), sum, apart);
    for (int64_t r = 0; r < rows; ++r) {
      float* const row = sum + r * apart;
      if (alpha != 1)
        for (int64_t q = 0; q < cols; ++q) row[q] *= alpha;
      if (beta != 0) {
        widen(addend, d + (i + r) * ldd + j, 1, cols, ldd);
        for (int64_t q = 0; q < cols; ++q) row[q] += beta * addend[q];
      }
      narrow(c + (i + r) * ldc + j, row, 1, cols, ldc);
    }
  }

  // Each factor is packed once, A only where its rows are not whole tiles.
  void by_amx() const {
    const bool packs_a = trans_a || m % kAmxRows != 0 || k % kAmxDepth != 0;
    const int64_t depth = round_up(k, kAmxDepth), line = depth / 2;
    const int64_t parts_of_a = packs_a ? (m + kAmxWidth - 1) / kAmxWidth : 0;
    const int64_t across = (n + kAmxWidth - 1) / kAmxWidth;
    const int64_t packed_rows = packs_a ? round_up(m, kAmxRows) : 0;
    const Scratch<uint32_t> factors((packed_rows + round_up(n, kAmxRows)) * line);
    uint32_t *const x = factors.get(), *const y = x + packed_rows * line;
    const auto pack = [&](int64_t q) {
      const bool of_b = q >= parts_of_a;
      const int64_t first = (of_b ? q - parts_of_a : q) * kAmxWidth, apart = of_b ? ldb : lda;
      const bool rows_apart = of_b ? trans_b : !trans_a;
      const int64_t row = rows_apart ? apart : 1, col = rows_apart ? 1 : apart;
      amx_pack((of_b ? y : x) + first * line, of_b, (of_b ? b : a) + first * row, row, col,
               std::min(kAmxWidth, (of_b ? n : m) - first), k);
    };
    parallel_for(0, parts_of_a + across, std::max<int64_t>(1, kParallelWork / (8 * kAmxWidth * depth)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t q = begin; q < end; ++q) pack(q);
                 });
    // Rows of A that stay in the second cache.
    const int64_t height = std::clamp((1 << 19) / depth / kAmxRows * kAmxRows, kAmxRows, kAmxHeight);
    const int64_t down = (m + height - 1) / height;
    const int64_t work = std::min(m, height) * std::min(n, kAmxWidth) * depth;
    parallel_for(0, down * across, std::max<int64_t>(1, kParallelWork / work),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t q = begin; q < end; ++q) {
                     const int64_t i = q / across * height, j = q % across * kAmxWidth;
                     const void* const from = packs_a ? static_cast<const void*>(x + i * line) : a + i * lda;
                     amx_block(from, packs_a ? 0 : lda, y + j * line, i, j, std::min(height, m - i),
                               std::min(kAmxWidth, n - j));
                   }
                 });
  }

  // Whether that pays: it works on squares of kAmxRows.
  bool suits_amx() const { return m >= 8 && n >= 8 && k >= 8 && has_amx(); }
};

}  // namespace

template <class T>
void half_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, float alpha, const T* a,
               int64_t lda, const T* b, int64_t ldb, float beta, const T* d, int64_t ldd, T* c, int64_t ldc) {
  const HalfProduct<T> product{trans_a, trans_b, m, n,  alpha == 0 ? 0 : k, alpha, a, lda, b, ldb, beta,
                               d,       ldd,     c, ldc};
  if constexpr (std::is_same_v<T, BFloat16>)
    if (product.suits_amx()) return product.by_amx();
  const int64_t down = (m + kHeight - 1) / kHeight, across = (n + kWidth - 1) / kWidth;
  const int64_t work = std::min(m, kHeight) * std::min(n, kWidth) * (k + 1);
  parallel_for(0, down * across, std::max<int64_t>(1, kParallelWork / work), [&](int64_t begin, int64_t end) {
    for (int64_t q = begin; q < end; ++q) {
      const int64_t i = q / across * kHeight, j = q % across * kWidth;
      product.block(i, j, std::min(kHeight, m - i), std::min(kWidth, n - j));
    }
  });
}

#define XGRAD_HALF_PRODUCT(T)                                                                        \
  template void half_gemm(bool, bool, int64_t, int64_t, int64_t, float, const T*, int64_t, const T*, \
                          int64_t, float, const T*, int64_t, T*, int64_t);
XGRAD_HALF_PRODUCT(Half)
XGRAD_HALF_PRODUCT(BFloat16)

}  // namespace xgrad::kernels
