// Elements as unsigned integers of the same order, and a line of them as words to sort. Private to this
// folder.
#pragma once

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

/// Equal values have equal keys, and so have all NaNs: the largest one.
template <class T>
KeyOf<T> key_of(T v) {
  using Word = std::conditional_t<
      sizeof(T) == 8, uint64_t,
      std::conditional_t<sizeof(T) == 4, uint32_t, std::conditional_t<sizeof(T) == 2, uint16_t, uint8_t>>>;
  constexpr auto sign = static_cast<Word>(Word{1} << (8 * sizeof(T) - 1));
  constexpr Word all = std::numeric_limits<Word>::max();
  const Word bits = std::bit_cast<Word>(v);
  if constexpr (is_float<T>) {
    const Word positive = bits == sign ? Word{0} : bits;  // -0 is 0
    const auto ordered = static_cast<Word>(positive ^ (positive & sign ? all : sign));
    return is_nan(v) ? all : ordered;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Word>(bits ^ sign);
  } else {
    return bits;
  }
}

/// The elements of a line by their keys, ascending or descending. Lines are sorted as words that hold 32 bits
/// of the key, then the index: all of it or, of 64 bits, those from the highest one that differs. Where such
/// keys may be equal while elements are not, `exact` is false, and `less` decides.
template <class T>
class Keys {
 public:
  Keys(const T* in, int64_t step, int64_t size, bool descending)
      : in_(in), step_(step), size_(size), flip_(descending ? ~KeyOf<T>{0} : KeyOf<T>{0}) {
    if constexpr (sizeof(T) == 8) {
      uint64_t differ = 0;
      const uint64_t first = size > 0 ? (*this)[0] : 0;
      for (int64_t i = 0; i < size; ++i) differ |= (*this)[i] ^ first;
      shift_ = std::max(0, 32 - std::countl_zero(differ));
    }
  }

  KeyOf<T> operator[](int64_t i) const { return key_of(in_[i * step_]) ^ flip_; }
  T value(uint64_t word) const { return in_[index(word) * step_]; }
  static int64_t index(uint64_t word) { return static_cast<int64_t>(word & UINT32_MAX); }
  static uint32_t high(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
  int64_t size() const { return size_; }
  bool exact() const { return shift_ == 0; }

  uint64_t word(int64_t i) const {
    return uint64_t{static_cast<uint32_t>((*this)[i] >> shift_)} << 32 | static_cast<uint64_t>(i);
  }
  void write(uint64_t* words) const {
    for (int64_t i = 0; i < size_; ++i) words[i] = word(i);
  }
  bool less(uint64_t a, uint64_t b) const {
    if (exact() || high(a) != high(b)) return a < b;
    const auto x = (*this)[index(a)], y = (*this)[index(b)];
    return x != y ? x < y : a < b;
  }

 private:
  const T* in_;
  int64_t step_, size_;
  KeyOf<T> flip_;
  int shift_ = 0;
};

}  // namespace xgrad::kernels
