// A reader for CSV that knows, for each field, the line and the column to complain about.
// The whole file is held in memory; what the fields mean is not known here.
#include "csv.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace {

constexpr size_t path_length = 4096;
constexpr size_t most_megabytes = 256;  // a device or a pipe may never end

class Reader {
 public:
  Reader(std::string text, CsvFile& file) : text_(std::move(text)), file_(file) {
    if (text_.compare(0, 3, "\xEF\xBB\xBF") == 0) at_ = 3;  // byte order mark
  }

  /// Reads the next row that is not blank; false at the end of the file.
  bool next(CsvRow& row) {
    while (!at_end()) {
      row = {line_, {}};
      bool quotes = false;
      do {
        row.fields.push_back(field(row.fields.size(), quotes));
      } while (!at_end() && text_[at_] == ',' && ++at_);
      end_line();
      if (quotes || row.fields.size() > 1 || !row.fields[0].empty()) return true;
    }
    return false;
  }

 private:
  bool at_end() const { return at_ == text_.size(); }
  bool at_any_of(std::string_view characters) const {
    return !at_end() && characters.find(text_[at_]) != std::string_view::npos;
  }
  void skip_blanks() {
    while (at_any_of(" \t")) ++at_;
  }

  void end_line() {
    if (at_end()) return;
    const bool crlf = text_.compare(at_, 2, "\r\n") == 0;
    at_ += crlf ? 2 : 1;
    ++line_;
  }

  std::string field(size_t column, bool& quotes) {
    skip_blanks();
    if (at_any_of("\"")) {
      quotes = true;
      return quoted_field(column);
    }
    const size_t begin = at_;
    at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    size_t end = at_;
    while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
    return text_.substr(begin, end - begin);
  }

  std::string quoted_field(size_t column) {
    const int64_t opened = line_;
    std::string value;
    for (++at_;; ++at_) {
      if (at_end()) file_.fail(opened, column, "the quote opened here is never closed");
      if (text_[at_] == '"' && (++at_, !at_any_of("\""))) break;  // "" inside quotes stands for one "
      if (text_[at_] == '\n') ++line_;
      value += text_[at_];
    }
    skip_blanks();
    if (!at_end() && !at_any_of(",\r\n")) file_.fail(line_, column, "text after the closing quote");
    return value;
  }

  std::string text_;
  CsvFile& file_;
  size_t at_ = 0;
  int64_t line_ = 1;
};

std::string read_text(const std::string& path) {
  const auto refuse = [&](const std::string& why) {
    throw InputError(printable(path, path_length) + ": " + why);
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) refuse("is a directory, not a file");
  errno = 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) refuse("cannot open the file: " + std::generic_category().message(errno));
  std::string text;
  std::array<char, 65536> block;
  while (const size_t got = std::fread(block.data(), 1, block.size(), file.get())) {
    const std::string_view read(block.data(), got);
    if (read.find('\0') != std::string_view::npos) refuse("is not text: there is a zero byte in it");
    text += read;
    if (text.size() > most_megabytes << 20)
      refuse("is larger than " + std::to_string(most_megabytes) + " MB, too much for this example");
  }
  if (std::ferror(file.get()) != 0) refuse("cannot read the file: " + std::generic_category().message(errno));
  return text;
}

void read_header(CsvFile& file, const CsvRow& row) {
  file.columns = row.fields;
  for (size_t i = 0; i < file.columns.size(); ++i) {
    if (file.columns[i].empty()) file.fail(row.line, i, "has no name in the first line");
    const auto [known, is_new] = file.index.emplace(file.columns[i], i);
    if (!is_new) file.fail(row.line, i, "has the same name as column " + std::to_string(known->second + 1));
  }
}

void check_width(const CsvFile& file, const CsvRow& row) {
  const size_t got = row.fields.size();
  const size_t expected = file.columns.size();
  if (got == expected) return;
  file.fail(row.line, std::min(got, expected),
            (got < expected ? "missing: " : "too many: ") + std::to_string(got) + " fields in this row, " +
                std::to_string(expected) + " columns in the first line");
}

}  // namespace

size_t CsvFile::column(const std::string& name) const {
  const auto found = index.find(name);
  if (found == index.end()) {
    throw InputError(printable(path, path_length) + ":1: column " + quoted(name) +
                     ": unknown, the columns are " + joined(columns));
  }
  return found->second;
}

void CsvFile::fail(int64_t line, size_t column, const std::string& message) const {
  const bool named = column < columns.size() && !columns[column].empty();
  throw InputError(printable(path, path_length) + ":" + std::to_string(line) + ": column " +
                   (named ? quoted(columns[column]) : std::to_string(column + 1)) + ": " + message);
}

CsvFile read_csv(const std::string& path) {
  CsvFile file;
  file.path = path;
  Reader reader(read_text(path), file);
  CsvRow row;
  if (!reader.next(row)) file.fail(1, 0, "the file is empty, its first line must name the columns");
  read_header(file, row);
  while (reader.next(row)) {
    check_width(file, row);
    file.rows.push_back(std::move(row));
  }
  if (file.rows.empty()) file.fail(row.line + 1, 0, "there are no rows under the names of the columns");
  return file;
}
