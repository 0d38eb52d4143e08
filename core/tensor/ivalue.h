// IValue: a value whose type is known at run time, as options and saved states consist of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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

namespace io {
class Unpickler;  // fills lists and dicts that others share already
}

class GenericDict;

/// A list of values of one type, which LibTorch reads with these names.
template <class T>
class List : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  List(std::vector<T> values) : std::vector<T>(std::move(values)) {}
  std::vector<T> vec() const { return *this; }
  T get(std::size_t i) const { return this->at(i); }
  void set(std::size_t i, T value) { this->at(i) = std::move(value); }
};

/// One of Python's None, bool, int, float, str, tuple, list, dict and Tensor. An absent `optional` is None, a
/// word such as kMean is its text, "mean", and a dtype its number. Copies share what they hold.
class XGRAD_API IValue {
 public:
  using List = std::vector<IValue>;
  using Dict = OrderedDict<std::string, IValue>;

  /// What `toTuple` returns: `value.toTuple()->elements()`.
  class Tuple {
   public:
    explicit Tuple(std::shared_ptr<const List> elements) : elements_(std::move(elements)) {}
    const List& elements() const { return *elements_; }
    const Tuple* operator->() const { return this; }

   private:
    std::shared_ptr<const List> elements_;
  };

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
  IValue(List value, bool is_tuple = false);
  IValue(GenericDict value);
  /// A dictionary with names as keys.
  template <class T>
  IValue(const OrderedDict<std::string, T>& values);
  IValue(const IValue&);
  IValue(IValue&&) noexcept;
  IValue& operator=(const IValue&);
  IValue& operator=(IValue&&) noexcept;
  ~IValue();
  template <class T, std::enable_if_t<detail::is_word<T>, int> = 0>
  IValue(T) : IValue(T::word) {}
  template <class T>
  IValue(const optional<T>& value) {
    if (value) *this = IValue(*value);
  }
  template <class... T>
  IValue(const std::tuple<T...>& values)
      : IValue(std::apply([](const T&... v) { return List{IValue(v)...}; }, values), true) {}
  template <class T, std::enable_if_t<!std::is_same<T, IValue>::value, int> = 0>
  IValue(const std::vector<T>& values) : IValue(List(values.begin(), values.end())) {}
  template <class T>
  IValue(ArrayRef<T> values) : IValue(values.vec()) {}
  template <class T, std::enable_if_t<std::is_same<T, Scalar>::value, int> = 0>
  IValue(const T& value) {
    if (value.isFloatingPoint())
      *this = value.toDouble();
    else
      *this = value.isBoolean() ? IValue(value.toBool()) : IValue(value.toLong());
  }
  template <class... Words>
  IValue(OneOf<Words...> value) : IValue(value.word()) {}

  bool isNone() const;
  bool isBool() const;
  bool isInt() const;
  bool isDouble() const;
  bool isString() const;
  bool isTensor() const;
  /// A tuple is a list too.
  bool isList() const;
  bool isTuple() const;
  bool isGenericDict() const;
  bool isScalar() const { return isBool() || isInt() || isDouble(); }
  /// A list, no tuple, of such elements; an empty one is of any type.
  bool isBoolList() const { return is_list_of(&IValue::isBool); }
  bool isIntList() const { return is_list_of(&IValue::isInt); }
  bool isDoubleList() const { return is_list_of(&IValue::isDouble); }
  bool isTensorList() const { return is_list_of(&IValue::isTensor); }
  /// Which of these it is, as LibTorch calls it.
  const char* tagKind() const {
    return isNone()     ? "None"
           : isBool()   ? "Bool"
           : isInt()    ? "Int"
           : isDouble() ? "Double"
           : isString() ? "String"
           : isTensor() ? "Tensor"
           : isTuple()  ? "Tuple"
           : isList()   ? "GenericList"
                        : "GenericDict";
  }

