// Structs whose fields can be walked: options, and what an optimizer keeps for a parameter. A struct states
// the list; its text, saving, restoring and equality follow from it.
#pragma once

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <xgrad/core/tensor/ivalue.h>
#include <xgrad/core/types/arg.h>

/// The list, behind the last XGRAD_ARG of a struct: `XGRAD_FIELDS(lr_, momentum_);`. A program pays for the
/// tuple of a struct only where it walks one: `N` makes the tuple depend on the call.
#define XGRAD_FIELDS(...)                                            \
 public:                                                             \
  template <int N = 0>                                               \
  auto fields() noexcept {                                           \
    return ::xgrad::detail::tie_fields<N>(__VA_ARGS__);              \
  }                                                                  \
  template <int N = 0>                                               \
  auto fields() const noexcept {                                     \
    return ::xgrad::detail::tie_fields<N>(__VA_ARGS__);              \
  }                                                                  \
  static const char* field_names() noexcept { return #__VA_ARGS__; } \
  template <class Same>                                              \
  bool operator==(const Same& other) const {                         \
    return ::xgrad::detail::same_fields(*this, other);               \
  }                                                                  \
  template <class Same>                                              \
  bool operator!=(const Same& other) const {                         \
    return !(*this == other);                                        \
  }                                                                  \
  static_assert(true)

namespace xgrad {

namespace detail {

template <int, class... T>
std::tuple<T&...> tie_fields(T&... fields) noexcept {
  return {fields...};
}

template <class A, class B>
bool same_fields(const A& a, const B& b) {
  return IValue(a.fields()) == IValue(b.fields());
}

template <class S, class = void>
inline constexpr bool has_fields = false;
template <class S>
inline constexpr bool has_fields<S, std::void_t<decltype(S::field_names())>> = true;

/// The names of "lr_, momentum_": lr and momentum.
XGRAD_API std::vector<std::string> split_field_names(const char* list);
/// `a=1, b=2`: the entries, but for those that are the same in `except`.
XGRAD_API std::string dict_repr(const IValue::Dict& values, const IValue::Dict& except);

// How a field is restored: a whole number is an integer, an integer is a number, and a tensor with one
// element is either, for Python saves some numbers so.
XGRAD_API void read_field(const IValue& value, bool& field);
XGRAD_API void read_field(const IValue& value, int64_t& field);
XGRAD_API void read_field(const IValue& value, double& field);
XGRAD_API void read_field(const IValue& value, std::string& field);
XGRAD_API void read_field(const IValue& value, ScalarType& field);
XGRAD_API void read_field(const IValue& value, Tensor& field);

template <class T>
void read_field(const IValue& value, optional<T>& field) {
  field = nullopt;
  if (!value.isNone()) read_field(value, field.emplace());
}

template <class... T>
void read_field(const IValue& value, std::tuple<T...>& field) {
  const IValue::List& list = value.toListRef();
  XGRAD_CHECK(list.size() == sizeof...(T), "expected ", sizeof...(T), " values, got ", value);
  std::size_t i = 0;
  std::apply([&](T&... element) { (read_field(list[i++], element), ...); }, field);
}

template <class T>
void read_field(const IValue& value, std::vector<T>& field) {
  field.clear();
  for (const IValue& element : value.toListRef()) read_field(element, field.emplace_back());
}

template <class... Words>
void read_field(const IValue& value, OneOf<Words...>& field) {
  const bool found = ((value.toStringRef() == Words::word && (field = Words(), true)) || ...);
  XGRAD_CHECK(found, "expected one of ", IValue(IValue::List{Words::word...}), ", got ", value);
}

// Calls visit(name, field) for each field of `s`.
template <class S, class Visit>
void for_each_field(S& s, Visit&& visit) {
  const std::vector<std::string> names = split_field_names(S::field_names());
  std::size_t i = 0;
  std::apply([&](auto&... field) { (visit(names[i++], field), ...); }, s.fields());
}

}  // namespace detail

/// The fields by name. An undefined tensor has no entry.
template <class S>
IValue::Dict to_dict(const S& s) {
  IValue::Dict values("Field");
  detail::for_each_field(s, [&](const std::string& name, const auto& field) {
    const IValue value(field);
    if (!value.isTensor() || value.toTensor().defined()) values.insert(name, value);
  });
  return values;
}

/// Sets the fields that have an entry. Throws ValueError, and sets none, when one does not take its value.
template <class S>
void from_dict(S& s, const IValue::Dict& values) {
  S changed = s;
  std::string current;
  try {
    detail::for_each_field(changed, [&](const std::string& name, auto& field) {
      const IValue* value = values.find(current = name);
      using detail::read_field;  // and what a class brings along
      if (value) read_field(*value, field);
    });
  } catch (const Error& error) {
    fail<ValueError>("the value of '", current, "': ", error.what());
  }
  s = std::move(changed);
}

/// Gives every field of `s` that is as in `untouched` the value it has in `defaults`.
template <class S>
void inherit_fields(S& s, const S& untouched, const S& defaults) {
  const IValue::List before = IValue(untouched.fields()).toListRef(), now = IValue(s.fields()).toListRef();
  std::size_t i = 0;
  const auto inherit = [&](auto& field, const auto& inherited) {
    if (now[i] == before[i]) field = inherited;
    ++i;
  };
  std::apply(
      [&](auto&... field) {
        std::apply([&](const auto&... inherited) { (inherit(field, inherited), ...); }, defaults.fields());
      },
      s.fields());
}

/// The fields as Python's repr of a layer has them: `in_features=3, out_features=4, bias=True`.
template <class S>
std::string fields_repr(const S& s) {
  return detail::dict_repr(to_dict(s), IValue::Dict());
}
/// Only those that are not as in `defaults`.
template <class S>
std::string fields_repr(const S& s, const S& defaults) {
  return detail::dict_repr(to_dict(s), to_dict(defaults));
}

}  // namespace xgrad
