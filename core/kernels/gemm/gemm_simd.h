// The vocabulary of the GEMM kernels on top of the SIMD layer: widths, loads of a part of a vector, cutting
// into pieces. Included only by gemm_isa.cpp, which is compiled once per instruction set.
#pragma once

#include <stdint.h>

#include <xgrad/core/kernels/simd/vec_arch.h>

#if defined(__GNUC__)
#define XGRAD_PREFETCH(address) __builtin_prefetch(address)
#define XGRAD_PREFETCH_L2(address) __builtin_prefetch(address, 0, 2)
#define XGRAD_LAMBDA_INLINE __attribute__((always_inline))
#else
#define XGRAD_PREFETCH(address) static_cast<void>(address)
#define XGRAD_PREFETCH_L2(address) static_cast<void>(address)
#define XGRAD_LAMBDA_INLINE
#endif

namespace xgrad::kernels::XGRAD_ISA::product {

template <class T>
inline constexpr int width = static_cast<int>(Batch<T>::size);

#if defined(XGRAD_SIMD_AVX512)
inline constexpr bool has_free_masks = true;  // a masked load costs no more than a plain one
#else
inline constexpr bool has_free_masks = false;
#endif

XGRAD_SIMD_INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
XGRAD_SIMD_INLINE int64_t count_blocks(int64_t n, int64_t size) { return (n + size - 1) / size; }

/// n cut into as few pieces of at most `most` as possible, all of nearly the same size: no thin rest at the
/// end.
struct Pieces {
  int64_t count, size, longer;  // the first `longer` pieces have one more
  XGRAD_SIMD_INLINE Pieces(int64_t n, int64_t most) : count(1), size(n), longer(0) {
    if (n <= most) return;  // a division costs as much as a small product
    count = count_blocks(n, most);
    size = n / count;
    longer = n - size * count;
  }
  XGRAD_SIMD_INLINE int64_t begin(int64_t i) const { return size * i + smaller(i, longer); }
};

template <class T>
XGRAD_SIMD_INLINE Batch<T> load(const T* p) {
  return Batch<T>::load_unaligned(p);
}
template <class T>
XGRAD_SIMD_INLINE void store(T* p, const Batch<T>& v) {
  v.store_unaligned(p);
}

}  // namespace xgrad::kernels::XGRAD_ISA::product
