// Quoting for the languages that pictures are written in. Private to the library.
#pragma once

#include <string>

namespace xgrad::graph {

/// A JSON string with its quotes; also safe within a script element.
std::string quoted(const std::string& text);
/// For XML and HTML, text or attribute.
std::string escaped(const std::string& text);

/// Writes a file whole; throws Error where it cannot.
void write_file(const std::string& file, const std::string& text);

}  // namespace xgrad::graph
