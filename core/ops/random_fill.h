// What the files of random ops share: how far integers are exact, and the order in which memory is filled.
// Private to the library.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/core/kernels/random.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

template <class T>
constexpr bool is_floating = !std::is_integral_v<T>;

/// The largest value that random_ without an upper end gives.
template <class T>
constexpr int64_t largest() {
  if constexpr (is_floating<T>)
    return int64_t{1} << kernels::digits<T>();
  else
    return static_cast<int64_t>(std::numeric_limits<T>::max());
}

/// Dimensions from the largest stride to the smallest. A stride of 0 says nothing about the order: its
/// dimension stays.
DimVector memory_order(const Tensor& t);
/// A new tensor like self in shape, and in the order of its dimensions in memory.
Tensor dense_like(const Tensor& self, ScalarType dtype);

}  // namespace xgrad::ops
