// Which types are stored in 16 bits and computed as floats. No inline function: files of every instruction
// set include it.
#pragma once

#include <type_traits>

#include <xgrad/core/types/half.h>

namespace xgrad::kernels {

template <class T>
inline constexpr bool is_half = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;

}  // namespace xgrad::kernels
