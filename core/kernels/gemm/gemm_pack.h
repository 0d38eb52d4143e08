// Copies of parts of A and B into the order in which the tiles read them. Included only by gemm_isa.cpp.
#pragma once

#include <xgrad/core/kernels/gemm/gemm_simd.h>

namespace xgrad::kernels::XGRAD_ISA::product {

#if defined(__GNUC__)
template <class T>
struct Block4;
template <>
struct Block4<float> {
  typedef float V __attribute__((vector_size(16), aligned(4)));
};
template <>
struct Block4<double> {
  typedef double V __attribute__((vector_size(32), aligned(8)));
};

/// out[p * stride + i] = row[i][p] for i, p < 4.
template <class T>
XGRAD_SIMD_INLINE void transpose4(const T* const (&row)[4], int64_t p, T* out, int64_t stride) {
  using V = typename Block4<T>::V;
  const V r0 = *reinterpret_cast<const V*>(row[0] + p), r1 = *reinterpret_cast<const V*>(row[1] + p);
  const V r2 = *reinterpret_cast<const V*>(row[2] + p), r3 = *reinterpret_cast<const V*>(row[3] + p);
  const V s0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), s1 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  const V s2 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), s3 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  *reinterpret_cast<V*>(out) = __builtin_shufflevector(s0, s2, 0, 1, 4, 5);
  *reinterpret_cast<V*>(out + stride) = __builtin_shufflevector(s0, s2, 2, 3, 6, 7);
  *reinterpret_cast<V*>(out + 2 * stride) = __builtin_shufflevector(s1, s3, 0, 1, 4, 5);
  *reinterpret_cast<V*>(out + 3 * stride) = __builtin_shufflevector(s1, s3, 2, 3, 6, 7);
}
#else
template <class T>
XGRAD_SIMD_INLINE void transpose4(const T* const (&row)[4], int64_t p, T* out, int64_t stride) {
  for (int q = 0; q < 4; ++q)
    for (int i = 0; i < 4; ++i) out[q * stride + i] = row[i][p + q];
}
#endif

#if defined(__GNUC__) && (defined(XGRAD_SIMD_AVX2) || defined(XGRAD_SIMD_AVX512))
inline constexpr bool has_transpose8 = true;

/// out[p * stride + i] = in[i * ld + p] for i < 8, p < 4.
XGRAD_SIMD_INLINE void transpose8(const float* in, int64_t ld, float* out, int64_t stride) {
  using Half = Block4<float>::V;
  typedef float V __attribute__((vector_size(32), aligned(4)));
  const auto rows = [&](int64_t i) XGRAD_LAMBDA_INLINE {
    return __builtin_shufflevector(*reinterpret_cast<const Half*>(in + i * ld),
                                   *reinterpret_cast<const Half*>(in + (i + 4) * ld), 0, 1, 2, 3, 4, 5, 6, 7);
  };
  const V r0 = rows(0), r1 = rows(1), r2 = rows(2), r3 = rows(3);
  const V s0 = __builtin_shufflevector(r0, r1, 0, 8, 1, 9, 4, 12, 5, 13);
  const V s1 = __builtin_shufflevector(r0, r1, 2, 10, 3, 11, 6, 14, 7, 15);
  const V s2 = __builtin_shufflevector(r2, r3, 0, 8, 1, 9, 4, 12, 5, 13);
  const V s3 = __builtin_shufflevector(r2, r3, 2, 10, 3, 11, 6, 14, 7, 15);
  *reinterpret_cast<V*>(out) = __builtin_shufflevector(s0, s2, 0, 1, 8, 9, 4, 5, 12, 13);
  *reinterpret_cast<V*>(out + stride) = __builtin_shufflevector(s0, s2, 2, 3, 10, 11, 6, 7, 14, 15);
  *reinterpret_cast<V*>(out + 2 * stride) = __builtin_shufflevector(s1, s3, 0, 1, 8, 9, 4, 5, 12, 13);
  *reinterpret_cast<V*>(out + 3 * stride) = __builtin_shufflevector(s1, s3, 2, 3, 10, 11, 6, 7, 14, 15);
}
#else
inline constexpr bool has_transpose8 = false;
void transpose8(const float* in, int64_t ld, float* out, int64_t stride);
#endif

/// How many elements beyond its last one pack_transposed may write.
inline constexpr int64_t pack_overrun = 4;

/// out[p * stride + i] = in[i * ld + p] for i < rows, p < k. Rows go in eights and fours; a last group of
/// fewer repeats its last row into the places behind, and comes first because the others then put right what
/// it wrote over.
template <class T>
void pack_transposed(const T* in, int64_t ld, int64_t rows, int64_t k, T* out, int64_t stride) {
  constexpr bool eights = has_transpose8 && sizeof(T) == sizeof(float);
  const int64_t fours = eights ? rows / 8 * 8 : 0;  // where the groups of four begin
  for (int64_t i = (rows - 1) / 4 * 4; i >= fours; i -= 4) {
    const T* const source = in + i * ld;
    const int64_t last = rows - i - 1;
    const T* const row[4] = {source, source + smaller(1, last) * ld, source + smaller(2, last) * ld,
                             source + smaller(3, last) * ld};
    T* const target = out + i;
    int64_t p = 0;
    for (; p + 4 <= k; p += 4) transpose4(row, p, target + p * stride, stride);
    for (; p < k; ++p)
      for (int q = 0; q < 4; ++q) target[p * stride + q] = row[q][p];
  }
  if constexpr (eights) {
    for (int64_t i = fours - 8; i >= 0; i -= 8) {
      const T* const source = in + i * ld;
      T* const target = out + i;
      int64_t p = 0;
      for (; p + 4 <= k; p += 4) transpose8(source + p, ld, target + p * stride, stride);
      for (; p < k; ++p)
        for (int q = 0; q < 8; ++q) target[p * stride + q] = source[q * ld + p];
    }
  }
}

/// out[p * stride + j] = in[p * ld + j] for p < k, j < columns.
template <class T>
void pack_straight(const T* in, int64_t ld, int64_t k, int64_t columns, T* out, int64_t stride) {
  constexpr int w = width<T>;
  const int64_t whole = columns / w * w;
  const int rest = static_cast<int>(columns - whole);
  // A register that goes beyond the columns reads and writes what belongs to the next row.
  const bool spare = smaller(ld, stride) >= whole + w - columns;
  for (int64_t p = 0; p < k; ++p, in += ld, out += stride) {
    for (int64_t j = 0; j < whole; j += w) store(out + j, load(in + j));
    if (rest > 0 && spare && p < k - 1)
      store(out + whole, load(in + whole));
    else if (rest > 0)
      raw::store_first<T>(raw::load_first<T>(in + whole, rest), out + whole, rest);
  }
}

/// The same for `count` slivers of `columns` columns side by side, `size` elements apart in `out`: rows of B
/// lie on pages of their own, and this visits each once for all slivers.
template <class T>
void pack_slivers(const T* in, int64_t ld, int64_t k, int64_t columns, int64_t count, T* out, int64_t size) {
  constexpr int w = width<T>;
  for (int64_t p = 0; p < k; ++p, in += ld, out += columns) {
    const T* from = in;
    T* to = out;
    for (int64_t s = 0; s < count; ++s, from += columns, to += size)
      for (int64_t j = 0; j < columns; j += w) store(to + j, load(from + j));
  }
}

}  // namespace xgrad::kernels::XGRAD_ISA::product
