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

// A text that speaks of an undefined tensor, in whose shape or dtype an op has seen it first, says how one
// may come about.
std::string detail::joined(std::initializer_list<Piece> pieces) {
  std::string s;
  for (const Piece& piece : pieces) piece.write(s);
  constexpr std::string_view kHint = "was it default-constructed";
  if (s.find(" undefined") == std::string::npos || s.find(kHint) != std::string::npos) return s;
  for (const char* seen : {"is undefined", "an undefined tensor", "got undefined", "has undefined",
                           "dtype undefined", "shape undefined"})
    if (s.find(seen) != std::string::npos)
      return concat(s, s.ends_with("undefined") || s.ends_with("tensor") ? "; " : "; undefined: ", kHint,
                    ", or is it a .grad() before backward, or the .grad() of a tensor that is no leaf (call "
                    "retain_grad() on that before backward)?");
  return s;
}

}  // namespace xgrad
