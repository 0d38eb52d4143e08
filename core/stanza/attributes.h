// The numbers an op was called with beside its tensors, by name. Private to the library.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/types/error.h>

namespace xgrad::ops {

/// What a stanza with members states of them: `void attributes(auto&& put) const { put("dim", dim); }`.
class Attributes {
 public:
  /// A number, or a list of numbers.
  template <class T>
  void operator()(const char* name, const T& value) {
    if constexpr (std::is_arithmetic_v<T>)
      put(name, {static_cast<double>(value)});
    else
      put(name, std::vector<double>(std::begin(value), std::end(value)));
  }
  bool has(const std::string& name) const { return find(name) != nullptr; }
  const std::vector<double>& list(const std::string& name) const {
    const auto* found = find(name);
    XGRAD_CHECK(found, "attributes: the op does not state ", name);
    return *found;
  }
  std::vector<int64_t> integers(const std::string& name) const {
    const std::vector<double>& values = list(name);
    return std::vector<int64_t>(values.begin(), values.end());
  }
  double number(const std::string& name) const { return list(name).at(0); }
  int64_t integer(const std::string& name) const { return static_cast<int64_t>(number(name)); }

 private:
  void put(const char* name, std::vector<double> values) { values_.emplace_back(name, std::move(values)); }
  const std::vector<double>* find(const std::string& name) const {
    for (const auto& [key, values] : values_)
      if (key == name) return &values;
    return nullptr;
  }

  std::vector<std::pair<std::string, std::vector<double>>> values_;
};

}  // namespace xgrad::ops
