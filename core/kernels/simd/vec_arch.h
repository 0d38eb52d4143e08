// The architecture a kernel file is compiled for, and the few raw register operations that xsimd lacks or
// does slowly: fused multiply-add on AVX-512, masked loads and stores, masks to and from bool arrays,
// float <-> double. The only file of the SIMD layer with intrinsics; every branch has a portable fallback.
// No arithmetic formula belongs here, and nothing that is emitted outside the namespace of the ISA.
#pragma once

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// GCC 12 takes the "undefined" operands inside its own AVX-512 intrinsics for uninitialised variables.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#ifndef XGRAD_ISA
#define XGRAD_ISA base
#endif
#define XGRAD_IS_BASE_base 1
#define XGRAD_PASTE_(a, b) a##b
#define XGRAD_PASTE(a, b) XGRAD_PASTE_(a, b)
#if XGRAD_PASTE(XGRAD_IS_BASE_, XGRAD_ISA) == 1
#define XGRAD_ISA_IS_BASE true
#else
#define XGRAD_ISA_IS_BASE false
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define XGRAD_SIMD_INLINE __forceinline
#define XGRAD_SIMD_NOINLINE __declspec(noinline)
#define XGRAD_SIMD_LAMBDA
#define XGRAD_SIMD_FLATTEN
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Instrumented code is long, and compiling it would take most of the time where all of it becomes one
// function.
#define XGRAD_SIMD_INLINE inline
#define XGRAD_SIMD_NOINLINE __attribute__((noinline))
#define XGRAD_SIMD_LAMBDA
#define XGRAD_SIMD_FLATTEN
#else
#define XGRAD_SIMD_INLINE inline __attribute__((always_inline))
#define XGRAD_SIMD_NOINLINE __attribute__((noinline))
#define XGRAD_SIMD_LAMBDA __attribute__((always_inline))
#define XGRAD_SIMD_FLATTEN __attribute__((flatten))  // a loop whose formula is inlined, however long it is
#endif

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define XGRAD_SIMD_AVX512 1
#elif defined(__AVX2__) && defined(__FMA__)
#define XGRAD_SIMD_AVX2 1
#elif defined(__SSE2__) || defined(_M_X64)
#define XGRAD_SIMD_SSE2 1
#endif

namespace xgrad::kernels::XGRAD_ISA {

#if defined(XGRAD_SIMD_AVX512)
using Arch =
    xsimd::avx512dq;  // avx512bw adds nothing for 32 and 64 bits, and in xsimd 8.1 GCC rejects parts of it
inline constexpr bool has_fma = true;
#elif defined(XGRAD_SIMD_AVX2)
using Arch = xsimd::fma3<xsimd::avx2>;
inline constexpr bool has_fma = true;
#elif defined(XGRAD_SIMD_SSE2)
using Arch = xsimd::sse2;
inline constexpr bool has_fma = false;
#else
using Arch = xsimd::default_arch;
#if defined(__aarch64__)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif
#endif

template <class T>
using Batch = xsimd::batch<T, Arch>;
template <class T>
using BatchBool = xsimd::batch_bool<T, Arch>;

namespace raw {

// a * b + c, rounded once where the hardware can (xsimd 8.1 rounds twice on AVX-512).
template <class T>
XGRAD_SIMD_INLINE Batch<T> fma(const Batch<T>& a, const Batch<T>& b, const Batch<T>& c) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm512_fmadd_ps(a, b, c));
  else
    return Batch<T>(_mm512_fmadd_pd(a, b, c));
#else
  if constexpr (has_fma)
    return xsimd::fma(a, b, c);
  else
    return a * b + c;
#endif
}

// Lanes in which the masks differ (xsimd 8.1 has this wrong on AVX-512, and `!` in halves on AVX2).
template <class T>
XGRAD_SIMD_INLINE BatchBool<T> differ(const BatchBool<T>& a, const BatchBool<T>& b) {
#if defined(XGRAD_SIMD_AVX512)
  using Register = typename BatchBool<T>::register_type;
  return BatchBool<T>(static_cast<Register>(static_cast<Register>(a) ^ static_cast<Register>(b)));
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return BatchBool<T>(_mm256_xor_ps(a, b));
  else
    return BatchBool<T>(_mm256_xor_pd(a, b));
#elif defined(XGRAD_SIMD_SSE2)
  if constexpr (sizeof(T) == 4)
    return BatchBool<T>(_mm_xor_ps(a, b));
  else
    return BatchBool<T>(_mm_xor_pd(a, b));
#else
  return a ^ b;
#endif
}

