// Comma-separated files as text: rows and fields, no numbers and no meaning.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "input.h"

/// One row of a CSV file: the line it starts on (counted from 1) and its fields.
struct CsvRow {
  int64_t line = 0;
  std::vector<std::string> fields;
};

/// A whole CSV file; the names of its columns are its first row.
struct CsvFile {
  std::string path;
  std::vector<std::string> columns;
  std::unordered_map<std::string, size_t> index;  // of the columns by name
  std::vector<CsvRow> rows;

  /// Index of a column; throws InputError listing the columns if there is none of this name.
  size_t column(const std::string& name) const;

  /// Throws InputError "<path>:<line>: column <name>: <message>".
  [[noreturn]] void fail(int64_t line, size_t column, const std::string& message) const;
};

/// Reads RFC 4180: quotes, LF or CRLF, also a byte order mark, blanks around fields and blank lines.
/// Throws InputError for a file that cannot be read, is empty, huge or not text, for a bad quote and for rows
/// that are not as wide as the first.
CsvFile read_csv(const std::string& path);
