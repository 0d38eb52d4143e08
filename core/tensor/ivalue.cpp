// IValue: its texts, its comparison, and what it refuses to be.
#include <xgrad/core/tensor/ivalue.h>

namespace xgrad {

namespace {

const char* const kNames[] = {"None", "a bool", "an integer", "a double", "a string", "a Tensor", "a list"};

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
  for (const IValue& value : list) result.push_back((value.*get)());
  return result;
}

bool equal_tensors(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && a.detach().equal(b.detach());
}

}  // namespace

IValue::IValue() = default;
IValue::IValue(bool value) : value_(value) {}
IValue::IValue(int64_t value) : value_(value) {}
IValue::IValue(double value) : value_(value) {}
IValue::IValue(std::string value) : value_(std::move(value)) {}
IValue::IValue(Tensor value) : value_(std::move(value)) {}
IValue::IValue(List value) : value_(std::move(value)) {}
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

bool IValue::toBool() const { return get<bool>(value_, "a bool"); }
int64_t IValue::toInt() const { return get<int64_t>(value_, "an integer"); }
double IValue::toDouble() const { return get<double>(value_, "a double"); }
const std::string& IValue::toStringRef() const { return get<std::string>(value_, "a string"); }
const Tensor& IValue::toTensor() const { return get<Tensor>(value_, "a Tensor"); }
const IValue::List& IValue::toListRef() const { return get<List>(value_, "a list"); }
std::vector<int64_t> IValue::toIntVector() const { return vector_of<int64_t>(toListRef(), &IValue::toInt); }
std::vector<double> IValue::toDoubleVector() const {
  return vector_of<double>(toListRef(), &IValue::toDouble);
}
std::vector<Tensor> IValue::toTensorVector() const {
  return vector_of<Tensor>(toListRef(), &IValue::toTensor);
}

std::string IValue::repr() const {
  if (isNone()) return "None";
  if (isBool()) return concat(toBool());
  if (isInt()) return concat(toInt());
  if (isDouble()) return concat(toDouble());
  if (isString()) return concat('\'', toStringRef(), '\'');
  if (isTensor()) return toTensor().toString();
  std::string text = "(";
  for (const IValue& element : toListRef()) text += concat(text.size() > 1 ? ", " : "", element);
  return text + (toListRef().size() == 1 ? ",)" : ")");
}

bool operator==(const IValue& a, const IValue& b) {
  if (a.value_.index() != b.value_.index()) return false;
  if (a.isTensor()) return equal_tensors(a.toTensor(), b.toTensor());
  if (a.isList()) return a.toListRef() == b.toListRef();
  if (a.isString()) return a.toStringRef() == b.toStringRef();
  if (a.isDouble()) return a.toDouble() == b.toDouble();
  if (a.isBool()) return a.toBool() == b.toBool();
  return a.isNone() || a.toInt() == b.toInt();
}

}  // namespace xgrad