// v where the mask is set, zero elsewhere: one instruction, where a blend takes three.
template <class T>
XGRAD_SIMD_INLINE Batch<T> keep(const BatchBool<T>& m, const Batch<T>& v) {
#if defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm256_and_ps(m, v));
  else
    return Batch<T>(_mm256_and_pd(m, v));
#elif defined(XGRAD_SIMD_SSE2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm_and_ps(m, v));
  else
    return Batch<T>(_mm_and_pd(m, v));
#else
  return xsimd::select(m, v, Batch<T>(T(0)));
#endif
}

// Zero where the mask is set, v elsewhere.
template <class T>
XGRAD_SIMD_INLINE Batch<T> drop(const BatchBool<T>& m, const Batch<T>& v) {
#if defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm256_andnot_ps(m, v));
  else
    return Batch<T>(_mm256_andnot_pd(m, v));
#elif defined(XGRAD_SIMD_SSE2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm_andnot_ps(m, v));
  else
    return Batch<T>(_mm_andnot_pd(m, v));
#else
  return xsimd::select(m, Batch<T>(T(0)), v);
#endif
}

// A NaN where v is one, b elsewhere: where masks are registers, one of all bits spares the blend.
template <class T>
XGRAD_SIMD_INLINE Batch<T> nan_or(const Batch<T>& v, const Batch<T>& b) {
#if defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm256_or_ps(b, _mm256_cmp_ps(v, v, _CMP_UNORD_Q)));
  else
    return Batch<T>(_mm256_or_pd(b, _mm256_cmp_pd(v, v, _CMP_UNORD_Q)));
#elif defined(XGRAD_SIMD_SSE2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm_or_ps(b, _mm_cmpunord_ps(v, v)));
  else
    return Batch<T>(_mm_or_pd(b, _mm_cmpunord_pd(v, v)));
#else
  return xsimd::select(v == v, b, v);
#endif
}

#if defined(XGRAD_SIMD_AVX2)
template <class T>
XGRAD_SIMD_INLINE __m256i first_lanes(int n) {
  if constexpr (sizeof(T) == 4)
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  else
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_setr_epi64x(0, 1, 2, 3));
}
#endif

// The first n lanes from memory, zero in the others; never touches memory beyond p[n - 1].
template <class T>
XGRAD_SIMD_INLINE Batch<T> load_first(const T* p, int n) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << n) - 1u), p));
  else
    return Batch<T>(_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << n) - 1u), p));
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return Batch<T>(_mm256_maskload_ps(p, first_lanes<T>(n)));
  else
    return Batch<T>(_mm256_maskload_pd(p, first_lanes<T>(n)));
#else
  T lanes[Batch<T>::size] = {};
  for (int i = 0; i < n && i < static_cast<int>(Batch<T>::size); ++i) lanes[i] = p[i];
  return Batch<T>::load_unaligned(lanes);
#endif
}

template <class T>
XGRAD_SIMD_INLINE void store_first(const Batch<T>& v, T* p, int n) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4)
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << n) - 1u), v);
  else
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << n) - 1u), v);
#elif defined(XGRAD_SIMD_AVX2)
  // By halves: AMD's processors take some 12 cycles for a store under a mask.
  if (n >= static_cast<int>(Batch<T>::size)) return v.store_unaligned(p);
  if constexpr (sizeof(T) == 4) {
    __m128 rest = _mm256_castps256_ps128(v);
    if (n & 4) {
      _mm_storeu_ps(p, rest);
      rest = _mm256_extractf128_ps(v, 1);
      p += 4;
    }
    if (n & 2) {
      _mm_storel_pi(reinterpret_cast<__m64*>(p), rest);
      rest = _mm_movehl_ps(rest, rest);
      p += 2;
    }
    if (n & 1) _mm_store_ss(p, rest);
  } else {
    __m128d rest = _mm256_castpd256_pd128(v);
    if (n & 2) {
      _mm_storeu_pd(p, rest);
      rest = _mm256_extractf128_pd(v, 1);
      p += 2;
    }
    if (n & 1) _mm_store_sd(p, rest);
  }
