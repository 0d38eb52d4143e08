// The conversions whose loops are compiled once per instruction set: those of which wider registers make more
// than memory takes.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {

/// n elements side by side.
using ConvertRunFn = void (*)(void* to, const void* from, int64_t n);

template <class D, class S>
struct Conversion {};
using WideConversions =
    TypeList<Conversion<float, Half>, Conversion<Half, float>, Conversion<float, BFloat16>,
             Conversion<BFloat16, float>, Conversion<float, double>, Conversion<float, int64_t>,
             Conversion<double, int64_t>, Conversion<int64_t, float>, Conversion<int64_t, double>,
             Conversion<int32_t, float>, Conversion<int32_t, double>, Conversion<bool, float>,
             Conversion<bool, double>, Conversion<bool, int32_t>, Conversion<bool, int64_t>>;

namespace detail {
template <class C, class... All>
constexpr int place_in(TypeList<All...>) {
  int place = 0;
  return ((std::is_same_v<C, All> || (++place, false)) || ...) ? place : -1;
}
}  // namespace detail

/// The place of the conversion from S to D in the list; negative if it is not there.
template <class D, class S>
inline constexpr int wide_conversion = detail::place_in<Conversion<D, S>>(WideConversions{});

}  // namespace xgrad::kernels
