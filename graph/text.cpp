// Quoting, pages, and writing of files.
#include <pages.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>
#include <vector>

#include <xgrad/core/types/error.h>
#include <xgrad/graph/text.h>

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

namespace {

// Each @NAME@ of `text` by its value; what `values` does not have, such as @media, stays.
std::string filled_in(const std::string& text,
                      const std::vector<std::pair<std::string, std::string>>& values) {
  std::string out;
  for (std::size_t from = 0; from < text.size();) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const auto& v) {
      return text.compare(from, v.first.size(), v.first) == 0;
    });
    if (found == values.end())
      out += text[from++];
    else
      out += found->second, from += found->first.size();
  }
  return out;
}

std::string page(const PageParts& parts, const std::string& title, const std::string& json) {
  const std::pair<std::string, std::string> name("@TITLE@", escaped(title));
  return filled_in(kShell, {name,
                            {"@STYLE@\n", parts.style},
                            {"@BODY@\n", filled_in(parts.body, {name})},
                            {"@DATA@", json},
                            {"@SCRIPT@\n", parts.script}});
}

}  // namespace

std::string graph_page(const std::string& title, const std::string& json) {
  return page(kGraphPage, title, json);
}
std::string report_page(const std::string& title, const std::string& json) {
  return page(kReportPage, title, json);
}

void write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  XGRAD_CHECK(out, "graph: cannot write ", file, "; is its folder there, and is there room?");
}

}  // namespace xgrad::graph
