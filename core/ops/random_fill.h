// What the files of random ops share: dtypes, and the order in which memory is filled. Private to the
// library.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// Calls f with a value of the dtype's C++ type; other dtypes are a TypeError.
template <class F>
void with_floating(const char* op, ScalarType t, F&& f) {
  switch (t) {
    case ScalarType::Float:
      return f(float{});
    case ScalarType::Double:
      return f(double{});
    case ScalarType::Half:
      return f(Half{});
    case ScalarType::BFloat16:
      return f(BFloat16{});
    default:
      fail<TypeError>(op, ": only defined for floating dtypes: self is ", t, "; convert it with to(kFloat)");
  }
}

template <class F>
void with_any(const char* op, ScalarType t, F&& f) {
  switch (t) {
    case ScalarType::Bool:
      return f(bool{});
    case ScalarType::Byte:
      return f(uint8_t{});
    case ScalarType::Char:
      return f(int8_t{});
    case ScalarType::Short:
      return f(int16_t{});
    case ScalarType::Int:
      return f(int32_t{});
    case ScalarType::Long:
      return f(int64_t{});
    default:
      return with_floating(op, t, f);
  }
}

template <class T>
constexpr bool is_floating = !std::is_integral_v<T>;

/// Up to 2^digits all integers are exact.
template <class T>
constexpr int digits() {
  if constexpr (std::is_same_v<T, Half>)
    return 11;
  else if constexpr (std::is_same_v<T, BFloat16>)
    return 8;
  else
    return std::numeric_limits<T>::digits;
}

/// The largest value that random_ without an upper end gives.
template <class T>
constexpr int64_t largest() {
  if constexpr (is_floating<T>)
    return int64_t{1} << digits<T>();
  else
    return static_cast<int64_t>(std::numeric_limits<T>::max());
}

/// Dimensions from the largest stride to the smallest. A stride of 0 says nothing about the order: its
/// dimension stays.
DimVector memory_order(const Tensor& t);
/// A new tensor like self in shape, and in the order of its dimensions in memory.
Tensor dense_like(const Tensor& self, ScalarType dtype);

}  // namespace xgrad::ops
