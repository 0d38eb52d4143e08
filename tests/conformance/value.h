// What a line of the recorded data says, as plain C++ values: the only view of JSON that the runner has.
// Knows nothing of tensors and includes no JSON library, so that the many files which use it stay light.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// A mistake of the runner or of a row (an argument that is not there, a value of another kind).
/// Not a std::exception on purpose: it must never pass for an error that the library reported.
struct Misuse {
  std::string text;
};

/// One JSON value. Numbers keep what their text says: `2` is an integer (all 64 bits), `2.0` is real.
struct Value {
  enum class Kind { none, boolean, integer, real, text, list, object };

  Kind kind = Kind::none;
  bool boolean = false;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<std::string> keys;  // of an object; `items` holds the values in the same order
  std::vector<Value> items;

  static Value of(bool value);
  static Value of(int64_t value);
  static Value of(std::string value);
  static Value of(const std::vector<int64_t>& values);

  bool is(Kind other) const { return kind == other; }
  bool is_tensor() const { return find("dtype") != nullptr && find("data") != nullptr; }
  /// The member `key`, or null when this is no object or has no such member.
  const Value* find(std::string_view key) const;
  /// The member `key`; throws Misuse when it is absent.
  const Value& at(std::string_view key) const;
  /// As a floating number: an integer is converted, the texts nan, inf and -inf are read.
  double to_real() const;
  int64_t to_integer() const;
  bool to_bool() const;
  std::vector<int64_t> to_integers() const;

  bool operator==(const Value& other) const;
  std::string to_string() const;
};

/// One line of a JSON Lines file; throws Misuse when it is no JSON.
Value parse_json_line(const std::string& line);

}  // namespace conformance
