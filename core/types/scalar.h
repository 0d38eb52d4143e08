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

class Scalar;

namespace detail {
[[noreturn]] XGRAD_API void fail_conversion(const Scalar& value, const char* type);
template <class T>
constexpr const char* number_name() {
  constexpr const char* integers[2][4] = {{"uint8_t", "uint16_t", "uint32_t", "uint64_t"},
                                          {"int8_t", "int16_t", "int", "int64_t"}};
  if constexpr (std::is_integral<T>::value)
    return integers[std::is_signed<T>::value][sizeof(T) == 8 ? 3 : sizeof(T) / 2];
  else
    return std::is_same<T, Half>::value ? "Half" : std::is_same<T, BFloat16>::value ? "BFloat16" : "float";
}
template <class T>
constexpr double largest_number() {
  return std::is_same<T, Half>::value       ? 65504.0
         : std::is_same<T, BFloat16>::value ? 0x1.FEp127
                                            : static_cast<double>((std::numeric_limits<float>::max)());
}
}  // namespace detail

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

  /// The value as T, toward zero for an integer; an Error where T cannot hold it. As in PyTorch a negative
  /// integer wraps around to an unsigned type that holds its negative.
  template <class T>
  T to() const {
    if (__builtin_expect(!fits<T>(), 0)) detail::fail_conversion(*this, detail::number_name<T>());
    return cast<T>();
  }
  /// Whether T can hold it.
  template <class T>
  bool fits() const {
    if constexpr (std::is_same<T, bool>::value || std::is_same<T, double>::value)
      return true;
    else if constexpr (std::is_integral<T>::value)
      return kind_ == Kind::floating ? fits_in_integer<T>(floating_) : fits_in_integer<T>(integer_);
    else if (kind_ == Kind::floating && !std::isfinite(floating_))
      return true;
    else
      return std::fabs(cast<double>()) <= detail::largest_number<T>();
  }
  /// The value as T without a question: integers wrap around, what is too large for a floating T is infinite.
  /// Of NaN and of what 64 bits do not hold, an integer is the smallest.
  template <class T>
  T cast() const {
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
  int16_t toShort() const { return to<int16_t>(); }
  int8_t toChar() const { return to<int8_t>(); }
  uint8_t toByte() const { return to<uint8_t>(); }
  Half toHalf() const { return to<Half>(); }
  BFloat16 toBFloat16() const { return to<BFloat16>(); }
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

  template <class T>
  static bool fits_in_integer(double v) {
    // 2^digits, the first number above; NaN is below nothing.
    return v >= static_cast<double>((std::numeric_limits<T>::min)()) &&
           v < std::ldexp(1.0, std::numeric_limits<T>::digits);
  }
  template <class T>
  static bool fits_in_integer(int64_t v) {
    if constexpr (std::is_signed<T>::value) return v == static_cast<int64_t>(static_cast<T>(v));
    const uint64_t magnitude = v < 0 ? -static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
    return magnitude <= (std::numeric_limits<T>::max)();
  }
  // A conversion out of range is undefined in C++.
  template <class T>
  static T from_double(double v) {
    if (!(v > -9.3e18 && v < 9.2233720368547748e18))
      return static_cast<T>((std::numeric_limits<int64_t>::min)());
    return static_cast<T>(static_cast<int64_t>(v));
  }

  Kind kind_ = Kind::integer;
  union {
    int64_t integer_;
    double floating_;
  };
};

namespace detail {
XGRAD_API void check_number(const char* op, const Scalar& value, ScalarType t);
}

/// Throws an Error that names `op` unless a tensor of dtype `t` can be filled with the number. (The 16-bit
/// floating types take as infinity what is too large.)
inline void check_number(const char* op, const Scalar& value, ScalarType t) {
  if (value.isFloatingPoint() || !is_floating_type(t)) detail::check_number(op, value, t);
}

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
