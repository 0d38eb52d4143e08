// A view of consecutive values owned by somebody else: the type of every list argument.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/core/types/error.h>

namespace xgrad {

/// A constant view of `size()` consecutive values. It owns nothing: use it for arguments, never for members.
template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using const_iterator = const T*;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}
  constexpr ArrayRef(const T* data, std::size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* first, const T* last)
      : data_(first), size_(static_cast<std::size_t>(last - first)) {}
  ArrayRef(const std::vector<T>& v) : data_(v.data()), size_(v.size()) {}
  template <std::size_t N>
  constexpr ArrayRef(const std::array<T, N>& a) : data_(a.data()), size_(N) {}
  template <std::size_t N>
  constexpr ArrayRef(const T (&a)[N]) : data_(a), size_(N) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(std::initializer_list<T> list) : data_(list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  constexpr const T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr std::reverse_iterator<const T*> rbegin() const { return std::make_reverse_iterator(end()); }
  constexpr std::reverse_iterator<const T*> rend() const { return std::make_reverse_iterator(begin()); }
  constexpr const T& operator[](std::size_t i) const { return data_[i]; }
  /// The same; IndexError where there is no such value.
  constexpr const T& at(std::size_t i) const {
    XGRAD_CHECK_AS(IndexError, i < size_, "ArrayRef: no value at ", i, ": there are ", size_);
    return data_[i];
  }
  constexpr const T& front() const { return data_[0]; }
  constexpr const T& back() const { return data_[size_ - 1]; }
  constexpr ArrayRef slice(std::size_t start, std::size_t count) const { return {data_ + start, count}; }
  constexpr ArrayRef slice(std::size_t start) const { return {data_ + start, size_ - start}; }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }

  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (!(data_[i] == other.data_[i])) return false;
    return true;
  }
  friend constexpr bool operator==(ArrayRef a, ArrayRef b) { return a.equals(b); }
  friend constexpr bool operator!=(ArrayRef a, ArrayRef b) { return !a.equals(b); }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

using IntArrayRef = ArrayRef<int64_t>;

/// A list of integers or none, for arguments where an empty list means something else than no list.
class OptionalIntArrayRef {
 public:
  constexpr OptionalIntArrayRef() = default;
  constexpr OptionalIntArrayRef(std::nullopt_t) {}
  constexpr OptionalIntArrayRef(const int64_t& one) : list_(one), has_value_(true) {}
  constexpr OptionalIntArrayRef(std::initializer_list<int64_t> list) : list_(list), has_value_(true) {}
  template <class T, std::enable_if_t<
                         std::is_convertible_v<const T&, IntArrayRef> && !std::is_arithmetic_v<T>, int> = 0>
  constexpr OptionalIntArrayRef(const T& list) : list_(list), has_value_(true) {}
  template <class T, std::enable_if_t<std::is_convertible_v<const T&, IntArrayRef>, int> = 0>
  constexpr OptionalIntArrayRef(const std::optional<T>& list) : has_value_(list.has_value()) {
    if (list) list_ = *list;
  }

  constexpr bool has_value() const { return has_value_; }
  constexpr IntArrayRef value_or(IntArrayRef other) const { return has_value_ ? list_ : other; }

 private:
  IntArrayRef list_;
  bool has_value_ = false;
};

namespace detail {
/// The sizes of an undefined tensor. Errors know them by their address, and say what they are.
inline constexpr int64_t undefined_sizes[] = {0};
}  // namespace detail

/// The sizes as Python shows them: `[2, 3]`.
inline void append(std::string& s, IntArrayRef list) {
  if (list.data() == detail::undefined_sizes) return void(s += "undefined");
  s += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) s += ", ";
    s += std::to_string(list[i]);
  }
  s += ']';
}

}  // namespace xgrad
