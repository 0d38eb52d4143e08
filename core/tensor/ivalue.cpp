// IValue: its texts, its comparison, and what it refuses to be.
#include <xgrad/core/tensor/ivalue.h>

#include <algorithm>

namespace xgrad {

namespace {

constexpr std::size_t kMostText = 10000;

const char* const kNames[] = {"None",     "a bool",   "an integer", "a double",
                              "a string", "a Tensor", "a list",     "a dict"};

template <class T, class Variant>
const T& get(const Variant& value, const char* wanted) {
  const T* found = std::get_if<T>(&value);
  XGRAD_CHECK_AS(TypeError, found, "IValue: the value is not ", wanted, ": it is ", kNames[value.index()],
                 value.index() == 0 ? "; was it stored under this key?" : "");
  return *found;
}

template <class T, class Get>
std::vector<T> vector_of(const IValue::List& list, Get get) {
  std::vector<T> result;
  for (const IValue& value : list) result.push_back(get(value));
  return result;
}

bool equal_tensors(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && a.detach().equal(b.detach());
}

bool equal_dicts(const GenericDict& a, const GenericDict& b) {
  if (&a == &b) return true;
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const GenericDict::Item& item) {
    const IValue* other = b.find(item.key());
    return other && *other == item.value();
  });
}

}  // namespace

IValue::IValue() = default;
IValue::IValue(bool value) : value_(value) {}
IValue::IValue(int64_t value) : value_(value) {}
IValue::IValue(double value) : value_(value) {}
IValue::IValue(std::string value) : value_(std::make_shared<const std::string>(std::move(value))) {}
IValue::IValue(Tensor value) : value_(std::move(value)) {}
IValue::IValue(List value, bool is_tuple)
    : value_(std::make_shared<Sequence>(Sequence{std::move(value), is_tuple})) {}
const IValue& GenericDict::at(const IValue& key) const { return (*this)[key]; }

void GenericDict::insert_or_assign(const IValue& key, IValue value) {
  if (IValue* known = find(key))
    *known = std::move(value);
  else
    insert(key, std::move(value));
}

IValue::IValue(GenericDict value) : value_(std::make_shared<GenericDict>(std::move(value))) {}
IValue::IValue(const IValue&) = default;
IValue::IValue(IValue&&) noexcept = default;
IValue& IValue::operator=(const IValue&) = default;
IValue& IValue::operator=(IValue&&) noexcept = default;
IValue::~IValue() = default;

bool IValue::isNone() const { return value_.index() == 0; }
bool IValue::isBool() const { return value_.index() == 1; }
bool IValue::isInt() const { return value_.index() == 2; }
bool IValue::isDouble() const { return value_.index() == 3; }
bool IValue::isString() const { return value_.index() == 4; }
bool IValue::isTensor() const { return value_.index() == 5; }
bool IValue::isList() const { return value_.index() == 6; }
bool IValue::isTuple() const { return isList() && std::get<6>(value_)->is_tuple; }
bool IValue::isGenericDict() const { return value_.index() == 7; }

bool IValue::toBool() const { return get<bool>(value_, "a bool"); }
int64_t IValue::toInt() const { return get<int64_t>(value_, "an integer"); }
double IValue::toDouble() const { return get<double>(value_, "a double"); }
const std::string& IValue::toStringRef() const {
  return *get<std::shared_ptr<const std::string>>(value_, "a string");
}
const Tensor& IValue::toTensor() const& { return get<Tensor>(value_, "a Tensor"); }
const IValue::List& IValue::toListRef() const {
  return get<std::shared_ptr<Sequence>>(value_, "a list")->elements;
}
IValue::Tuple IValue::toTuple() const {
  const auto& sequence = get<std::shared_ptr<Sequence>>(value_, "a tuple");
  return Tuple(std::shared_ptr<const List>(sequence, &sequence->elements));
}
GenericDict IValue::toGenericDict() && { return static_cast<const IValue&>(*this).toGenericDict(); }
const GenericDict& IValue::toGenericDict() const& {
  return *get<std::shared_ptr<GenericDict>>(value_, "a dict");
}
std::vector<int64_t> IValue::toIntVector() const {
  return vector_of<int64_t>(toListRef(), [](const IValue& v) { return v.toInt(); });
}
std::vector<double> IValue::toDoubleVector() const {
  return vector_of<double>(toListRef(), [](const IValue& v) { return v.toDouble(); });
}
std::vector<Tensor> IValue::toTensorVector() const {
  return vector_of<Tensor>(toListRef(), [](const IValue& v) { return v.toTensor(); });
}

std::string IValue::repr() const {
  std::string text;
  append_repr(text);
  return text;
}

// A list may hold another one many times, so that the text can be far longer than the memory.
void IValue::append_repr(std::string& text) const {
  const auto append_elements = [&](const auto& elements, auto&& append_one) {
    bool first = true;
    for (const auto& element : elements) {
      if (!std::exchange(first, false)) text += ", ";
      if (text.size() > kMostText) {
        text += "...";
        break;
      }
      append_one(element);
    }
  };
  if (isNone()) text += "None";
  if (isBool()) text += concat(toBool());
  if (isInt()) text += concat(toInt());
  if (isDouble()) text += concat(toDouble());
  if (isString()) text += concat('\'', toStringRef(), '\'');
  if (isTensor()) text += detail::python_text(toTensor());
  if (isList()) {
    text += '(';
    append_elements(toListRef(), [&](const IValue& element) { element.append_repr(text); });
    text += toListRef().size() == 1 ? ",)" : ")";
  }
  if (isGenericDict()) {
    text += '{';
    append_elements(toGenericDict(), [&](const GenericDict::Item& item) {
      item.key().append_repr(text);
      text += ": ";
      item.value().append_repr(text);
    });
    text += '}';
  }
}

bool operator==(const IValue& a, const IValue& b) {
  if (a.value_.index() != b.value_.index()) return false;
  if (a.isTensor()) return equal_tensors(a.toTensor(), b.toTensor());
  if (a.isList()) return &a.toListRef() == &b.toListRef() || a.toListRef() == b.toListRef();
  if (a.isGenericDict()) return equal_dicts(a.toGenericDict(), b.toGenericDict());
  if (a.isString()) return a.toStringRef() == b.toStringRef();
  if (a.isDouble()) return a.toDouble() == b.toDouble();
  if (a.isBool()) return a.toBool() == b.toBool();
  return a.isNone() || a.toInt() == b.toInt();
}

}  // namespace xgrad

std::size_t std::hash<xgrad::IValue>::operator()(const xgrad::IValue& value) const noexcept {
  if (value.isBool()) return std::hash<bool>()(value.toBool());
  if (value.isInt()) return std::hash<int64_t>()(value.toInt());
  if (value.isDouble()) return std::hash<double>()(value.toDouble());
  if (value.isString()) return std::hash<std::string>()(value.toStringRef());
  std::size_t result = value.value_.index();
  if (value.isList())
    for (const xgrad::IValue& element : value.toListRef()) result = result * 31 + (*this)(element);
  return result;
}