  /// The value. Throws TypeError when it is of another type.
  bool toBool() const;
  int64_t toInt() const;
  double toDouble() const;
  const std::string& toStringRef() const;
  const Tensor& toTensor() const&;
  Tensor toTensor() && { return static_cast<const IValue&>(*this).toTensor(); }
  const List& toListRef() const;
  const List& toList() const& { return toListRef(); }
  List toList() && { return toListRef(); }
  Tuple toTuple() const;
  const GenericDict& toGenericDict() const&;
  GenericDict toGenericDict() &&;
  std::vector<int64_t> toIntVector() const;
  std::vector<double> toDoubleVector() const;
  std::vector<Tensor> toTensorVector() const;
  xgrad::List<int64_t> toIntList() const { return toIntVector(); }
  xgrad::List<double> toDoubleList() const { return toDoubleVector(); }
  xgrad::List<Tensor> toTensorList() const { return toTensorVector(); }
  Scalar toScalar() const { return isInt() ? Scalar(toInt()) : isBool() ? Scalar(toBool()) : toDouble(); }
  /// The value as a T: a bool, number, text, tensor, or a vector of these.
  template <class T>
  T to() const {
    if constexpr (std::is_same<T, bool>::value)
      return toBool();
    else if constexpr (std::is_integral<T>::value)
      return static_cast<T>(toInt());
    else if constexpr (std::is_floating_point<T>::value)
      return static_cast<T>(toDouble());
    else if constexpr (std::is_same<T, std::string>::value)
      return toStringRef();
    else if constexpr (std::is_same<T, Tensor>::value)
      return toTensor();
    else if constexpr (std::is_same<T, Scalar>::value)
      return toScalar();
    else {
      T values;
      for (const IValue& value : toListRef()) values.push_back(value.template to<typename T::value_type>());
      return values;
    }
  }
  /// Nothing where it is None.
  template <class T>
  optional<T> toOptional() const {
    if (isNone()) return nullopt;
    return to<T>();
  }

  /// As Python's repr, of a list as of a tuple: `True`, `0.1`, `'mean'`, `(1, 2)`, `None`. What is very long
  /// ends with dots.
  std::string repr() const;
  /// Tensors are equal when dtype, shape and all elements are.
  friend XGRAD_API bool operator==(const IValue& a, const IValue& b);
  friend bool operator!=(const IValue& a, const IValue& b) { return !(a == b); }

 private:
  friend struct std::hash<IValue>;
  friend class io::Unpickler;
  struct Sequence {
    List elements;
    bool is_tuple;
  };
  void append_repr(std::string& text) const;
  bool is_list_of(bool (IValue::*is)() const) const {
    if (!isList() || isTuple()) return false;
    for (const IValue& value : toListRef())
      if (!(value.*is)()) return false;
    return true;
  }

  std::variant<std::monostate, bool, int64_t, double, std::shared_ptr<const std::string>, Tensor,
               std::shared_ptr<Sequence>, std::shared_ptr<GenericDict>>
      value_;
};

}  // namespace xgrad

/// Tensors, and what contains some, have no hash of their own.
template <>
struct std::hash<xgrad::IValue> {
  XGRAD_API std::size_t operator()(const xgrad::IValue& value) const noexcept;
};

namespace xgrad {

/// A dict with keys of any type, in the order of insertion.
class XGRAD_API GenericDict : public OrderedDict<IValue, IValue> {
 public:
  using OrderedDict::OrderedDict;
  /// The value of a key. Throws Error when there is none.
  const IValue& at(const IValue& key) const;
  void insert_or_assign(const IValue& key, IValue value);
};

template <class T>
IValue::IValue(const OrderedDict<std::string, T>& values) {
  GenericDict dict;
  for (const auto& item : values) dict.insert_or_assign(item.key(), IValue(item.value()));
  *this = std::move(dict);
}

inline void append(std::string& s, const IValue& value) { s += value.repr(); }

}  // namespace xgrad
