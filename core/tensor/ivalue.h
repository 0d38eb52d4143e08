// IValue: a value whose type is known at run time, as options and saved states consist of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/ordered_dict.h>
#include <xgrad/core/types/word.h>

namespace xgrad {

/// One of Python's None, bool, int, float, str, tuple (or list) and Tensor. An absent `optional` is None, a
/// word such as kMean is its text, "mean", and a dtype its number.
class XGRAD_API IValue {
 public:
  using List = std::vector<IValue>;
  using Dict = OrderedDict<std::string, IValue>;

  IValue();
  IValue(bool value);
  IValue(int64_t value);
  template <class T, std::enable_if_t<std::is_integral<T>::value, int> = 0>
  IValue(T value) : IValue(static_cast<int64_t>(value)) {}
  IValue(double value);
  IValue(std::string value);
  IValue(const char* value) : IValue(std::string(value)) {}
  IValue(ScalarType value) : IValue(static_cast<int64_t>(value)) {}
  IValue(Tensor value);
  IValue(List value);
  IValue(const IValue&);
  IValue(IValue&&) noexcept;
  IValue& operator=(const IValue&);
  IValue& operator=(IValue&&) noexcept;
  ~IValue();
  template <class T, std::enable_if_t<detail::is_word<T>, int> = 0>
  IValue(T) : IValue(T::word) {}
  template <class T>
  IValue(const optional<T>& value) {
    if (value) *this = *value;
  }
  template <class... T>
  IValue(const std::tuple<T...>& values)
      : IValue(std::apply([](const T&... v) { return List{IValue(v)...}; }, values)) {}
  template <class T, std::enable_if_t<!std::is_same<T, IValue>::value, int> = 0>
  IValue(const std::vector<T>& values) : IValue(List(values.begin(), values.end())) {}
  template <class... Words>
  IValue(OneOf<Words...> value) : IValue(value.word()) {}

  bool isNone() const;
  bool isBool() const;
  bool isInt() const;
  bool isDouble() const;
  bool isString() const;
  bool isTensor() const;
  bool isList() const;

  /// The value. Throws TypeError when it is of another type.
  bool toBool() const;
  int64_t toInt() const;
  double toDouble() const;
  const std::string& toStringRef() const;
  const Tensor& toTensor() const;
  const List& toListRef() const;
  std::vector<int64_t> toIntVector() const;
  std::vector<double> toDoubleVector() const;
  std::vector<Tensor> toTensorVector() const;

  /// As Python's repr: `True`, `0.1`, `'mean'`, `(1, 2)`, `None`.
  std::string repr() const;
  /// Tensors are equal when dtype, shape and all elements are.
  friend XGRAD_API bool operator==(const IValue& a, const IValue& b);
  friend bool operator!=(const IValue& a, const IValue& b) { return !(a == b); }

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Tensor, List> value_;
};

inline void append(std::string& s, const IValue& value) { s += value.repr(); }

}  // namespace xgrad
