// Few words copied, and words put into another order within registers: what the compiler makes no good code
// for. Any type is moved as bits. Plain loops where the processor is of another family.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define XGRAD_HAS_SHUFFLE 1
#endif

namespace xgrad::kernels {

#ifdef XGRAD_HAS_SHUFFLE
namespace detail {

inline __m128i load_words(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
inline void store_words(void* p, __m128i v) { _mm_storeu_si128(static_cast<__m128i*>(p), v); }

// A row of a block: as many bytes as it has.
template <int64_t bytes>
inline __m128i load_row(const void* p) {
  if constexpr (bytes == 16) return load_words(p);
  if constexpr (bytes == 8) return _mm_loadl_epi64(static_cast<const __m128i*>(p));
  int32_t four;
  std::memcpy(&four, p, 4);
  return _mm_cvtsi32_si128(four);
}
template <int64_t bytes>
inline void store_row(void* p, __m128i v) {
  if constexpr (bytes == 16) return store_words(p, v);
  if constexpr (bytes == 8) return _mm_storel_epi64(static_cast<__m128i*>(p), v);
  const int32_t four = _mm_cvtsi128_si32(v);
  std::memcpy(p, &four, 4);
}

// The first or the last words of a and b, one of each in turn.
template <int64_t bytes>
inline __m128i interleave(bool last, __m128i a, __m128i b) {
  if constexpr (bytes == 1) return last ? _mm_unpackhi_epi8(a, b) : _mm_unpacklo_epi8(a, b);
  if constexpr (bytes == 2) return last ? _mm_unpackhi_epi16(a, b) : _mm_unpacklo_epi16(a, b);
  if constexpr (bytes == 4) return last ? _mm_unpackhi_epi32(a, b) : _mm_unpacklo_epi32(a, b);
  return last ? _mm_unpackhi_epi64(a, b) : _mm_unpacklo_epi64(a, b);
}

// The words from the last to the first.
template <int64_t bytes>
inline __m128i reversed(__m128i v) {
  if constexpr (bytes == 1) v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
  if constexpr (bytes <= 2)
    v = _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, _MM_SHUFFLE(0, 1, 2, 3)), _MM_SHUFFLE(0, 1, 2, 3));
  return _mm_shuffle_epi32(v, bytes == 4 ? _MM_SHUFFLE(0, 1, 2, 3) : _MM_SHUFFLE(1, 0, 3, 2));
}

template <int64_t n>
struct Registers {
  __m128i v[n];
};

// Words of the first half of all, and of the second half, in turn; so for registers of which only the first
// half is in use, which become half as many.
template <int64_t bytes, int64_t n>
inline Registers<n> shuffled(const Registers<n>& r) {
  Registers<n> to;
#pragma GCC unroll 8
  for (int64_t i = 0; i < n / 2; ++i) {
    to.v[2 * i] = interleave<bytes>(false, r.v[i], r.v[i + n / 2]);
    to.v[2 * i + 1] = interleave<bytes>(true, r.v[i], r.v[i + n / 2]);
  }
  return to;
}
template <int64_t bytes, int64_t n>
inline Registers<n / 2> joined(const Registers<n>& r) {
  Registers<n / 2> to;
#pragma GCC unroll 8
  for (int64_t i = 0; i < n / 2; ++i) to.v[i] = interleave<bytes>(false, r.v[i], r.v[i + n / 2]);
  return to;
}

// Rows become columns when words were shuffled as often as their number in a row can be halved.
template <int64_t bytes, int64_t words, int64_t n>
inline Registers<n> turned(const Registers<n>& r) {
  if constexpr (words == 1)
    return r;
  else
    return turned<bytes, words / 2>(shuffled<bytes>(r));
}
template <int64_t side, int64_t bytes>
inline void turn_block(char* to, int64_t to_step, const char* from, int64_t from_step) {
  constexpr int64_t row = side * bytes;
  Registers<side> r;
#pragma GCC unroll 8
  for (int64_t i = 0; i < side; ++i) r.v[i] = load_row<row>(from + i * from_step);
  if constexpr (row == 16) {
    r = turned<bytes, side>(r);
#pragma GCC unroll 8
    for (int64_t i = 0; i < side; ++i) store_words(to + i * to_step, r.v[i]);
  } else if constexpr (row == 8) {
    const auto pairs = turned<bytes, side / 2>(joined<bytes>(r));
#pragma GCC unroll 8
    for (int64_t i = 0; i < side; i += 2) {
      store_row<8>(to + i * to_step, pairs.v[i / 2]);
      store_row<8>(to + (i + 1) * to_step, _mm_unpackhi_epi64(pairs.v[i / 2], pairs.v[i / 2]));
    }
  } else {
    __m128i all = joined<bytes>(joined<bytes>(r)).v[0];
#pragma GCC unroll 4
    for (int64_t i = 0; i < side; ++i, all = _mm_srli_si128(all, row)) store_row<row>(to + i * to_step, all);
  }
}

}  // namespace detail
#endif

