// From a dtype to its C++ type: the one place where code that is written once for all element types chooses
// among them. Private to the library, and not for sources that are compiled per instruction set: those hand
// out tables of functions.
#pragma once

#include <cstdint>
#include <initializer_list>

#include <xgrad/core/types/dtype.h>

namespace xgrad {

template <class... T>
struct TypeList {};
template <class A, class B>
struct JoinLists;
template <class... A, class... B>
struct JoinLists<TypeList<A...>, TypeList<B...>> {
  using type = TypeList<A..., B...>;
};
template <class A, class B>
using Join = typename JoinLists<A, B>::type;

/// The dtypes in which arithmetic is done, and those that are only stored. The likeliest come first.
using ComputeFloats = TypeList<float, double>;
using Integers = TypeList<int64_t, int32_t, int16_t, int8_t, uint8_t>;
using Floats = Join<ComputeFloats, TypeList<Half, BFloat16>>;
using Numbers = Join<ComputeFloats, Integers>;
using AnyType = Join<Join<Floats, Integers>, TypeList<bool>>;

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
