// Words put into another order within registers: what the compiler makes no good code for. Any type is moved
// as bits. Plain loops where the processor is of another family.
#pragma once

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define XGRAD_HAS_SHUFFLE 1
#endif

namespace xgrad::kernels {

#ifdef XGRAD_HAS_SHUFFLE
namespace detail {
inline __m128i load_words(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
inline void store_words(void* p, __m128i v) { _mm_storeu_si128(static_cast<__m128i*>(p), v); }
}  // namespace detail
#endif

/// to[j * to_step + i] = from[i * from_step + j] for i, j < side, which is a multiple of 4.
template <int64_t side, class Word>
inline void turn(Word* to, int64_t to_step, const Word* from, int64_t from_step) {
#ifdef XGRAD_HAS_SHUFFLE
  using detail::load_words, detail::store_words;
  if constexpr (sizeof(Word) == 4) {
    for (int64_t j = 0; j < side; j += 4)
      for (int64_t i = 0; i < side; i += 4) {
        const Word* p = from + i * from_step + j;
        Word* q = to + j * to_step + i;
        const __m128i a = load_words(p), b = load_words(p + from_step);
        const __m128i c = load_words(p + 2 * from_step), d = load_words(p + 3 * from_step);
        const __m128i low_ab = _mm_unpacklo_epi32(a, b), low_cd = _mm_unpacklo_epi32(c, d);
        const __m128i high_ab = _mm_unpackhi_epi32(a, b), high_cd = _mm_unpackhi_epi32(c, d);
        store_words(q, _mm_unpacklo_epi64(low_ab, low_cd));
        store_words(q + to_step, _mm_unpackhi_epi64(low_ab, low_cd));
        store_words(q + 2 * to_step, _mm_unpacklo_epi64(high_ab, high_cd));
        store_words(q + 3 * to_step, _mm_unpackhi_epi64(high_ab, high_cd));
      }
    return;
  } else if constexpr (sizeof(Word) == 8) {
    for (int64_t j = 0; j < side; j += 2)
      for (int64_t i = 0; i < side; i += 2) {
        const Word* p = from + i * from_step + j;
        Word* q = to + j * to_step + i;
        const __m128i a = load_words(p), b = load_words(p + from_step);
        store_words(q, _mm_unpacklo_epi64(a, b));
        store_words(q + to_step, _mm_unpackhi_epi64(a, b));
      }
    return;
  }
#endif
  for (int64_t j = 0; j < side; ++j)
    for (int64_t i = 0; i < side; ++i) to[j * to_step + i] = from[i * from_step + j];
}

/// to[i] = from[n - 1 - i] for i < n.
template <class Word>
inline void reverse(Word* to, const Word* from, int64_t n) {
  int64_t i = 0;
#ifdef XGRAD_HAS_SHUFFLE
  using detail::load_words, detail::store_words;
  if constexpr (sizeof(Word) <= 8) {
    constexpr int64_t step = 16 / sizeof(Word);
    for (; i + step <= n; i += step) {
      __m128i v = load_words(from + (n - i - step));
      if constexpr (sizeof(Word) == 1) v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
      if constexpr (sizeof(Word) <= 2)
        v = _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, _MM_SHUFFLE(0, 1, 2, 3)), _MM_SHUFFLE(0, 1, 2, 3));
      v = _mm_shuffle_epi32(v, sizeof(Word) == 4 ? _MM_SHUFFLE(0, 1, 2, 3) : _MM_SHUFFLE(1, 0, 3, 2));
      store_words(to + i, v);
    }
  }
#endif
  for (; i < n; ++i) to[i] = from[n - 1 - i];
}

/// to[i] = from[2 * i] for i < n.
template <class Word>
inline void every_second(Word* to, const Word* from, int64_t n) {
  int64_t i = 0;
#ifdef XGRAD_HAS_SHUFFLE
  using detail::load_words, detail::store_words;
  if constexpr (sizeof(Word) == 4)
    for (; i + 4 < n; i += 4) {  // the last element ends what may be read
      const __m128 a = _mm_castsi128_ps(load_words(from + 2 * i));
      const __m128 b = _mm_castsi128_ps(load_words(from + 2 * i + 4));
      store_words(to + i, _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0))));
    }
#endif
  for (; i < n; ++i) to[i] = from[2 * i];
}

}  // namespace xgrad::kernels
