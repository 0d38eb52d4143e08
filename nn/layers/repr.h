// Texts that several layers print. Private to the library.
#pragma once

#include <charconv>
#include <cmath>
#include <string>

namespace xgrad::nn::detail {

/// The shortest text that reads back as the number, as Python's repr: `0.1`, `1.0`, `1e-05`.
inline std::string number_text(double value) {
  char text[64];
  const double size = std::abs(value);
  const bool fixed = value == 0 || (size >= 1e-4 && size < 1e16);
  const auto end = std::to_chars(text, text + sizeof(text), value,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  std::string result(text, end);
  if (fixed && result.find('.') == std::string::npos) result += ".0";
  return result;
}

}  // namespace xgrad::nn::detail
