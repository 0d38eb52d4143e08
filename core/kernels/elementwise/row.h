// A row kernel: one reading of a formula over n consecutive elements.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/elementwise/formula.h>
#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// out[0][k], out[1][k], ... = reading(in[0][k], in[1][k], ...). Where step[i] is 0, in[i] is one value for
/// all k. A result may be an input, element for element.
using RowFn = void (*)(const void* formula, void* const* out, const void* const* in, const uint8_t* step,
                       int64_t n);

inline constexpr int kMaxInputs = 8, kMaxResults = 8, kMaxSlots = kMaxInputs + kMaxResults;

/// How a reading sees its arrays, the inputs and then the results: in which dtype, where that is not the one
/// in which it computes (Undefined).
struct RowSlots {
  uint8_t inputs = 0, results = 0;
  ScalarType types[kMaxSlots] = {};

  ScalarType type(int slot, ScalarType compute) const {
    return types[slot] == ScalarType::Undefined ? compute : types[slot];
  }
};

template <class T>
inline constexpr ScalarType slot_type = scalar_type_of<T>;
template <>
inline constexpr ScalarType slot_type<Same> = ScalarType::Undefined;

template <class... In, class... Out>
constexpr RowSlots row_slots(Slots<In...>, Slots<Out...>) {
  static_assert(sizeof...(In) <= kMaxInputs && sizeof...(Out) <= kMaxResults);
  return {sizeof...(In), sizeof...(Out), {slot_type<In>..., slot_type<Out>...}};
}

template <class F, int R>
constexpr RowSlots reading_slots() {
  using Reading = xgrad::detail::ReadingSlots<F, R>;
  if constexpr (xgrad::detail::has_reading<F, R>())
    return row_slots(typename Reading::inputs{}, typename Reading::outputs{});
  else
    return {};
}
/// The slots of each reading of F.
template <class F, class = std::make_integer_sequence<int, xgrad::detail::reading_count<F>()>>
struct FormulaSlots;
template <class F, int... R>
struct FormulaSlots<F, std::integer_sequence<int, R...>> {
  static constexpr RowSlots readings[] = {reading_slots<F, R>()...};
};

/// Kernels by dtype, in the order of XGRAD_DTYPES; those that are only stored have none.
inline constexpr int kRowTypes = kDtypeCount;
constexpr int row_type(ScalarType t) { return dtype_info(t).index; }

/// Where in the table of a list the kernels of F begin: [formula][reading][dtype].
template <class F, class... G>
constexpr int row_place(OpList<G...>) {
  int place = 0;
  (void)((std::is_same_v<F, G> ? true : (place += xgrad::detail::reading_count<G>() * kRowTypes, false)) ||
         ...);
  return place;
}
template <class... G>
constexpr int row_count(OpList<G...>) {
  return (0 + ... + xgrad::detail::reading_count<G>()) * kRowTypes;
}

}  // namespace xgrad::kernels
