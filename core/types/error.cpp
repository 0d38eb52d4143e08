// Numbers in the texts of errors and of modules.
#include <xgrad/core/types/error.h>

#include <charconv>
#include <cmath>

namespace xgrad {

void detail::append(std::string& s, double v) {
  if (std::isnan(v)) {
    s += "nan";  // whatever its sign
    return;
  }
  char text[32];
  const double size = std::abs(v);
  const bool fixed = v == 0 || (size >= 1e-4 && size < 1e16);
  const auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  const std::size_t begin = s.size();
  s.append(text, std::to_chars(text, text + sizeof(text), v, format).ptr);
  if (fixed && s.find('.', begin) == std::string::npos) s += ".0";
}

void detail::Piece::append_text(std::string& s, const void* text) { s += static_cast<const char*>(text); }

std::string detail::joined(std::initializer_list<Piece> pieces) {
  std::string s;
  for (const Piece& piece : pieces) piece.write(s);
  return s;
}

}  // namespace xgrad
