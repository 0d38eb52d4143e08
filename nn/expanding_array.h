// A list with one number for each dimension, of which one may stand for all.
#pragma once

#include <array>
#include <initializer_list>
#include <vector>

#include <xgrad/core/tensor/fields.h>

namespace xgrad {

/// D values, made from D or from one. It prints as it was given: `2` or `(2, 2)`.
template <std::size_t D, class T = int64_t>
class ExpandingArray {
 public:
  ExpandingArray(T all) : single_(true) { values_.fill(all); }
  template <class N,
            std::enable_if_t<std::is_arithmetic<N>::value && std::is_convertible<N, T>::value, int> = 0>
  ExpandingArray(N all) : ExpandingArray(T(all)) {}
  ExpandingArray(std::initializer_list<T> list) { assign(list); }
  ExpandingArray(const std::vector<T>& list) { assign(list); }
  ExpandingArray(ArrayRef<T> list) { assign(list); }
  ExpandingArray(const std::array<T, D>& list) : values_(list) {}

  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return values_; }
  std::size_t size() const { return D; }

  /// `(2, 2)`, and `(2,)` in one dimension.
  IValue tuple() const { return IValue::List(values_.begin(), values_.end()); }
  operator IValue() const {
    if (single_) return IValue(values_[0]);
    return tuple();
  }
  friend bool operator==(const ExpandingArray& a, const ExpandingArray& b) { return a.values_ == b.values_; }
  friend bool operator!=(const ExpandingArray& a, const ExpandingArray& b) { return !(a == b); }
  /// What `from_dict` calls.
  friend void read_field(const IValue& value, ExpandingArray& field) {
    std::vector<T> list;
    const IValue::List one{value};
    for (const IValue& element : value.isList() ? value.toListRef() : one) {
      using xgrad::detail::read_field;
      read_field(element, list.emplace_back());
    }
    field = list.size() == 1 && !value.isList() ? ExpandingArray(list[0]) : ExpandingArray(list);
  }

 private:
  void assign(ArrayRef<T> list) {
    XGRAD_CHECK_AS(ValueError, list.size() == D, "expected ", D, " values, one for each dimension: got ",
                   list.size());
    for (std::size_t d = 0; d < D; ++d) values_[d] = list[d];
  }

  std::array<T, D> values_{};
  bool single_ = false;
};

/// The same where a value may be left open.
template <std::size_t D, class T = int64_t>
using ExpandingArrayWithOptionalElem = ExpandingArray<D, optional<T>>;

}  // namespace xgrad
