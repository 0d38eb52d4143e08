// Runs of numbers to another dtype, where the instruction set matters; 16-bit floating numbers and floats to
// the same bits as half.h gives. Compiled once per instruction set.
#include <xgrad/core/kernels/copy/convert_element.h>
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

// Elements one by one, of which the compiler makes registers.
template <class D, class S>
void run(D* __restrict to, const S* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = cast<D>(from[i]);
}

// Only AVX-512 converts 64-bit integers in registers. Elsewhere those of 51 bits are the last bits of doubles
// of a fixed exponent.
template <class D>
void run(D* __restrict to, const int64_t* __restrict from, int64_t n) requires(std::is_floating_point_v<D>) {
  int64_t i = 0;
#if !defined(XGRAD_SIMD_AVX512)
  constexpr int64_t kBlock = 64, kMiddle = int64_t{1} << 51,
                    magic = __builtin_bit_cast(int64_t, 6755399441055744.0);
  for (; i + kBlock <= n; i += kBlock) {
    uint64_t all = 0;
    for (int64_t j = i; j < i + kBlock; ++j) all |= static_cast<uint64_t>(from[j]) + kMiddle;
    if (all >> 52 != 0)
      for (int64_t j = i; j < i + kBlock; ++j) to[j] = static_cast<D>(from[j]);
    else
      for (int64_t j = i; j < i + kBlock; ++j)
        to[j] = static_cast<D>(__builtin_bit_cast(double, from[j] + magic) - 6755399441055744.0);
  }
#endif
  for (; i < n; ++i) to[i] = static_cast<D>(from[i]);
}

void run(float* to, const Half* half, int64_t n) {
  int64_t i = 0;
  const auto* const from = reinterpret_cast<const uint16_t*>(half);
#if defined(XGRAD_SIMD_HALF)
  constexpr int64_t size = Vec<float>::size;
  for (; i + size <= n; i += size) {
    const Vec<float> v(raw::load_16_bits<true>(from + i));
    any(isnan(v)) ? halves_to_floats(to + i, from + i, size) : v.store(to + i);
  }
#endif
  halves_to_floats(to + i, from + i, n - i);
}

void run(Half* half, const float* from, int64_t n) {
  int64_t i = 0;
  auto* const to = reinterpret_cast<uint16_t*>(half);
#if defined(XGRAD_SIMD_HALF)
  constexpr int64_t size = Vec<float>::size;
  for (; i + size <= n; i += size) store_16_bits<true>(Vec<float>::load(from + i), to + i);
#endif
  floats_to_halves(to + i, from + i, n - i);
}

void run(float* __restrict to, const BFloat16* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) to[i] = __builtin_bit_cast(float, static_cast<uint32_t>(from[i].x) << 16);
}

void run(BFloat16* __restrict to, const float* __restrict from, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const uint32_t bits = __builtin_bit_cast(uint32_t, from[i]);
    const int32_t magnitude = static_cast<int32_t>(bits & 0x7fffffff);
    const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    to[i].x = static_cast<uint16_t>(magnitude > 0x7f800000 ? 0x7fc0u : rounded);
  }
}

template <class D, class S>
void run_of(void* to, const void* from, int64_t n) {
  run(static_cast<D*>(to), static_cast<const S*>(from), n);
}

struct Runs {
  ConvertRunFn run[WideConversions::size];
};
template <class... D, class... S>
constexpr Runs runs(TypeList<Conversion<D, S>...>) {
  return {{&run_of<D, S>...}};
}
constexpr Runs all_runs = runs(WideConversions{});

}  // namespace

extern const ConvertRunFn* const conversions;
const ConvertRunFn* const conversions = all_runs.run;

}  // namespace xgrad::kernels::XGRAD_ISA
