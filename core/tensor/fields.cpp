// Fields: what needs no template.
#include <xgrad/core/tensor/fields.h>

#include <cmath>

namespace xgrad::detail {

std::vector<std::string> split_field_names(const char* list) {
  std::vector<std::string> names(1);
  for (; *list; ++list) {
    if (*list == ',')
      names.emplace_back();
    else if (*list != ' ')
      names.back() += *list;
  }
  for (std::string& name : names) name.pop_back();  // the underscore of the member
  return names;
}

void read_field(const IValue& value, bool& field) { field = value.toBool(); }
void read_field(const IValue& value, std::string& field) { field = value.toStringRef(); }
void read_field(const IValue& value, Tensor& field) { field = value.isNone() ? Tensor() : value.toTensor(); }

void read_field(const IValue& value, double& field) {
  if (value.isInt())
    field = static_cast<double>(value.toInt());
  else if (value.isTensor() && value.toTensor().defined() && value.toTensor().numel() == 1)
    field = value.toTensor().item<double>();
  else
    field = value.toDouble();
}

void read_field(const IValue& value, int64_t& field) {
  if (value.isInt()) {
    field = value.toInt();
    return;
  }
  double number;
  read_field(value, number);
  XGRAD_CHECK(number == std::floor(number) && std::abs(number) < 0x1p53, "expected an integer, got ", value);
  field = static_cast<int64_t>(number);
}

void read_field(const IValue& value, ScalarType& field) {
  int64_t given;
  read_field(value, given);
  bool known = false;
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) known = known || given == (number);
  XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
  XGRAD_CHECK(known, "expected a dtype, got ", value);
  field = static_cast<ScalarType>(given);
}

std::string dict_repr(const IValue::Dict& values, const IValue::Dict& except) {
  std::string text;
  for (const auto& item : values) {
    const IValue* other = except.find(item.key());
    if (!other || *other != *item) text += concat(text.empty() ? "" : ", ", item.key(), "=", *item);
  }
  return text;
}

}  // namespace xgrad::detail
