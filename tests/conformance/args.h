// The arguments of one recorded call, and what a row of a table returns. Rows see these two and the library.
// No JSON, no comparing, no doctest here: a file with hundreds of rows must compile quickly.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "adapter.h"
#include "elements.h"
#include "value.h"

namespace conformance {

/// The named arguments of one call, already built. An accessor with a default gives it when the argument is
/// absent or null; one without throws Misuse then.
class Args {
 public:
  /// `named` is a JSON object; the values of tensors are built at once, so that they can be compared later.
  explicit Args(const Value& named);
  Args(Args&&) = default;
  Args& operator=(Args&&) = default;

  bool has(std::string_view name) const;        // given, and not null
  bool is_tensor(std::string_view name) const;  // one tensor
  bool is_list(std::string_view name) const;
  bool is_text(std::string_view name) const;

  const lib::Tensor& tensor(std::string_view name) const;
  /// The tensor, or an undefined one.
  lib::Tensor tensor_or_undefined(std::string_view name) const;
  Optional<lib::Tensor> optional_tensor(std::string_view name) const;
  const std::vector<lib::Tensor>& tensors(std::string_view name) const;

  lib::Scalar scalar(std::string_view name) const;
  lib::Scalar scalar(std::string_view name, int64_t fallback) const;
  Optional<lib::Scalar> optional_scalar(std::string_view name) const;
  double real(std::string_view name) const;
  double real(std::string_view name, double fallback) const;
  int64_t integer(std::string_view name) const;
  int64_t integer(std::string_view name, int64_t fallback) const;
  Optional<int64_t> optional_integer(std::string_view name) const;
  Optional<double> optional_real(std::string_view name) const;
  bool flag(std::string_view name, bool fallback = false) const;
  std::string text(std::string_view name, std::string fallback = "") const;
  /// A list of integers; a single integer is a list of one.
  std::vector<int64_t> integers(std::string_view name) const;
  std::vector<int64_t> integers(std::string_view name, std::vector<int64_t> fallback) const;
  Optional<lib::ScalarType> dtype(std::string_view name = "dtype") const;
  /// TensorOptions with the dtype of the argument `dtype`, if there is one.
  lib::TensorOptions options() const;

  const Value& value(std::string_view name) const;
  /// The tensor recorded at `recorded`, a value inside one of the arguments (an index, an item of a list).
  const lib::Tensor& tensor_at(const Value& recorded) const;

  /// Where a tensor of the arguments stands, and the memory around it. `item` is -1 for an argument of its
  /// own.
  struct Place {
    std::string name;
    int64_t item = -1;
    BuiltTensor built;
  };
  const std::vector<Place>& places() const { return places_; }

 private:
  const Value* given(std::string_view name) const;
  void build(const std::string& name, const Value& value, int64_t item);

  Value named_;
  std::vector<Place> places_;
  std::map<const Value*, size_t> place_of_;
  std::map<std::string, std::vector<lib::Tensor>, std::less<>> lists_;
};

/// One result: a tensor, or a plain value (bool, list of integers, name of a dtype).
using Result = std::variant<lib::Tensor, Value>;

/// The results of a call, flattened; made from whatever the library returns.
class Results : public std::vector<Result> {
 public:
  Results() = default;
  Results(const lib::Tensor& tensor) { push_back(tensor); }
  Results(const std::vector<lib::Tensor>& tensors) : vector(tensors.begin(), tensors.end()) {}
  Results(bool value) { push_back(Value::of(value)); }
  Results(lib::ScalarType dtype) { push_back(Value::of(name_of_dtype(dtype))); }
  Results(const std::vector<int64_t>& values) { push_back(Value::of(values)); }
  template <class... T>
  Results(const std::tuple<T...>& values) {
    std::apply([this](const auto&... each) { (push_back(Result(each)), ...); }, values);
  }
};

}  // namespace conformance
