// One element to another dtype, for the loops of convert.cpp and convert_isa.cpp: in a namespace without a
// name, so that none shares its code with another instruction set's.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/types/half.h>

namespace xgrad::kernels {
namespace {

template <class T>
constexpr bool kIsInteger = std::is_integral_v<T>;

// What cvttss2si and its kin do: no undefined behaviour, and the smallest value for NaN and whatever does not
// fit. Clamping before the conversion keeps the loop free of branches.
template <class I, class F>
inline I truncate(F value) {
  constexpr F low = sizeof(I) == 8 ? F(-9223372036854775808.0) : F(-2147483648.0);
  return static_cast<I>(value >= low && value < -low ? value : low);
}

template <class D, class S>
inline D cast(S value) {
  if constexpr (is_half<S> && std::is_same_v<D, bool>)
    return (value.x & 0x7fff) != 0;
  else if constexpr (is_half<S>)
    return cast<D>(static_cast<float>(value));
  else if constexpr (std::is_same_v<D, bool> && sizeof(S) == 8) {
    const auto bits = __builtin_bit_cast(uint64_t, value) << (std::is_same_v<S, double> ? 1 : 0);  // no sign
#if defined(__SSE2__) && !defined(__AVX2__)
    // As halves: SSE2 compares no 64 bits.
    return (static_cast<uint32_t>(bits >> 32) | static_cast<uint32_t>(bits)) != 0;
#else
    return bits != 0;
#endif
  } else if constexpr (std::is_same_v<D, bool>)
    return value != S(0);
  else if constexpr (kIsInteger<D> && !kIsInteger<S>) {
    // The low byte of a float beyond 32 bits is zero, as it is of the number that stands for what does not
    // fit.
    constexpr bool wide = sizeof(D) == 8 || (std::is_same_v<D, uint8_t> && sizeof(S) == 8);
    using Wide = std::conditional_t<wide, int64_t, int32_t>;
    return static_cast<D>(truncate<Wide>(value));
  } else if constexpr (std::is_same_v<D, Half> || std::is_same_v<D, BFloat16>)
    return D(static_cast<float>(value));
  else
    return static_cast<D>(value);
}

}  // namespace
}  // namespace xgrad::kernels
