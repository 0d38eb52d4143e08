// Places in an image, a register of them, and what stands there: what sampling needs on top of the SIMD
// layer. Included only by sample_isa.cpp, which is compiled once per instruction set.
#pragma once

#include <type_traits>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {

/// Numbers of pixels, less than 2^31, as many as a Vec<T> has lanes.
template <class T>
using Places = Batch<std::conditional_t<std::is_same_v<T, float>, int32_t, T>>;

/// Of whole numbers.
XGRAD_SIMD_INLINE Places<float> places(Vec<float> v) { return xsimd::to_int(v.v); }
XGRAD_SIMD_INLINE Places<double> places(Vec<double> v) { return v.v; }

template <class T>
XGRAD_SIMD_INLINE void store_places(const Places<T>& at, int32_t* to) {
  typename Places<T>::value_type lanes[Vec<T>::size];
  at.store_unaligned(lanes);
  for (int i = 0; i < Vec<T>::size; ++i) to[i] = static_cast<int32_t>(lanes[i]);
}

/// table[at] for each lane of the mask, 0 in the others. A gather of all lanes would wait for what its
/// register held before.
template <class T>
XGRAD_SIMD_INLINE Vec<T> gather(const T* table, const Places<T>& at, Mask<T> mask) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4)
    return Vec<T>(Batch<T>(_mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask.m, at, table, 4)));
  else
    return Vec<T>(
        Batch<T>(_mm512_mask_i32gather_pd(_mm512_setzero_pd(), mask.m, _mm512_cvttpd_epi32(at), table, 8)));
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4)
    return Vec<T>(Batch<T>(_mm256_mask_i32gather_ps(_mm256_setzero_ps(), table, at, mask.m, 4)));
  else
    return Vec<T>(
        Batch<T>(_mm256_mask_i32gather_pd(_mm256_setzero_pd(), table, _mm256_cvttpd_epi32(at), mask.m, 8)));
#else
  int32_t place[Vec<T>::size];
  T lanes[Vec<T>::size];
  store_places<T>(at, place);
  for (int i = 0; i < Vec<T>::size; ++i) lanes[i] = table[place[i]];
  return keep(mask, Vec<T>::load(lanes));
#endif
}

/// The elements of low and high in turn: the first of each two, and the second.
template <class T>
XGRAD_SIMD_INLINE void split(Vec<T> low, Vec<T> high, Vec<T>& first, Vec<T>& second) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4) {
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd = _mm512_or_si512(even, _mm512_set1_epi32(1));
    first = Vec<T>(Batch<T>(_mm512_permutex2var_ps(low.v, even, high.v)));
    second = Vec<T>(Batch<T>(_mm512_permutex2var_ps(low.v, odd, high.v)));
  } else {
    const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    const __m512i odd = _mm512_or_si512(even, _mm512_set1_epi64(1));
    first = Vec<T>(Batch<T>(_mm512_permutex2var_pd(low.v, even, high.v)));
    second = Vec<T>(Batch<T>(_mm512_permutex2var_pd(low.v, odd, high.v)));
  }
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4) {
    const auto in_order = [](__m256 v) XGRAD_SIMD_LAMBDA {
      const __m256d pairs = _mm256_permute4x64_pd(_mm256_castps_pd(v), _MM_SHUFFLE(3, 1, 2, 0));
      return Vec<T>(Batch<T>(_mm256_castpd_ps(pairs)));
    };
    first = in_order(_mm256_shuffle_ps(low.v, high.v, _MM_SHUFFLE(2, 0, 2, 0)));
    second = in_order(_mm256_shuffle_ps(low.v, high.v, _MM_SHUFFLE(3, 1, 3, 1)));
  } else {
    const auto in_order = [](__m256d v) XGRAD_SIMD_LAMBDA {
      return Vec<T>(Batch<T>(_mm256_permute4x64_pd(v, _MM_SHUFFLE(3, 1, 2, 0))));
    };
    first = in_order(_mm256_unpacklo_pd(low.v, high.v));
    second = in_order(_mm256_unpackhi_pd(low.v, high.v));
  }
#else
  constexpr int size = Vec<T>::size;
  T lanes[2 * size], turned[2 * size];
  low.store(lanes);
  high.store(lanes + size);
  for (int i = 0; i < size; ++i) {
    turned[i] = lanes[2 * i];
    turned[size + i] = lanes[2 * i + 1];
  }
  first = Vec<T>::load(turned);
  second = Vec<T>::load(turned + size);
#endif
}

/// table[at] and table[at + 1]: of floats as one word of 64 bits, for what takes time is the number of words.
template <class T>
XGRAD_SIMD_INLINE void gather_pairs(const T* table, const Places<T>& at, Vec<T>& first, Vec<T>& second) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4) {
    const auto half = [&](__m256i places) XGRAD_SIMD_LAMBDA {
      return Vec<T>(Batch<T>(
          _mm512_castpd_ps(_mm512_mask_i32gather_pd(_mm512_setzero_pd(), __mmask8(-1), places, table, 4))));
    };
    return split(half(_mm512_castsi512_si256(at)), half(_mm512_extracti64x4_epi64(at, 1)), first, second);
  }
