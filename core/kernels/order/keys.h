// Elements as unsigned integers of the same order, and a line of them as words to sort. Private to this
// folder.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

template <class T>
inline constexpr bool is_float = is_floating_type(scalar_type_of<T>);

template <class T>
bool is_nan(T v) {
  if constexpr (is_float<T>)
    return std::isnan(static_cast<std::conditional_t<std::is_same_v<T, double>, double, float>>(v));
  else
    return false;
}

template <class T>
using KeyOf = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;
/// The unsigned integer as large as an element.
template <class T>
using WordOf = std::conditional_t<
    sizeof(T) == 8, uint64_t,
    std::conditional_t<sizeof(T) == 4, uint32_t, std::conditional_t<sizeof(T) == 2, uint16_t, uint8_t>>>;
template <class T>
inline constexpr auto kSign = static_cast<WordOf<T>>(WordOf<T>{1} << (8 * sizeof(T) - 1));
template <class T>
inline constexpr WordOf<T> kAll = std::numeric_limits<WordOf<T>>::max();

/// Equal values have equal keys, and so have all NaNs: the largest one.
template <class T>
KeyOf<T> key_of(T v) {
  using Word = WordOf<T>;
  const Word bits = std::bit_cast<Word>(v);
  if constexpr (is_float<T>) {
    const Word positive = bits == kSign<T> ? Word{0} : bits;                   // -0 is 0
    const auto below = static_cast<Word>(-(positive >> (8 * sizeof(T) - 1)));  // all bits or none: no branch
    const auto ordered = static_cast<Word>(positive ^ (below | kSign<T>));
    return is_nan(v) ? kAll<T> : ordered;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Word>(bits ^ kSign<T>);
  } else {
    return bits;
  }
}

/// The value with a key, where no other has the same one.
template <class T>
T value_of(KeyOf<T> key) {
  const auto word = static_cast<WordOf<T>>(key);
  if constexpr (is_float<T>)
    return std::bit_cast<T>(static_cast<WordOf<T>>(word ^ (word & kSign<T> ? kSign<T> : kAll<T>)));
  else if constexpr (std::is_signed_v<T>)
    return std::bit_cast<T>(static_cast<WordOf<T>>(word ^ kSign<T>));
  else
    return std::bit_cast<T>(word);
}
template <class T>
bool is_unique(KeyOf<T> key) {
  return !is_float<T> || (static_cast<WordOf<T>>(key) != kSign<T> && static_cast<WordOf<T>>(key) != kAll<T>);
}

/// The elements of a line by their keys, ascending or descending. Lines are sorted as words that hold 32 bits
/// of the key, then the index: all of it or, of 64 bits, the highest ones of what it is above the least key.
/// Where such keys may be equal while elements are not, `exact` is false, and `less` decides.
template <class T>
class Keys {
 public:
  static constexpr bool kWide = sizeof(T) == 8;

  /// Without a look at them, the keys may be any until `lie_between` says more.
  Keys(const T* in, int64_t step, int64_t size, bool descending, bool look = true)
      : in_(in), step_(step), size_(size), flip_(descending ? ~KeyOf<T>{0} : KeyOf<T>{0}) {
    if constexpr (kWide) {
      uint64_t least = look ? kAll<T> : 0, most = ~least;
      for (int64_t i = 0; look && i < size; ++i) {
        const uint64_t key = (*this)[i];
        least = std::min(least, key);
        most = std::max(most, key);
      }
      lie_between(least, most);
    }
  }
  void lie_between(uint64_t least, uint64_t most) {
    least_ = least;
    shift_ = std::max(0, 32 - std::countl_zero(most - least));
  }

  KeyOf<T> operator[](int64_t i) const { return key_of(in_[i * step_]) ^ flip_; }
  T value(uint64_t word) const {
    if constexpr (!kWide)
      if (is_unique<T>(high(word) ^ flip_)) return value_of<T>(high(word) ^ flip_);
    return in_[index(word) * step_];
  }
  static int64_t index(uint64_t word) { return static_cast<int64_t>(word & UINT32_MAX); }
  static uint32_t high(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
  int64_t size() const { return size_; }
  bool exact() const { return !kWide || shift_ == 0; }
  /// How many bits of the upper half of a word may differ.
  static constexpr int bits() { return kWide ? 32 : static_cast<int>(8 * sizeof(T)); }

  uint64_t word(int64_t i) const { return word(i, (*this)[i]); }
  uint64_t word(int64_t i, KeyOf<T> key) const {
    if constexpr (kWide) key = static_cast<uint32_t>((key - least_) >> shift_);
    return uint64_t{key} << 32 | static_cast<uint64_t>(i);
  }
  /// The word with the lowest bits of the key.
  uint64_t low_word(int64_t i) const {
    return uint64_t{static_cast<uint32_t>((*this)[i] - least_)} << 32 | static_cast<uint64_t>(i);
  }
  /// What a selection compares: the word, or a key of 64 bits by itself.
  uint64_t rank(int64_t i) const {
    if constexpr (kWide)
      return (*this)[i];
    else
      return word(i);
  }
  void write(uint64_t* words) const {
    for (int64_t i = 0; i < size_; ++i) words[i] = word(i);
  }
  bool less(uint64_t a, uint64_t b) const {
    if (exact() || high(a) != high(b)) return a < b;
    const auto x = (*this)[index(a)], y = (*this)[index(b)];
    return x != y ? x < y : a < b;
  }

  /// The first index from i on whose element may come before one with this key.
  int64_t skip(int64_t i, KeyOf<T> key) const {
    const T bound = value_of<T>(key ^ flip_);
    if constexpr (std::is_arithmetic_v<T>)
      if (step_ == 1)
        return flip_ ? skip(i, [bound](T v) { return !(v <= bound); })
                     : skip(i, [bound](T v) { return !(v >= bound); });
    return i;
  }

 private:
  // The first element that `may` come before, looked for in blocks where registers compare (SSE2 has no such
  // instruction for 64 bits).
  template <class May>
  int64_t skip(int64_t i, const May& may) const {
    constexpr int64_t kBlock = 16;
    for (; !(std::is_integral_v<T> && kWide) && i + kBlock <= size_; i += kBlock) {
      WordOf<T> any = 0;  // as wide as an element, or the compiler makes no registers of it
      for (int64_t j = 0; j < kBlock; ++j) any |= static_cast<WordOf<T>>(may(in_[i + j]));
      if (any != 0) break;
    }
    while (i < size_ && !may(in_[i])) ++i;
    return i;
  }

  const T* in_;
  int64_t step_, size_;
  KeyOf<T> flip_;
  uint64_t least_ = 0;
  int shift_ = 0;
};

}  // namespace xgrad::kernels