/// to[j * to_step + i] = from[i * from_step + j] for i < rows and j < columns, of which there are 4 at least.
/// What the ends of rows and columns leave of a block is written twice.
template <class Word>
inline void turn(Word* to, int64_t to_step, const Word* from, int64_t from_step, int64_t rows,
                 int64_t columns) {
#ifdef XGRAD_HAS_SHUFFLE
  constexpr int64_t bytes = sizeof(Word);
  const auto blocks = [&]<int64_t side>(std::integral_constant<int64_t, side>) {
    for (int64_t j = 0; j < columns; j += side)
      for (int64_t i = 0, at = std::min(j, columns - side); i < rows; i += side) {
        const int64_t row = std::min(i, rows - side);
        detail::turn_block<side, bytes>(reinterpret_cast<char*>(to + at * to_step + row), to_step * bytes,
                                        reinterpret_cast<const char*>(from + row * from_step + at),
                                        from_step * bytes);
      }
  };
  if constexpr (bytes <= 2)
    if (rows >= 8 && columns >= 8) return blocks(std::integral_constant<int64_t, 8>{});
  constexpr int64_t side = bytes == 8 ? 2 : 4;
  blocks(std::integral_constant<int64_t, side>{});
#else
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t i = 0; i < rows; ++i) to[j * to_step + i] = from[i * from_step + j];
#endif
}

/// to[n - 1 - i] = from[i] for i < n. Read forwards, which the processor foresees; what is left of a block of
/// four registers, or of one, is written twice.
template <class Word>
inline void reverse(Word* to, const Word* from, int64_t n) {
#ifdef XGRAD_HAS_SHUFFLE
  if constexpr (sizeof(Word) <= 8) {
    constexpr int64_t step = 16 / sizeof(Word);
    const auto blocks = [=]<int64_t count>(std::integral_constant<int64_t, count>) {
      constexpr int64_t width = step * count;
      for (int64_t i = 0; i < n; i += width) {
        const Word* const p = from + std::min(i, n - width);
        Word* const last = to + n - (p - from) - step;
        detail::Registers<count> r;
#pragma GCC unroll 4
        for (int64_t k = 0; k < count; ++k)
          r.v[k] = detail::reversed<sizeof(Word)>(detail::load_words(p + k * step));
#pragma GCC unroll 4
        for (int64_t k = 0; k < count; ++k) detail::store_words(last - k * step, r.v[k]);
      }
    };
    if (n >= 4 * step) return blocks(std::integral_constant<int64_t, 4>{});
    if (n >= step) return blocks(std::integral_constant<int64_t, 1>{});
  }
#endif
  for (int64_t i = 0; i < n; ++i) to[n - 1 - i] = from[i];
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

/// to[i] = from[i] for i < n, which are few: in blocks, the last of which lies over the one before.
template <class T>
[[gnu::always_inline]] inline void copy_few(T* to, const T* from, int64_t n) {
  constexpr int64_t block = std::max<int64_t>(16 / sizeof(T), 1), half = std::max<int64_t>(block / 2, 1);
  const auto copy = [&]<int64_t size>(int64_t at, std::integral_constant<int64_t, size>) {
    std::memcpy(to + at, from + at, size * sizeof(T));
  };
  if (n < half) {
    for (int64_t k = 0; k < n; ++k) to[k] = from[k];
  } else if (n < block) {
    copy(0, std::integral_constant<int64_t, half>{});
    copy(n - half, std::integral_constant<int64_t, half>{});
  } else {
    for (int64_t k = 0; k < n - block; k += block) copy(k, std::integral_constant<int64_t, block>{});
    copy(n - block, std::integral_constant<int64_t, block>{});
  }
}

}  // namespace xgrad::kernels
