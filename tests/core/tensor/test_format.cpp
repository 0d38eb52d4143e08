// Printed arrays against the recorded texts of Python's print, and the print options. XGRAD_CONFORMANCE_DATA
// is the folder with printing/printing.jsonl, XGRAD_TESTS_DIR the folder tests/.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/core/tensor/format.h>
#include <xgrad/core/types/error.h>

using namespace xgrad;
using nlohmann::json;

namespace {

std::vector<json> lines_of(const std::string& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file, "cannot open ", path);
  std::vector<json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(json::parse(line));
  return lines;
}

ScalarType dtype_of(const std::string& name) {
  for (const ScalarType t : {kByte, kChar, kShort, kInt, kLong, kHalf, kFloat, kDouble, kBool, kBFloat16})
    if (name == dtype_name(t)) return t;
  FAIL("unknown dtype ", name);
  return kFloat;
}

double real(const json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

template <class T>
std::vector<char> bytes_of(const json& data, T (*convert)(const json&)) {
  std::vector<char> bytes(data.size() * sizeof(T) + 1);  // never null
  for (std::size_t i = 0; i < data.size(); ++i) {
    const T value = convert(data[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

template <class T>
std::vector<char> integers(const json& data) {
  return bytes_of<T>(data, [](const json& v) { return v.get<T>(); });
}

template <class T>
std::vector<char> reals(const json& data) {
  return bytes_of<T>(data, [](const json& v) { return T(static_cast<float>(real(v))); });
}

std::vector<char> storage(ScalarType dtype, const json& data) {
  switch (dtype) {
    case kByte:
      return integers<std::uint8_t>(data);
    case kChar:
      return integers<std::int8_t>(data);
    case kShort:
      return integers<std::int16_t>(data);
    case kInt:
      return integers<std::int32_t>(data);
    case kLong:
      return integers<std::int64_t>(data);
    case kBool:
      return bytes_of<bool>(data, [](const json& v) { return v.get<int>() != 0; });
    case kHalf:
      return reals<Half>(data);
    case kBFloat16:
      return reals<BFloat16>(data);
    case kFloat:
      return reals<float>(data);
    default:
      return bytes_of<double>(data, real);
  }
}

std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& sizes) {
  std::vector<std::int64_t> strides(sizes.size(), 1);
  for (std::size_t d = sizes.size(); d-- > 1;) strides[d - 1] = strides[d] * sizes[d];
  return strides;
}

PrintOptions options_of(const json& given) {
  PrintOptions options;
  if (given.contains("profile")) options.profile(given["profile"]);
  if (given.contains("precision")) options.precision(given["precision"]);
  if (given.contains("threshold")) options.threshold(given["threshold"]);
  if (given.contains("edgeitems")) options.edgeitems(given["edgeitems"]);
  if (given.contains("linewidth")) options.linewidth(given["linewidth"]);
  if (given.contains("sci_mode") && !given["sci_mode"].is_null())
    options.sci_mode(given["sci_mode"].get<bool>());
  return options;
}

class DefaultDtypeGuard {
 public:
  explicit DefaultDtypeGuard(ScalarType t) { set_default_dtype(t); }
  ~DefaultDtypeGuard() { set_default_dtype(before_); }

 private:
  ScalarType before_ = get_default_dtype();
};

template <class T>
std::string text_of(const std::vector<T>& values, const PrintOptions& options = {}) {
  const auto size = static_cast<std::int64_t>(values.size());
  const std::int64_t stride = 1;
  return format_array({values.data(), scalar_type_of<T>, 1, &size, &stride}, {}, options);
}

}  // namespace

TEST_CASE("a tensor prints as in Python") {
  for (const json& line : lines_of(XGRAD_CONFORMANCE_DATA "/printing/printing.jsonl")) {
    CAPTURE(line["id"].get<std::string>());
    const json& tensor = line["args"];
    const ScalarType dtype = dtype_of(tensor["dtype"]);
    const std::vector<char> bytes = storage(dtype, tensor["data"]);
    const auto sizes = tensor["shape"].get<std::vector<std::int64_t>>();
    const auto strides = contiguous_strides(sizes);
    const Suffix suffix{"", tensor.value("requires_grad", false)};
    const PrintOptionsGuard guard(options_of(line["options"]));
    const ArrayView view{bytes.data(), dtype, static_cast<int>(sizes.size()), sizes.data(), strides.data()};
    CHECK_EQ(format_array(view, suffix), line["text"].get<std::string>());
  }
}

TEST_CASE("views, short floats, options and suffixes print as in Python") {
  for (const json& line : lines_of(XGRAD_TESTS_DIR "/core/tensor/data/printing_extra.jsonl")) {
    CAPTURE(line["id"].get<std::string>());
    const ScalarType dtype = dtype_of(line["dtype"]);
    const std::vector<char> bytes = storage(dtype, line["data"]);
    const auto sizes = line["sizes"].get<std::vector<std::int64_t>>();
    const auto strides = line["strides"].get<std::vector<std::int64_t>>();
    const Suffix suffix{line["grad_fn"], line["requires_grad"]};
    const DefaultDtypeGuard default_dtype(dtype_of(line["default_dtype"]));
    const ArrayView view{bytes.data(), dtype, static_cast<int>(sizes.size()), sizes.data(), strides.data()};
    CHECK_EQ(format_array(view, suffix, options_of(line["options"])), line["text"].get<std::string>());
  }
}

TEST_CASE("nan prints without its sign") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_EQ(text_of<float>({static_cast<float>(-nan), 1.5f}), "tensor([   nan, 1.5000])");
}

TEST_CASE("no items at the edges leave the dots alone") {
  CHECK_EQ(text_of<float>({1, 2, 3}, PrintOptions().edgeitems(0).threshold(0)), "tensor([ ...])");
}

TEST_CASE("an option that is not set keeps its value, sci_mode does not") {
  const PrintOptionsGuard guard(PrintOptions().profile("default"));
  set_printoptions(PrintOptions().precision(2).sci_mode(true));
  CHECK_EQ(get_printoptions().precision(), 2);
  CHECK_EQ(get_printoptions().sci_mode(), true);
  set_printoptions(PrintOptions().linewidth(40));
  CHECK_EQ(get_printoptions().precision(), 2);
  CHECK_EQ(get_printoptions().linewidth(), 40);
  CHECK_FALSE(get_printoptions().sci_mode().has_value());
}

TEST_CASE("a guard gives the options back") {
  const PrintOptions before = get_printoptions();
  {
    const PrintOptionsGuard guard(PrintOptions().profile("short").sci_mode(false));
    CHECK_EQ(get_printoptions().edgeitems(), 2);
  }
  CHECK_EQ(get_printoptions().precision(), before.precision());
  CHECK_EQ(get_printoptions().edgeitems(), before.edgeitems());
  CHECK_EQ(get_printoptions().sci_mode(), before.sci_mode());
}

TEST_CASE("print options that make no sense are refused") {
  CHECK_THROWS_AS(PrintOptions().precision(-1), ValueError);
  CHECK_THROWS_AS(PrintOptions().edgeitems(-1), ValueError);
  CHECK_THROWS_WITH_AS(PrintOptions().profile("tiny"), doctest::Contains("unknown profile \"tiny\""),
                       ValueError);
}
