// Recorded values for the tests of ops: lines of JSON, and tensors from them.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <xgrad/xgrad.h>

namespace recorded {

using nlohmann::json;

/// The lines of tests/core/ops/data/<name>.
inline std::vector<json> lines_of(const std::string& name) {
  std::ifstream file(std::string(XGRAD_TESTS_DIR "/core/ops/data/") + name);
  REQUIRE_MESSAGE(file, "cannot open ", name);
  std::vector<json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(json::parse(line));
  return lines;
}

inline std::vector<int64_t> sizes_of(const json& list) { return list.get<std::vector<int64_t>>(); }

/// start, start + 1, ... as float64.
inline xgrad::Tensor counted(const std::vector<int64_t>& sizes, int64_t start) {
  const int64_t n = xgrad::numel_of(sizes);
  return xgrad::arange(start, start + n, xgrad::kDouble).reshape(sizes).clone();
}

inline std::vector<double> values_of(const xgrad::Tensor& t) {
  const xgrad::Tensor flat = t.detach().to(xgrad::kDouble).contiguous();
  const auto* p = flat.data_ptr<double>();
  return std::vector<double>(p, p + flat.numel());
}

/// Shape and elements of a recorded {"shape": ..., "data": ...}.
inline void check_same(const xgrad::Tensor& t, const json& expected, double tolerance = 0) {
  CHECK_EQ(t.sizes().vec(), sizes_of(expected["shape"]));
  const std::vector<double> values = values_of(t);
  REQUIRE_EQ(values.size(), expected["data"].size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const json& element = expected["data"][i];
    const double want = element.is_boolean() ? element.get<bool>() : element.get<double>();
    CHECK_MESSAGE(std::abs(values[i] - want) <= tolerance * (1 + std::abs(want)), "element ", i, ": ",
                  values[i], " vs ", want);
  }
}

}  // namespace recorded
