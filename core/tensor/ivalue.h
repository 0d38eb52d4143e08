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
