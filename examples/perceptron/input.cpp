// Numbers are read with from_chars: the same result under every locale, and never a half-read text.
#include "input.h"

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

}  // namespace

std::string printable(const std::string& text, size_t longest) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_character = (byte & 0xC0) != 0x80;
    if (result.size() >= longest && starts_character) return result + "...";
    if (byte < 0x20 || byte == 0x7F) {
      const char* digits = "0123456789abcdef";
      result += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    } else {
      result += c;
    }
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
