// Tensors from recorded elements, elements from tensors, and the comparison of both.
#include "elements.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <sstream>
#include <type_traits>
#include <utility>

namespace conformance {

namespace {

constexpr std::array<std::pair<std::string_view, lib::ScalarType>, 10> kDtypes = {{
    {"float64", lib::kFloat64},
    {"float32", lib::kFloat32},
    {"float16", lib::kHalf},
    {"bfloat16", lib::kBFloat16},
    {"int64", lib::kInt64},
    {"int32", lib::kInt32},
    {"int16", lib::kInt16},
    {"int8", lib::kInt8},
    {"uint8", lib::kUInt8},
    {"bool", lib::kBool},
}};

bool is_real(lib::ScalarType dtype) {
  return dtype == lib::kFloat64 || dtype == lib::kFloat32 || dtype == lib::kHalf || dtype == lib::kBFloat16;
}

template <class Visitor>
void visit_dtype(lib::ScalarType dtype, Visitor visitor) {
  if (dtype == lib::kFloat64) return visitor(double{});
  if (dtype == lib::kFloat32) return visitor(float{});
  if (dtype == lib::kHalf) return visitor(Half{});
  if (dtype == lib::kBFloat16) return visitor(BFloat16{});
  if (dtype == lib::kInt64) return visitor(int64_t{});
  if (dtype == lib::kInt32) return visitor(int32_t{});
  if (dtype == lib::kInt16) return visitor(int16_t{});
  if (dtype == lib::kInt8) return visitor(int8_t{});
  if (dtype == lib::kUInt8) return visitor(uint8_t{});
  if (dtype == lib::kBool) return visitor(bool{});
  throw Misuse{"a dtype that the data does not have"};
}

// Whatever a file says: no tensor of a line is as large as this.
constexpr int64_t kLargest = int64_t{1} << 28;

int64_t count(const std::vector<int64_t>& shape) {
  int64_t result = 1;
  for (int64_t size : shape) {
    if (size < 0 || (size > 0 && result > kLargest / size)) throw Misuse{"a size out of range"};
    result *= size;
  }
  return result;
}

// The distance of element number `position` (row-major) from the first one.
int64_t memory_offset(int64_t position, const std::vector<int64_t>& shape,
                      const std::vector<int64_t>& strides) {
  int64_t offset = 0;
  for (size_t d = shape.size(); d-- > 0;) {
    offset += position % shape[d] * strides[d];
    position /= shape[d];
  }
  return offset;
}

void write_elements(lib::Tensor& tensor, const Elements& elements) {
  const std::vector<int64_t> strides(tensor.strides().begin(), tensor.strides().end());
  visit_dtype(elements.dtype, [&](auto kind) {
    using T = decltype(kind);
    if (elements.size() == 0) return;
    T* data = tensor.template data_ptr<T>();
    for (size_t i = 0; i < elements.size(); ++i) {
      T& target = data[memory_offset(static_cast<int64_t>(i), elements.shape, strides)];
      if constexpr (std::is_integral_v<T>)
        target = static_cast<T>(elements.integers[i]);
      else
        target = static_cast<T>(elements.reals[i]);
    }
  });
}

std::string shape_text(const std::vector<int64_t>& shape) { return Value::of(shape).to_string(); }

bool close(double got, double expected, const Tolerance& tolerance) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) && std::isnan(got);
  if (std::isinf(expected) || std::isinf(got)) return got == expected;
  return std::abs(got - expected) <= tolerance.atol + tolerance.rtol * std::abs(expected);
}

template <class T>
std::string mismatch(size_t position, T got, T expected) {
  std::ostringstream text;
  text.precision(17);
  text << "element " << position << " is " << got << ", expected " << expected;
  return text.str();
}

}  // namespace

lib::ScalarType dtype_from_name(std::string_view name) {
  for (const auto& [known, dtype] : kDtypes) {
    if (known == name) return dtype;
  }
  throw Misuse{"unknown dtype " + std::string(name)};
}

std::string name_of_dtype(lib::ScalarType dtype) {
  for (const auto& [name, known] : kDtypes) {
    if (known == dtype) return std::string(name);
  }
  return "dtype number " + std::to_string(static_cast<int>(dtype));
}

Tolerance Tolerance::of(const Value& line) {
  const Value* tol = line.find("tol");
  if (tol == nullptr) return {};
  return {tol->at("rtol").to_real(), tol->at("atol").to_real()};
}

Elements Elements::of(const Value& recorded) {
  Elements result;
  result.dtype = dtype_from_name(recorded.at("dtype").text);
  result.shape = recorded.at("shape").to_integers();
  for (const Value& item : recorded.at("data").items) {
    if (!is_real(result.dtype)) {
      result.integers.push_back(item.to_integer());
    } else {
      visit_dtype(result.dtype, [&](auto kind) {
        result.reals.push_back(static_cast<double>(static_cast<decltype(kind)>(item.to_real())));
      });
    }
  }
  if (static_cast<int64_t>(result.size()) != count(result.shape))
    throw Misuse{"data does not fill the shape"};
  return result;
}