#elif defined(XGRAD_SIMD_AVX2)
  if constexpr (sizeof(T) == 4) {
    const auto half = [&](__m128i places) XGRAD_SIMD_LAMBDA {
      const __m256d all = _mm256_castsi256_pd(_mm256_set1_epi64x(-1));
      return Vec<T>(Batch<T>(_mm256_castpd_ps(_mm256_mask_i32gather_pd(
          _mm256_setzero_pd(), reinterpret_cast<const double*>(table), places, all, 4))));
    };
    return split(half(_mm256_castsi256_si128(at)), half(_mm256_extracti128_si256(at, 1)), first, second);
  }
#endif
  first = gather(table, at, Mask<T>(true));
  second = gather(table + 1, at, Mask<T>(true));
}

/// Sums of bytes times weights of 16 bits, in units of 2^-precision.
struct ByteSums {
  static constexpr int size = 16;
#if defined(XGRAD_SIMD_AVX512) || defined(XGRAD_SIMD_AVX2)
  __m256i low, high;  // four of each eight

  XGRAD_SIMD_INLINE void start(int precision) { low = high = _mm256_set1_epi32(1 << (precision - 1)); }
  /// Of two rows: the processor multiplies and adds two numbers of 16 bits at once.
  XGRAD_SIMD_INLINE void add(const uint8_t* row, int16_t weight, const uint8_t* next, int16_t next_weight) {
    const auto load = [](const uint8_t* p) XGRAD_SIMD_LAMBDA {
      return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    };
    const __m256i a = load(row), b = load(next);
    const __m256i weights = _mm256_set1_epi32(static_cast<uint16_t>(weight) | next_weight * 65536);
    low = _mm256_add_epi32(low, _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), weights));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), weights));
  }
  XGRAD_SIMD_INLINE void store(int precision, uint8_t* to) const {
    const __m128i shift = _mm_cvtsi32_si128(precision);
    const __m256i v = _mm256_packs_epi32(_mm256_sra_epi32(low, shift), _mm256_sra_epi32(high, shift));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_packus_epi16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
  }
#else
  int32_t sum[size];

  XGRAD_SIMD_INLINE void start(int precision) {
    for (int j = 0; j < size; ++j) sum[j] = 1 << (precision - 1);
  }
  XGRAD_SIMD_INLINE void add(const uint8_t* row, int16_t weight, const uint8_t* next, int16_t next_weight) {
    for (int j = 0; j < size; ++j) sum[j] += weight * row[j] + next_weight * next[j];
  }
  XGRAD_SIMD_INLINE void store(int precision, uint8_t* to) const {
    for (int j = 0; j < size; ++j) {
      const int32_t v = sum[j] >> precision;
      to[j] = static_cast<uint8_t>(v < 0 ? 0 : v > 255 ? 255 : v);
    }
  }
#endif
};

#if defined(XGRAD_SIMD_AVX512) || defined(XGRAD_SIMD_AVX2)
#define XGRAD_PIXEL_SUMS 1
/// The same of four pixels of `width` bytes, two to four.
struct PixelSums {
  __m128i sum[4], pair, close;

  XGRAD_SIMD_INLINE explicit PixelSums(int width) {
    // Each channel of two pixels, as numbers of 16 bits; and four pixels of four bytes without gaps.
    pair = _mm_add_epi8(_mm_setr_epi8(0, -128, 0, -128, 1, -128, 1, -128, 2, -128, 2, -128, 3, -128, 3, -128),
                        _mm_set1_epi32(width << 16));
    close = width == 2   ? _mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 0, 0, 0, 0, 0, 0, 0, 0)
            : width == 3 ? _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)
                         : _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  XGRAD_SIMD_INLINE void start(int precision) {
    for (int k = 0; k < 4; ++k) sum[k] = _mm_set1_epi32(1 << (precision - 1));
  }
  XGRAD_SIMD_INLINE void add(int k, const uint8_t* pixels, int32_t weights) {
    const __m128i both = _mm_shuffle_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(pixels)), pair);
    sum[k] = _mm_add_epi32(sum[k], _mm_madd_epi16(both, _mm_set1_epi32(weights)));
  }
  XGRAD_SIMD_INLINE void store(int precision, uint8_t* to) const {
    const __m128i shift = _mm_cvtsi32_si128(precision);
    const auto words = [&](int k) XGRAD_SIMD_LAMBDA {
      return _mm_packs_epi32(_mm_sra_epi32(sum[k], shift), _mm_sra_epi32(sum[k + 1], shift));
    };
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_shuffle_epi8(_mm_packus_epi16(words(0), words(2)), close));
  }
};
#endif

}  // namespace xgrad::kernels::XGRAD_ISA
