// The exceptions xgrad throws, and the one place where their texts are built.
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <xgrad/core/types/export.h>

namespace xgrad {

/// Base of everything xgrad throws; `what()` names the op, the offending arguments and what would be right.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  /// As LibTorch has it; where it was made is not kept.
  Error(const std::string& message, const std::string& /*backtrace*/, const void* /*caller*/ = nullptr)
      : Error(message) {}
  /// `what()`, by LibTorch's names.
  std::string msg() const { return what(); }
  const char* what_without_backtrace() const noexcept { return what(); }
};

/// An index or a dimension out of range.
class IndexError : public Error {
 public:
  using Error::Error;
};

/// An argument of the wrong dtype or kind.
class TypeError : public Error {
 public:
  using Error::Error;
};

/// An argument of the right type with a value that makes no sense.
class ValueError : public Error {
 public:
  using Error::Error;
};

namespace detail {
inline void append(std::string& s, const char* v) { s += v; }
inline void append(std::string& s, std::string_view v) { s += v; }
inline void append(std::string& s, bool v) { s += v ? "True" : "False"; }
inline void append(std::string& s, char v) { s += v; }
/// The shortest text that reads back as the number, as Python writes it: `0.1`, `1.0`, `1e-05`, `inf`.
XGRAD_API void append(std::string& s, double v);
template <class T>
auto append(std::string& s, const T& v) -> decltype(std::to_string(v), void()) {
  s += std::to_string(v);
}

/// An argument of `concat`: where it is, and what appends it. All are of one class, so that there is one
/// function for texts of any arguments.
class Piece {
 public:
  Piece(const char* text) : value_(text), append_(&append_text) {}
  template <class T>
  Piece(const T& value) : value_(&value), append_(&append_value<T>) {}
  void write(std::string& s) const { append_(s, value_); }

 private:
  XGRAD_API static void append_text(std::string& s, const void* text);
  template <class T>
  static void append_value(std::string& s, const void* value) {
    using detail::append;
    append(s, *static_cast<const T*>(value));
  }

  const void* value_;
  void (*append_)(std::string&, const void*);
};
XGRAD_API std::string joined(std::initializer_list<Piece> pieces);

/// A list of objects has no text: `concat(tensors, 1)` is the op.
template <class T, class = void>
inline constexpr bool has_text = true;
template <class T>
inline constexpr bool has_text<T, std::void_t<typename T::value_type>> =
    !std::is_class<typename T::value_type>::value || std::is_same<typename T::value_type, std::string>::value;

template <class E>
[[noreturn]] void raise(std::initializer_list<Piece> pieces) {
  throw E(joined(pieces));
}
}  // namespace detail

/// Concatenates its arguments; what has no text of its own needs an overload `append(std::string&, const
/// T&)`.
template <class First, class... A, std::enable_if_t<detail::has_text<First>, int> = 0>
std::string concat(const First& first, const A&... a) {
  return detail::joined({detail::Piece(first), detail::Piece(a)...});
}

/// Throws `E` with the concatenated text.
template <class E = Error, class... A>
[[noreturn]] void fail(const A&... a) {
  detail::raise<E>({detail::Piece(a)...});
}

}  // namespace xgrad

/// Throws `E` with the concatenated text unless `condition` holds. The text is built on the cold path only.
#define XGRAD_CHECK_AS(E, condition, ...)                                            \
  do {                                                                               \
    if (__builtin_expect(!(condition), 0)) ::xgrad::detail::raise<E>({__VA_ARGS__}); \
  } while (false)
#define XGRAD_CHECK(condition, ...) XGRAD_CHECK_AS(::xgrad::Error, condition, __VA_ARGS__)