Elements Elements::of(const lib::Tensor& tensor) {
  Elements result;
  result.dtype = tensor.scalar_type();
  result.shape.assign(tensor.sizes().begin(), tensor.sizes().end());
  const std::vector<int64_t> strides(tensor.strides().begin(), tensor.strides().end());
  const int64_t size = count(result.shape);
  if (size == 0) return result;
  visit_dtype(result.dtype, [&](auto kind) {
    using T = decltype(kind);
    const T* data = tensor.template data_ptr<T>();
    for (int64_t i = 0; i < size; ++i) {
      const T value = data[memory_offset(i, result.shape, strides)];
      if constexpr (std::is_integral_v<T>)
        result.integers.push_back(static_cast<int64_t>(value));
      else
        result.reals.push_back(static_cast<double>(value));
    }
  });
  return result;
}

lib::Tensor Elements::to_tensor() const {
  lib::Tensor result = lib::empty(shape, lib::TensorOptions().dtype(dtype));
  write_elements(result, *this);
  return result;
}

bool Elements::same_as(const Elements& other) const {
  if (dtype != other.dtype || shape != other.shape || integers != other.integers) return false;
  for (size_t i = 0; i < reals.size(); ++i) {
    if (std::isnan(reals[i]) && std::isnan(other.reals[i])) continue;
    if (std::memcmp(&reals[i], &other.reals[i], sizeof(double)) != 0) return false;
  }
  return true;
}

std::string difference(const Elements& got, const Elements& expected, const Tolerance& tolerance) {
  if (got.dtype != expected.dtype) {
    return "dtype is " + name_of_dtype(got.dtype) + ", expected " + name_of_dtype(expected.dtype);
  }
  if (got.shape != expected.shape) {
    return "shape is " + shape_text(got.shape) + ", expected " + shape_text(expected.shape);
  }
  for (size_t i = 0; i < got.reals.size(); ++i) {
    if (!close(got.reals[i], expected.reals[i], tolerance))
      return mismatch(i, got.reals[i], expected.reals[i]);
  }
  for (size_t i = 0; i < got.integers.size(); ++i) {
    if (got.integers[i] != expected.integers[i]) return mismatch(i, got.integers[i], expected.integers[i]);
  }
  return "";
}

namespace {

// Memory of `size` elements that show when they are read by mistake.
lib::Tensor filler(lib::ScalarType dtype, int64_t size) {
  Elements between{dtype, {size}, {}, {}};
  if (is_real(dtype))
    between.reals.assign(static_cast<size_t>(size), 77.0);
  else
    between.integers.assign(static_cast<size_t>(size), 77);
  return between.to_tensor();
}

// A tensor with the given strides, `offset` elements into its memory.
BuiltTensor build_strided(const Elements& elements, const std::vector<int64_t>& strides, int64_t offset) {
  if (strides.size() != elements.shape.size()) throw Misuse{"strides do not fit the shape"};
  std::vector<int64_t> reach{offset + 1};
  for (size_t d = 0; d < strides.size(); ++d) {
    if (strides[d] < 0 || strides[d] > kLargest || offset < 0 || offset > kLargest)
      throw Misuse{"a stride out of range"};
    if (elements.size() > 0) reach[0] += (elements.shape[d] - 1) * strides[d];
    count(reach);
  }
  BuiltTensor result;
  result.base = filler(elements.dtype, count(reach));
  result.tensor = result.base.as_strided(elements.shape, strides, offset);
  write_elements(result.tensor, elements);
  return result;
}

// The strides of every other place of the last dimension.
std::vector<int64_t> doubled_strides(const std::vector<int64_t>& shape) {
  if (shape.empty()) throw Misuse{"a tensor without dimensions cannot be noncontiguous"};
  std::vector<int64_t> strides(shape.size(), 2);
  for (size_t d = shape.size() - 1; d-- > 0;)
    strides[d] = strides[d + 1] * std::max<int64_t>(shape[d + 1], 1);
  return strides;
}

}  // namespace

BuiltTensor build_tensor(const Value& recorded) {
  const Elements elements = Elements::of(recorded);
  const auto flag = [&](const char* key) {
    const Value* value = recorded.find(key);
    return value != nullptr && value->to_bool();
  };
  BuiltTensor result;
  const Value* strides = recorded.find("strides");
  const Value* offset = recorded.find("offset");
  if (strides != nullptr) {
    result = build_strided(elements, strides->to_integers(), offset == nullptr ? 0 : offset->to_integer());
  } else if (flag("noncontiguous")) {
    result = build_strided(elements, doubled_strides(elements.shape), 0);
  } else {
    result.tensor = elements.to_tensor();
  }
  if (flag("requires_grad")) result.tensor.requires_grad_(true);
  return result;
}

}  // namespace conformance
