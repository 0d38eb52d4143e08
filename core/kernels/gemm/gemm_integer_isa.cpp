// Rows of integer products, compiled once per instruction set: plain loops of which the compiler makes
// registers.
#include <type_traits>

#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/simd/vec_arch.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <class T>
using Sum = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

template <class T>
constexpr Sum<T> wide(T x) {
  return static_cast<Sum<T>>(x);
}

// Columns are taken in strips whose sums fit on the stack, and rows of B four at a time.
template <class T>
void rows(const GemmCall<T>& g) {
  constexpr int64_t strip = 256;
  Sum<T> sums[strip];
  for (int64_t i = 0; i < g.m; ++i)
    for (int64_t j0 = 0; j0 < g.n; j0 += strip) {
      const int64_t columns = g.n - j0 < strip ? g.n - j0 : strip;
      for (int64_t j = 0; j < columns; ++j) sums[j] = 0;
      const T *const a = g.a + i * g.a_row, *const b = g.b + j0 * g.b_col;
      int64_t p = 0;
      if (g.b_col == 1)
        for (; p + 4 <= g.k; p += 4) {
          const T *b0 = b + p * g.b_row, *b1 = b0 + g.b_row, *b2 = b1 + g.b_row, *b3 = b2 + g.b_row;
          const Sum<T> a0 = wide(a[p * g.a_col]), a1 = wide(a[(p + 1) * g.a_col]);
          const Sum<T> a2 = wide(a[(p + 2) * g.a_col]), a3 = wide(a[(p + 3) * g.a_col]);
          for (int64_t j = 0; j < columns; ++j)
            sums[j] += a0 * wide(b0[j]) + a1 * wide(b1[j]) + a2 * wide(b2[j]) + a3 * wide(b3[j]);
        }
      for (; p < g.k; ++p)
        for (int64_t j = 0; j < columns; ++j)
          sums[j] += wide(a[p * g.a_col]) * wide(b[p * g.b_row + j * g.b_col]);
      T* const out = g.c + i * g.ldc + j0;
      const T* const addend = g.d + i * g.ldd + j0;
      for (int64_t j = 0; j < columns; ++j) {
        Sum<T> y = wide(g.alpha) * sums[j];
        if (g.beta != 0) y += wide(g.beta) * wide(addend[j]);
        out[j] = static_cast<T>(y);
      }
    }
}

}  // namespace

extern const IntegerGemm gemm_integer = {
    {&rows<int8_t>}, {&rows<uint8_t>}, {&rows<int16_t>}, {&rows<int32_t>}, {&rows<int64_t>}};

}  // namespace xgrad::kernels::XGRAD_ISA
