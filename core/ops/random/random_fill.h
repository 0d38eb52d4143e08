// What the files of random ops share: which numbers a dtype holds. Private to the library.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/core/kernels/random/random.h>
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

}  // namespace xgrad::ops
