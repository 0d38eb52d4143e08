// A number that remembers whether it is a bool, an integer or a floating value.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <xgrad/core/types/dtype.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

/// What an op takes where Python takes a plain number. The kind matters for type promotion (`2` and `2.0`
/// differ).
class Scalar {
 public:
  constexpr Scalar() : Scalar(int64_t{0}) {}
  template <class T, std::enable_if_t<std::is_arithmetic<T>::value, int> = 0>
  constexpr Scalar(T value) {
    if constexpr (std::is_same<T, bool>::value) {
      kind_ = Kind::boolean;
      integer_ = value;
    } else if constexpr (std::is_integral<T>::value) {
      kind_ = Kind::integer;
      integer_ = static_cast<int64_t>(value);
    } else {
      kind_ = Kind::floating;
      floating_ = static_cast<double>(value);
    }
  }
  Scalar(Half h) : Scalar(static_cast<double>(static_cast<float>(h))) {}
  Scalar(BFloat16 h) : Scalar(static_cast<double>(static_cast<float>(h))) {}

  constexpr bool isFloatingPoint() const { return kind_ == Kind::floating; }
  constexpr bool isIntegral(bool include_bool) const {
    return kind_ == Kind::integer || (include_bool && kind_ == Kind::boolean);
  }
  constexpr bool isBoolean() const { return kind_ == Kind::boolean; }
  /// Double, Long or Bool.
  constexpr ScalarType type() const {
    return kind_ == Kind::floating  ? ScalarType::Double
           : kind_ == Kind::integer ? ScalarType::Long
                                    : ScalarType::Bool;
  }

  /// The value as T; a floating value is truncated when T is an integer.
  template <class T>
  T to() const {
    if constexpr (std::is_same<T, bool>::value)
      return kind_ == Kind::floating ? floating_ != 0.0 : integer_ != 0;
    else if constexpr (std::is_integral<T>::value)
      return kind_ == Kind::floating ? from_double<T>(floating_) : static_cast<T>(integer_);
    else if constexpr (std::is_same<T, Half>::value || std::is_same<T, BFloat16>::value)
      return T(kind_ == Kind::floating ? static_cast<float>(floating_) : static_cast<float>(integer_));
    else
      return kind_ == Kind::floating ? static_cast<T>(floating_) : static_cast<T>(integer_);
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }

  bool equal(const Scalar& o) const {
    return isFloatingPoint() || o.isFloatingPoint() ? toDouble() == o.toDouble() : integer_ == o.integer_;
  }
  Scalar operator-() const {
    return isFloatingPoint() ? Scalar(-floating_)
                             : Scalar(static_cast<int64_t>(-static_cast<uint64_t>(integer_)));
  }

 private:
  enum class Kind : uint8_t { integer, floating, boolean };

  // A conversion out of range is undefined in C++: NaN and whatever does not fit becomes the smallest value.
  template <class T>
  static T from_double(double v) {
    if (!(v > -9.3e18 && v < 9.2233720368547748e18))
      return static_cast<T>(std::numeric_limits<int64_t>::min());
    return static_cast<T>(static_cast<int64_t>(v));
  }

  Kind kind_ = Kind::integer;
  union {
    int64_t integer_;
    double floating_;
  };
};

/// The number as text, for errors.
inline void append(std::string& s, const Scalar& v) {
  if (v.isBoolean())
    s += v.toBool() ? "True" : "False";
  else if (v.isFloatingPoint())
    s += std::to_string(v.toDouble());
  else
    s += std::to_string(v.toLong());
}

}  // namespace xgrad
