// Reading JSON Lines into Value. The only file of the runner that includes the JSON library.
#include "value.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace conformance {

namespace {

using Json = nlohmann::ordered_json;

// Far more than any recorded line has; a deeper one would end the stack of whoever walks it.
constexpr int kDepth = 32;

Value convert(const Json& json, int depth = 0) {
  if (depth > kDepth) throw Misuse{"JSON nested too deeply"};
  Value value;
  if (json.is_number_unsigned() && json.get<uint64_t>() > static_cast<uint64_t>(INT64_MAX))
    throw Misuse{"an integer of more than 64 bits: " + std::to_string(json.get<uint64_t>())};
  if (json.is_boolean()) return Value::of(json.get<bool>());
  if (json.is_number_integer()) return Value::of(json.get<int64_t>());
  if (json.is_string()) return Value::of(json.get<std::string>());
  if (json.is_number_float()) {
    value.kind = Value::Kind::real;
    value.real = json.get<double>();
  } else if (json.is_array()) {
    value.kind = Value::Kind::list;
    for (const Json& item : json) value.items.push_back(convert(item, depth + 1));
  } else if (json.is_object()) {
    value.kind = Value::Kind::object;
    for (const auto& [key, item] : json.items()) {
      value.keys.push_back(key);
      value.items.push_back(convert(item, depth + 1));
    }
  }
  return value;
}

}  // namespace

Value Value::of(bool value) {
  Value result;
  result.kind = Kind::boolean;
  result.boolean = value;
  return result;
}

Value Value::of(int64_t value) {
  Value result;
  result.kind = Kind::integer;
  result.integer = value;
  return result;
}

Value Value::of(std::string value) {
  Value result;
  result.kind = Kind::text;
  result.text = std::move(value);
  return result;
}

Value Value::of(const std::vector<int64_t>& values) {
  Value result;
  result.kind = Kind::list;
  for (int64_t value : values) result.items.push_back(of(value));
  return result;
}

const Value* Value::find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

const Value& Value::at(std::string_view key) const {
  if (const Value* value = find(key)) return *value;
  throw Misuse{"no '" + std::string(key) + "' in " + to_string()};
}

double Value::to_real() const {
  if (kind == Kind::real) return real;
  if (kind == Kind::integer) return static_cast<double>(integer);
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  throw Misuse{"not a number: " + to_string()};
}

int64_t Value::to_integer() const {
  if (kind == Kind::integer) return integer;
  throw Misuse{"not an integer: " + to_string()};
}

bool Value::to_bool() const {
  if (kind == Kind::boolean) return boolean;
  throw Misuse{"not a bool: " + to_string()};
}

std::vector<int64_t> Value::to_integers() const {
  if (kind != Kind::list) throw Misuse{"not a list of integers: " + to_string()};
  std::vector<int64_t> result;
  for (const Value& item : items) result.push_back(item.to_integer());
  return result;
}

bool Value::operator==(const Value& other) const {
  if (kind != other.kind) return false;
  switch (kind) {
    case Kind::none:
      return true;
    case Kind::boolean:
      return boolean == other.boolean;
    case Kind::integer:
      return integer == other.integer;
    case Kind::real:
      return real == other.real;
    case Kind::text:
      return text == other.text;
    case Kind::list:
    case Kind::object:
      return keys == other.keys && items == other.items;
  }
  return false;
}

std::string Value::to_string() const {
  switch (kind) {
    case Kind::none:
      return "null";
    case Kind::boolean:
      return boolean ? "true" : "false";
    case Kind::integer:
      return std::to_string(integer);
    case Kind::real:
      return std::to_string(real);
    case Kind::text:
      return '"' + text + '"';
    case Kind::list:
    case Kind::object:
      break;
  }
  std::string result(1, kind == Kind::list ? '[' : '{');
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) result += ", ";
    if (kind == Kind::object) result += keys[i] + ": ";
    result += items[i].to_string();
  }
  return result + (kind == Kind::list ? ']' : '}');
}

Value parse_json_line(const std::string& line) {
  try {
    return convert(Json::parse(line));
  } catch (const Json::exception& error) {
    throw Misuse{error.what()};
  }
}

}  // namespace conformance
