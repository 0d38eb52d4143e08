// Runs of numbers to another dtype, where the instruction set matters: 16-bit floating numbers and floats, to
// the same bits as half.h gives, and floating numbers as int64. Compiled once per instruction set.
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {

namespace {

// Without a branch, so that the compiler makes vectors of it where no instruction does it.
void halves_to_floats(float* __restrict to, const uint16_t* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const int32_t half = from[i], magnitude = (half & 0x7fff) << 13;
    // Read as a float's, the exponent is 112 too small; what has none becomes normal by the product.
    const float scaled = __builtin_bit_cast(float, magnitude) * 0x1p112f;
    const int32_t infinite = magnitude >= 0x0f800000 ? 0x7f800000 : 0;
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    to[i] = __builtin_bit_cast(float,
                               __builtin_bit_cast(uint32_t, scaled) | static_cast<uint32_t>(infinite) | sign);
  }
}

void floats_to_halves(uint16_t* __restrict to, const float* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const int32_t bits = __builtin_bit_cast(int32_t, from[i]), magnitude = bits & 0x7fffffff;
    const int32_t normal = (magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13;
    // The sum is rounded to a multiple of 2^-24.
    const float shifted = __builtin_bit_cast(float, magnitude) + 0.5f;
    const int32_t small = __builtin_bit_cast(int32_t, shifted) - 0x3f000000;
    const int32_t is_small = -(magnitude < 0x38800000), is_infinite = -(magnitude >= 0x477ff000);
    const int32_t finite = (small & is_small) | (normal & ~is_small);
    const int32_t none = -(magnitude > 0x7f800000) & 0x0200;  // not a number
    const int32_t half = (finite & ~is_infinite) | (0x7c00 & is_infinite) | none;
    to[i] = static_cast<uint16_t>(half | ((bits >> 16) & 0x8000));
  }
}

// What does not fit becomes the smallest number, as in convert.cpp.
template <class T>
XGRAD_SIMD_INLINE void to_long(int64_t* __restrict to, const T* __restrict from, int64_t n) {
  constexpr T low = T(-9223372036854775808.0);
  for (int64_t i = 0; i < n; ++i)
    to[i] = static_cast<int64_t>(from[i] >= low && from[i] < -low ? from[i] : low);
}

}  // namespace

void half_to_float(float* to, const uint16_t* from, int64_t n) {
  int64_t i = 0;
#if defined(XGRAD_SIMD_HALF)
  constexpr int64_t size = Vec<float>::size;
  for (; i + size <= n; i += size) {
    const Vec<float> v(raw::load_16_bits<true>(from + i));
    any(isnan(v)) ? halves_to_floats(to + i, from + i, size) : v.store(to + i);
  }
#endif
  halves_to_floats(to + i, from + i, n - i);
}

void float_to_half(uint16_t* to, const float* from, int64_t n) {
  int64_t i = 0;
#if defined(XGRAD_SIMD_HALF)
  constexpr int64_t size = Vec<float>::size;
  for (; i + size <= n; i += size) store_16_bits<true>(Vec<float>::load(from + i), to + i);
#endif
  floats_to_halves(to + i, from + i, n - i);
}

void bfloat16_to_float(float* __restrict to, const uint16_t* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = __builtin_bit_cast(float, static_cast<uint32_t>(from[i]) << 16);
}

void float_to_bfloat16(uint16_t* __restrict to, const float* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t bits = __builtin_bit_cast(uint32_t, from[i]);
    const int32_t magnitude = static_cast<int32_t>(bits & 0x7fffffff);
    const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    to[i] = static_cast<uint16_t>(magnitude > 0x7f800000 ? 0x7fc0u : rounded);
  }
}

void float_to_long(int64_t* to, const float* from, int64_t n) { to_long(to, from, n); }
void double_to_long(int64_t* to, const double* from, int64_t n) { to_long(to, from, n); }

}  // namespace xgrad::kernels::XGRAD_ISA
