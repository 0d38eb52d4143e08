// From a dtype to its C++ type: the one place where code that is written once for all element types chooses
// among them. Private to the library. Sources that are compiled per instruction set use the lists alone, and
// hand out tables of functions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include <xgrad/core/types/dtype.h>

namespace xgrad {

template <class... T>
struct TypeList {
  static constexpr int size = sizeof...(T);
};
template <class... Lists>
struct JoinLists;
template <class List>
struct JoinLists<List> {
  using type = List;
};
template <class... A, class... B, class... Lists>
struct JoinLists<TypeList<A...>, TypeList<B...>, Lists...> : JoinLists<TypeList<A..., B...>, Lists...> {};
template <class... Lists>
using Join = typename JoinLists<Lists...>::type;

/// The C++ types of all dtypes, in the order of XGRAD_DTYPES.
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) , TypeList<T>
using AnyType = Join<TypeList<> XGRAD_DTYPES(XGRAD_DTYPE)>;
#undef XGRAD_DTYPE

namespace detail {
constexpr bool computes_in_itself(ScalarType t) { return compute_type(t) == t; }
template <bool (*condition)(ScalarType), class List>
struct FilterList;
template <bool (*condition)(ScalarType), class... T>
struct FilterList<condition, TypeList<T...>> {
  using type = Join<TypeList<>, std::conditional_t<condition(scalar_type_of<T>), TypeList<T>, TypeList<>>...>;
};
constexpr bool is_number(ScalarType t) { return dtype_info(t).kind > DtypeKind::boolean; }
constexpr bool is_integer(ScalarType t) { return is_integral_type(t, false); }
}  // namespace detail

/// The types that satisfy a condition on their dtype.
template <bool (*condition)(ScalarType), class List = AnyType>
using Filter = typename detail::FilterList<condition, List>::type;

/// Those in which arithmetic is done, and among them numbers; the others are only stored.
using ComputeTypes = Filter<detail::computes_in_itself>;
using Numbers = Filter<detail::is_number, ComputeTypes>;
using ComputeFloats = Filter<is_floating_type, ComputeTypes>;
using Integers = Filter<detail::is_integer>;
using Floats = Filter<is_floating_type>;

/// Throws the TypeError of an op that has no code for `dtype`, but for the others.
[[noreturn]] void fail_dispatch(const char* op, ScalarType dtype, std::initializer_list<ScalarType> others);

namespace detail {
template <class... All, class First, class... Rest, class F>
decltype(auto) dispatch(const char* op, ScalarType dtype, TypeList<All...> all, TypeList<First, Rest...>,
                        F&& f) {
  if (dtype == scalar_type_of<First>) return f.template operator()<First>();
  if constexpr (sizeof...(Rest) > 0)
    return dispatch(op, dtype, all, TypeList<Rest...>{}, f);
  else
    fail_dispatch(op, dtype, {scalar_type_of<All>...});
}
}  // namespace detail
/// f.operator()<T>() with the C++ type T of `dtype`; a TypeError if that is not one of `Types`.
template <class Types, class F>
decltype(auto) dispatch(const char* op, ScalarType dtype, F&& f) {
  return detail::dispatch(op, dtype, Types{}, Types{}, f);
}

/// Memory for one element of any dtype.
template <class List = AnyType>
struct ElementMemory;
template <class... T>
struct ElementMemory<TypeList<T...>> {
  alignas(T...) unsigned char bytes[std::max({sizeof(T)...})];
};
using AnyElement = ElementMemory<>;

namespace detail {
template <class... T>
constexpr bool words_are_enough(TypeList<T...>) {
  return ((sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8) && ...);
}
static_assert(words_are_enough(AnyType{}), "dispatch_word lacks a word as large as a dtype");
}  // namespace detail

/// The same with the unsigned type that is as large as an element, for code that only moves elements.
template <class F>
decltype(auto) dispatch_word(ScalarType dtype, F&& f) {
  switch (element_size(dtype)) {
    case 1:
      return f.template operator()<uint8_t>();
    case 2:
      return f.template operator()<uint16_t>();
    case 4:
      return f.template operator()<uint32_t>();
    default:
      return f.template operator()<uint64_t>();
  }
}

}  // namespace xgrad
