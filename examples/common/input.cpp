// Numbers are read with from_chars: the same result under every locale, and never a half-read text.
#include "input.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace {

template <class Number>
bool parse(const std::string& text, Number& number) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') ++begin;  // which from_chars does not take
  const auto [stop, error] = std::from_chars(begin, end, number);
  return error == std::errc() && stop == end;
}

std::string escaped(unsigned char byte) {
  const char* digits = "0123456789abcdef";
  return {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
}

/// Bytes of the UTF-8 character at `at`, or 0 for what a terminal must not get: what is no character, control
/// characters, and those that turn the direction of writing.
size_t shown_bytes(const std::string& text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const size_t bytes = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4;
  if (first < 0xC2 || first > 0xF4 || text.size() - at < bytes) return 0;
  uint32_t code = first & (0x7Fu >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return 0;
    code = code << 6 | (next & 0x3Fu);
  }
  const uint32_t smallest = bytes == 2 ? 0x80 : bytes == 3 ? 0x800 : 0x10000;
  const bool character = code >= smallest && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  const bool control =
      code < 0xA0 || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return character && !control ? bytes : 0;
}

}  // namespace

std::string printable(const std::string& text, size_t longest) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (result.size() >= longest) return result + "...";
    const size_t bytes = shown_bytes(text, at);
    result += bytes > 0 ? text.substr(at, bytes) : escaped(static_cast<unsigned char>(text[at]));
    at += std::max<size_t>(bytes, 1);
  }
  return result;
}

std::string quoted(const std::string& text) { return "'" + printable(text) + "'"; }

std::string joined(const std::vector<std::string>& items) {
  std::string result;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i == 12) return result + ", ...";
    result += (i == 0 ? "" : ", ") + printable(items[i]);
  }
  return result;
}

bool parse_number(const std::string& text, double& number) {
  return parse(text, number) && std::isfinite(number);
}

bool parse_number(const std::string& text, int64_t& number) { return parse(text, number); }
