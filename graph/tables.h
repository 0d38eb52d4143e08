// Tables of text. Private to the library.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace xgrad::graph {

/// Rows under a head, columns side by side: the first to the left, those of numbers to the right.
class Table {
 public:
  /// `left` columns of text stand before those of numbers.
  Table(std::vector<std::string> head, std::size_t left) : rows_{std::move(head)}, left_(left) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  /// The table between lines, and its width.
  std::string text() const;
  std::string line(char c) const;

 private:
  std::vector<std::size_t> widths() const;

  std::vector<std::vector<std::string>> rows_;
  std::size_t left_;
};

/// `1,234,567`.
std::string with_commas(int64_t number);
/// `1.57 MB`, in powers of 1000.
std::string bytes_text(int64_t bytes);
/// `12.3 ms`.
std::string time_text(double seconds);

}  // namespace xgrad::graph
