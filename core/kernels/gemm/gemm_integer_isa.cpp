// Rows of integer products, compiled once per instruction set: plain loops of which the compiler makes
// registers.
#include <type_traits>

#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/simd/vec_arch.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// Sums are kept in no more bits than count, so that a register has many of them; products are written in
// types that are not promoted to int.
template <class T>
using Wide = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
template <class T>
using Sum = std::conditional_t<sizeof(T) < 4, uint16_t, Wide<T>>;

template <class T>
constexpr Wide<T> wide(T x) {
  return static_cast<Wide<T>>(x);
}

constexpr int64_t kStrip = 256;

// Whether all elements are of 32 bits, of which there is a product of 64 in one instruction.
bool is_small(const int64_t* x, int64_t rows, int64_t row, int64_t columns, int64_t column) {
  if (row < column) return is_small(x, columns, column, rows, row);
  uint64_t high = 0;
  for (int64_t i = 0; i < rows && high == 0; ++i)
    for (int64_t j = 0; j < columns; ++j)
      high |= (static_cast<uint64_t>(x[i * row + j * column]) + (uint64_t{1} << 31)) >> 32;
  return high == 0;
}

// sums[j] += the products of four elements of a row of A and column j of four rows of B.
template <class T, bool small>
XGRAD_SIMD_INLINE void add_rows(Sum<T>* __restrict sums, const Wide<T> (&a)[4], const T* b, int64_t b_row,
                                int64_t columns) {
  const T *b1 = b + b_row, *b2 = b1 + b_row, *b3 = b2 + b_row;
  int64_t j = 0;
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (small)
    for (; j + 8 <= columns; j += 8) {
      __m512i sum = _mm512_loadu_si512(sums + j);
      const T* const rows[] = {b, b1, b2, b3};
      for (int q = 0; q < 4; ++q)
        sum = _mm512_add_epi64(sum, _mm512_mul_epi32(_mm512_set1_epi64(static_cast<int64_t>(a[q])),
                                                     _mm512_loadu_si512(rows[q] + j)));
      _mm512_storeu_si512(sums + j, sum);
    }
#elif defined(XGRAD_SIMD_AVX2)
  // Halves of 32 bits, since there is no product of 64: what goes to the upper half is added up apart.
  if constexpr (sizeof(T) == 8) {
    __m256i x[4], turned[4];
    for (int q = 0; q < 4; ++q) {
      x[q] = _mm256_set1_epi64x(static_cast<int64_t>(a[q]));
      turned[q] = _mm256_shuffle_epi32(x[q], 0xb1);
    }
    const T* const rows[] = {b, b1, b2, b3};
    for (; j + 4 <= columns; j += 4) {
      __m256i* const to = reinterpret_cast<__m256i*>(sums + j);
      __m256i low = _mm256_loadu_si256(to), high = _mm256_setzero_si256();
      for (int q = 0; q < 4; ++q) {
        const __m256i y = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows[q] + j));
        low = _mm256_add_epi64(low, small ? _mm256_mul_epi32(x[q], y) : _mm256_mul_epu32(x[q], y));
        if (!small) high = _mm256_add_epi32(high, _mm256_mullo_epi32(turned[q], y));
      }
      high = _mm256_add_epi32(high, _mm256_slli_epi64(high, 32));
      high = _mm256_blend_epi32(_mm256_setzero_si256(), high, 0xaa);
      _mm256_storeu_si256(to, _mm256_add_epi64(low, high));
    }
  }
#endif
  for (; j < columns; ++j)
    sums[j] = static_cast<Sum<T>>(sums[j] + a[0] * wide(b[j]) + a[1] * wide(b1[j]) + a[2] * wide(b2[j]) +
                                  a[3] * wide(b3[j]));
}

template <class T>
Sum<T> dot(const T* x, const T* y, int64_t n) {
  Sum<T> sum = 0;
  for (int64_t p = 0; p < n; ++p) sum = static_cast<Sum<T>>(sum + wide(x[p]) * wide(y[p]));
  return sum;
}

