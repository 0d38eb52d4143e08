// Files that the workloads read: text and bytes, the same in every program. No tensor library in here.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "harness.h"

namespace bench {

/// A file of this process, which is removed with it.
class File {
 public:
  explicit File(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("xgrad-bench-" + std::to_string(::getpid()) + "-" + name)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }
  // One after the other, as the library writes its files: what a mapping costs depends on how the system put
  // the pages into its cache.
  void write(const std::vector<std::string>& pieces) const {
    std::FILE* const file = std::fopen(path().c_str(), "wb");
    for (const std::string& piece : pieces) std::fwrite(piece.data(), 1, piece.size(), file);
    std::fclose(file);
  }

 private:
  std::filesystem::path path_;
};

constexpr std::int64_t csv_rows = 100000, csv_columns = 8;

/// Numbers in [-100, 100) with six digits behind the point, under the names "0", "1", ...
inline std::string csv_of_numbers() {
  std::string text;
  for (std::int64_t i = 0; i < csv_columns; ++i) text += (i > 0 ? "," : "") + std::to_string(i);
  std::int64_t column = 0;
  for (const float v : values(csv_rows * csv_columns, 1, 100.F)) {
    std::array<char, 32> field;
    std::snprintf(field.data(), field.size(), "%c%.6f", column == 0 ? '\n' : ',', static_cast<double>(v));
    text += field.data();
    column = (column + 1) % csv_columns;
  }
  return text + "\n";
}

/// A place, two numbers with three digits, a whole number, a word and a truth in each row.
inline std::string csv_of_everything() {
  constexpr std::array<const char*, 5> words = {"oak", "birch", "norway maple", "elm", "hornbeam"};
  const auto numbers = values(4 * csv_rows, 2, 50.F);
  std::string text = "id,height,girth,age,tree,alive\n";
  for (std::int64_t i = 0; i < csv_rows; ++i) {
    const float* v = &numbers[static_cast<std::size_t>(4 * i)];
    std::array<char, 128> line;
    std::snprintf(line.data(), line.size(), "%d,%.3f,%.3f,%d,%s,%s\n", static_cast<int>(i),
                  static_cast<double>(v[0]), static_cast<double>(v[1]), static_cast<int>(v[2]),
                  words[static_cast<std::size_t>((v[3] + 50.F) / 20.F)], v[3] < 0 ? "True" : "False");
    text += line.data();
  }
  return text;
}

/// Tensors that are saved: the i-th is i + 1 times the same values.
constexpr std::int64_t file_tensors = 64, file_side = 512;

}  // namespace bench
