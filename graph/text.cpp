// Quoting, and writing of files.
#include <xgrad/graph/text.h>

#include <cstdio>
#include <fstream>

#include <xgrad/core/types/error.h>

namespace xgrad::graph {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '<') {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string fill_in(const std::string& page, const std::function<std::string(const std::string&)>& value) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t open; (open = page.find('@', from)) != std::string::npos;) {
    const std::size_t close = page.find('@', open + 1);
    out += page.substr(from, open - from) + value(page.substr(open + 1, close - open - 1));
    from = close + 1;
  }
  return out + page.substr(from);
}

void write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  XGRAD_CHECK(out, "graph: cannot write ", file, "; is its folder there, and is there room?");
}

}  // namespace xgrad::graph