// Columns are taken in strips whose sums fit on the stack, and four rows of B at a time serve a few rows of A
// before they leave the nearest cache. Where columns of B lie next to each other they are multiplied by runs
// of rows of A.
template <class T, bool small = false>
void rows(const GemmCall<T>& g) {
  if constexpr (sizeof(T) == 8 && !small)
    if (g.m >= 8 && is_small(g.a, g.m, g.a_row, g.k, g.a_col) && is_small(g.b, g.k, g.b_row, g.n, g.b_col))
      return rows<T, true>(g);
  constexpr int64_t most = 4;
  Sum<T> sums[most][kStrip];
  T runs[most][kStrip];
  const bool by_columns = g.b_row == 1 && (g.b_col != 1 || g.n == 1);
  for (int64_t i = 0; i < g.m; i += most)
    for (int64_t j0 = 0; j0 < g.n; j0 += kStrip) {
      const int64_t count = g.m - i < most ? g.m - i : most, columns = g.n - j0 < kStrip ? g.n - j0 : kStrip;
      const T *const a = g.a + i * g.a_row, *const b = g.b + j0 * g.b_col;
      for (int64_t r = 0; r < count; ++r) memset(sums[r], 0, static_cast<size_t>(columns) * sizeof(Sum<T>));
      for (int64_t p = 0, n; p < g.k; p += n) {
        n = by_columns ? kStrip : 4;
        if (n > g.k - p) n = by_columns ? g.k - p : 1;
        if (by_columns && g.a_col != 1)
          for (int64_t r = 0; r < count; ++r)
            for (int64_t q = 0; q < n; ++q) runs[r][q] = a[r * g.a_row + (p + q) * g.a_col];
        if (by_columns) {
          for (int64_t j = 0; j < columns; ++j)
            for (int64_t r = 0; r < count; ++r) {
              const T* const run = g.a_col == 1 ? a + r * g.a_row + p : runs[r];
              sums[r][j] = static_cast<Sum<T>>(sums[r][j] + dot(run, b + p + j * g.b_col, n));
            }
          continue;
        }
        for (int64_t r = 0; r < count; ++r) {
          const T *const x = a + r * g.a_row + p * g.a_col, *const y = b + p * g.b_row;
          if (n == 4)
            add_rows<T, small>(sums[r],
                               {wide(x[0]), wide(x[g.a_col]), wide(x[2 * g.a_col]), wide(x[3 * g.a_col])}, y,
                               g.b_row, columns);
          else
            for (int64_t j = 0; j < columns; ++j)
              sums[r][j] = static_cast<Sum<T>>(sums[r][j] + wide(x[0]) * wide(y[j]));
        }
      }
      for (int64_t r = 0; r < count; ++r) {
        T* const out = g.c + (i + r) * g.ldc + j0;
        const T* const addend = g.d + (i + r) * g.ldd + j0;
        const auto set = [&](int64_t j, Wide<T> y) XGRAD_SIMD_LAMBDA { sums[r][j] = static_cast<Sum<T>>(y); };
        for (int64_t j = 0; j < columns; ++j) set(j, wide(g.alpha) * sums[r][j]);
        // Not asked for each: masked loads of what is not there take hundreds of cycles.
        if (g.beta != 0)
          for (int64_t j = 0; j < columns; ++j) set(j, sums[r][j] + wide(g.beta) * wide(addend[j]));
        for (int64_t j = 0; j < columns; ++j) out[j] = static_cast<T>(sums[r][j]);
      }
    }
}

}  // namespace

extern const IntegerGemm gemm_integer = {
    {&rows<int8_t>}, {&rows<uint8_t>}, {&rows<int16_t>}, {&rows<int32_t>}, {&rows<int64_t>}};

}  // namespace xgrad::kernels::XGRAD_ISA