#else
  T lanes[Batch<T>::size];
  v.store_unaligned(lanes);
  for (int i = 0; i < n && i < static_cast<int>(Batch<T>::size); ++i) p[i] = lanes[i];
#endif
}

// table[i] for the i in each lane.
XGRAD_SIMD_INLINE Batch<double> gather(const double* table, const Batch<uint64_t>& places) {
#if defined(XGRAD_SIMD_AVX512)
  return Batch<double>(_mm512_i64gather_pd(places, table, 8));
#elif defined(XGRAD_SIMD_AVX2)
  return Batch<double>(_mm256_i64gather_pd(table, places, 8));
#else
  uint64_t place[Batch<double>::size];
  double lanes[Batch<double>::size];
  places.store_unaligned(place);
  for (int i = 0; i < static_cast<int>(Batch<double>::size); ++i) lanes[i] = table[place[i]];
  return Batch<double>::load_unaligned(lanes);
#endif
}

// table[i % size] for the i in each lane, of a table that fits into registers.
#if defined(XGRAD_SIMD_AVX512)
inline constexpr int look_up_size = 16;
template <class T>
inline constexpr bool looks_up = true;  // whether one instruction does
XGRAD_SIMD_INLINE Batch<float> look_up(const float* table, const Batch<uint32_t>& places) {
  return Batch<float>(_mm512_permutexvar_ps(places, _mm512_loadu_ps(table)));
}
XGRAD_SIMD_INLINE Batch<double> look_up(const double* table, const Batch<uint64_t>& places) {
  return Batch<double>(_mm512_permutex2var_pd(_mm512_loadu_pd(table), places, _mm512_loadu_pd(table + 8)));
}
#else
inline constexpr int look_up_size = 8;
template <class T>
#if defined(XGRAD_SIMD_AVX2)
inline constexpr bool looks_up = sizeof(T) == 4;
#else
inline constexpr bool looks_up = false;
#endif
XGRAD_SIMD_INLINE Batch<float> look_up(const float* table, const Batch<uint32_t>& places) {
#if defined(XGRAD_SIMD_AVX2)
  return Batch<float>(_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), places));
#else
  uint32_t place[Batch<float>::size];
  float lanes[Batch<float>::size];
  places.store_unaligned(place);
  for (int i = 0; i < static_cast<int>(Batch<float>::size); ++i) lanes[i] = table[place[i] % 8];
  return Batch<float>::load_unaligned(lanes);
#endif
}
#endif

// Whether bits < limit in every lane, for a limit that is no larger than the lowest negative number's bits.
template <class U>
XGRAD_SIMD_INLINE bool all_below(const Batch<U>& bits, U limit) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(U) == 4)
    return _mm512_cmpge_epu32_mask(bits, _mm512_set1_epi32(static_cast<int32_t>(limit))) == 0;
  else
    return _mm512_cmpge_epu64_mask(bits, _mm512_set1_epi64(static_cast<int64_t>(limit))) == 0;
#elif defined(XGRAD_SIMD_SSE2)
  // From the limit on, one of both has the sign bit.
  const Batch<U> signs = bits | (bits + Batch<U>((U(1) << (8 * sizeof(U) - 1)) - limit));
#if defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(U) == 4) return _mm256_movemask_ps(_mm256_castsi256_ps(signs)) == 0;
  return _mm256_movemask_pd(_mm256_castsi256_pd(signs)) == 0;
#else
  if constexpr (sizeof(U) == 4) return _mm_movemask_ps(_mm_castsi128_ps(signs)) == 0;
  return _mm_movemask_pd(_mm_castsi128_pd(signs)) == 0;
#endif
#else
  return xsimd::all(bits < Batch<U>(limit));
#endif
}

