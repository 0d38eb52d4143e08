// Text in the languages that pictures are written in. Private to the library.
#pragma once

#include <string>

namespace xgrad::graph {

/// A JSON string with its quotes; also safe within a script element.
std::string quoted(const std::string& text);
/// For XML and HTML, text or attribute.
std::string escaped(const std::string& text);

/// A JSON array of what `write` gives for each item.
template <class List, class F>
std::string array(const List& list, const F& write) {
  std::string text = "[";
  for (const auto& item : list) text += (text.size() > 1 ? "," : "") + write(item);
  return text + "]";
}
/// A page that needs no other file: the shell of all pages, with that of a graph or of a training in it.
std::string graph_page(const std::string& title, const std::string& json);
std::string report_page(const std::string& title, const std::string& json);

/// Writes a file whole; throws Error where it cannot.
void write_file(const std::string& file, const std::string& text);

}  // namespace xgrad::graph