#if defined(XGRAD_SIMD_AVX512)
// The square root from an approximation of its reciprocal: two steps of Goldschmidt's (one for floats), and
// one of Newton's, whose residue is exact and which rounds correctly. Takes half the time of the
// instruction's; that has the numbers whose residue may be denormal, zeros, infinities and NaN.
XGRAD_SIMD_INLINE Batch<float> sqrt(const Batch<float>& x) {
  constexpr uint32_t lowest = 0x20000000, highest = 0x7f800000;
  if (!all_below<uint32_t>(__builtin_bit_cast(Batch<uint32_t>, x) - Batch<uint32_t>(lowest),
                           highest - lowest))
    return _mm512_sqrt_ps(x);
  const __m512 half = _mm512_set1_ps(0.5f), y = _mm512_rsqrt14_ps(x);
  __m512 root = _mm512_mul_ps(x, y), slope = _mm512_mul_ps(half, y);
  const __m512 apart = _mm512_fnmadd_ps(root, slope, half);
  root = _mm512_fmadd_ps(root, apart, root);
  slope = _mm512_fmadd_ps(slope, apart, slope);
  return _mm512_fmadd_ps(_mm512_fnmadd_ps(root, root, x), slope, root);
}
XGRAD_SIMD_INLINE Batch<double> sqrt(const Batch<double>& x) {
  constexpr uint64_t lowest = uint64_t{0x2000} << 48, highest = uint64_t{0x7ff0} << 48;
  if (!all_below<uint64_t>(__builtin_bit_cast(Batch<uint64_t>, x) - Batch<uint64_t>(lowest),
                           highest - lowest))
    return _mm512_sqrt_pd(x);
  const __m512d half = _mm512_set1_pd(0.5), y = _mm512_rsqrt14_pd(x);
  __m512d root = _mm512_mul_pd(x, y), slope = _mm512_mul_pd(half, y);
  for (int step = 0; step < 2; ++step) {
    const __m512d apart = _mm512_fnmadd_pd(root, slope, half);
    root = _mm512_fmadd_pd(root, apart, root);
    slope = _mm512_fmadd_pd(slope, apart, slope);
  }
  return _mm512_fmadd_pd(_mm512_fnmadd_pd(root, root, x), slope, root);
}
#else
using xsimd::sqrt;
#endif

// One bit per lane, lane 0 lowest.
template <class T>
XGRAD_SIMD_INLINE uint32_t mask_bits(const BatchBool<T>& m) {
#if defined(XGRAD_SIMD_AVX512)
  using Register = typename BatchBool<T>::register_type;
  return static_cast<uint32_t>(static_cast<Register>(m));
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return static_cast<uint32_t>(_mm256_movemask_ps(m));
  else
    return static_cast<uint32_t>(_mm256_movemask_pd(m));
#elif defined(XGRAD_SIMD_SSE2)
  if constexpr (sizeof(T) == 4)
    return static_cast<uint32_t>(_mm_movemask_ps(m));
  else
    return static_cast<uint32_t>(_mm_movemask_pd(m));
#else
  bool lanes[BatchBool<T>::size];
  m.store_unaligned(lanes);
  uint32_t bits = 0;
  for (int i = 0; i < static_cast<int>(BatchBool<T>::size); ++i) bits |= static_cast<uint32_t>(lanes[i]) << i;
  return bits;
#endif
}

// Eight bits become eight bytes of 0 or 1.
XGRAD_SIMD_INLINE uint64_t spread_bits(uint32_t bits) {
  const uint64_t one_bit_each = (bits & 0xffu) * 0x0101010101010101u & 0x8040201008040201u;
  return (one_bit_each + 0x7f7f7f7f7f7f7f7fu) >> 7 & 0x0101010101010101u;
}

template <class T>
XGRAD_SIMD_INLINE void store_mask(const BatchBool<T>& m, bool* p) {
  constexpr int lanes = static_cast<int>(BatchBool<T>::size);
#if defined(XGRAD_SIMD_AVX512) || defined(XGRAD_SIMD_AVX2) || defined(XGRAD_SIMD_SSE2)
  const uint32_t bits = mask_bits<T>(m);
  for (int i = 0; i < lanes; i += 8) {
    const uint64_t bytes = spread_bits(bits >> i);
    memcpy(p + i, &bytes, lanes < 8 ? lanes : 8);
  }
#else
  (void)lanes;
  m.store_unaligned(p);
#endif
}

template <class T>
XGRAD_SIMD_INLINE BatchBool<T> load_mask(const bool* p) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return BatchBool<T>(_mm_test_epi8_mask(bytes, bytes));
  } else {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    return BatchBool<T>(static_cast<__mmask8>(_mm_test_epi8_mask(bytes, bytes)));
  }
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4) {
    const __m256i lanes = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
    return BatchBool<T>(_mm256_castsi256_ps(_mm256_cmpgt_epi32(lanes, _mm256_setzero_si256())));
  } else {
    int four;
    memcpy(&four, p, 4);
    const __m256i lanes = _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(four));
    return BatchBool<T>(_mm256_castsi256_pd(_mm256_cmpgt_epi64(lanes, _mm256_setzero_si256())));
  }
#else
  return BatchBool<T>::load_unaligned(p);
#endif
}

// The lower and upper half of a float batch as two double batches, and back (rounding to nearest).
XGRAD_SIMD_INLINE void widen(const Batch<float>& v, Batch<double>& low, Batch<double>& high) {
#if defined(XGRAD_SIMD_AVX512)
  low = Batch<double>(_mm512_cvtps_pd(_mm512_castps512_ps256(v)));
  high = Batch<double>(_mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1)));
#elif defined(XGRAD_SIMD_AVX2)
  low = Batch<double>(_mm256_cvtps_pd(_mm256_castps256_ps128(v)));
  high = Batch<double>(_mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
#elif defined(XGRAD_SIMD_SSE2)
  low = Batch<double>(_mm_cvtps_pd(v));
  high = Batch<double>(_mm_cvtps_pd(_mm_movehl_ps(v, v)));
#else
  constexpr int half = static_cast<int>(Batch<double>::size);
  float lanes[2 * half];
  double wide[2 * half];
  v.store_unaligned(lanes);
  for (int i = 0; i < 2 * half; ++i) wide[i] = lanes[i];
  low = Batch<double>::load_unaligned(wide);
  high = Batch<double>::load_unaligned(wide + half);
#endif
}

XGRAD_SIMD_INLINE Batch<float> narrow(const Batch<double>& low, const Batch<double>& high) {
#if defined(XGRAD_SIMD_AVX512)
  const __m512 wide = _mm512_castps256_ps512(_mm512_cvtpd_ps(low));
  return Batch<float>(_mm512_insertf32x8(wide, _mm512_cvtpd_ps(high), 1));
#elif defined(XGRAD_SIMD_AVX2)
  return Batch<float>(_mm256_set_m128(_mm256_cvtpd_ps(high), _mm256_cvtpd_ps(low)));
#elif defined(XGRAD_SIMD_SSE2)
  return Batch<float>(_mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high)));
#else
  constexpr int half = static_cast<int>(Batch<double>::size);
  double wide[2 * half];
  float lanes[2 * half];
  low.store_unaligned(wide);
  high.store_unaligned(wide + half);
  for (int i = 0; i < 2 * half; ++i) lanes[i] = static_cast<float>(wide[i]);
  return Batch<float>::load_unaligned(lanes);
#endif
}

#if defined(XGRAD_SIMD_AVX512) || defined(__F16C__)
#define XGRAD_SIMD_HALF 1
// 16-bit floating numbers, float16 or bfloat16. A NaN is quieted, keeps its other bits on the way to floats
// and must be a quiet one on the way back.
template <bool half>
XGRAD_SIMD_INLINE Batch<float> load_16_bits(const uint16_t* p) {
#if defined(XGRAD_SIMD_AVX512)
  const __m256i lanes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  if constexpr (half) return _mm512_cvtph_ps(lanes);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(lanes), 16));
#else
  const __m128i lanes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  if constexpr (half) return _mm256_cvtph_ps(lanes);
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(lanes), 16));
#endif
}
template <bool half>
XGRAD_SIMD_INLINE void store_16_bits(const Batch<float>& v, uint16_t* p) {
#if defined(XGRAD_SIMD_AVX512)
  __m256i lanes;
  if constexpr (half) {
    lanes = _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT);
  } else {
    const __m512i bits = _mm512_castps_si512(v), up = _mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff));
    const __mmask16 odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000));
    lanes = _mm512_cvtepi32_epi16(
        _mm512_srli_epi32(_mm512_mask_add_epi32(up, odd, up, _mm512_set1_epi32(1)), 16));
  }
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), lanes);
#else
  __m128i lanes;
  if constexpr (half) {
    lanes = _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT);
  } else {
    const __m256i bits = _mm256_castps_si256(v), high = _mm256_srli_epi32(bits, 16);
    const __m256i up =
        _mm256_add_epi32(_mm256_and_si256(high, _mm256_set1_epi32(1)), _mm256_set1_epi32(0x7fff));
    const __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(bits, up), 16);
    lanes = _mm_packus_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), lanes);
#endif
}
#endif

}  // namespace raw
}  // namespace xgrad::kernels::XGRAD_ISA
