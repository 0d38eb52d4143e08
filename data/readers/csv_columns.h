// The columns of a CSV file while it is read: which kind each is shows itself field by field. Private to the
// library.
#pragma once

#include <deque>
#include <string_view>
#include <unordered_map>

#include <xgrad/data/readers/csv.h>

namespace xgrad::data {

/// What a column has been so far, from the narrowest to the widest.
enum class CsvKind : uint8_t { unknown, boolean, whole, real, category };

class CsvBuilder {
 public:
  std::string name;
  CsvKind kind = CsvKind::unknown;
  /// The kind that was asked for, and may not be left.
  bool is_fixed = false;
  ScalarType dtype = ScalarType::Undefined;
  /// The row from which on fields have been taken as categories.
  int64_t category_from = 0;
  /// Lines of the first category and of the first missing number; 0: there is none.
  int64_t category_line = 0, missing_line = 0;

  /// Each adds a field; false where the column cannot take it.
  bool add_whole(int64_t value) {
    if (kind == CsvKind::whole) return fits(value) && (wholes_.push_back(value), true);
    if (kind == CsvKind::real) return reals_.push_back(static_cast<double>(value)), true;
    return become(CsvKind::whole) && add_whole(value);
  }
  bool add_real(double value) {
    if (kind == CsvKind::real) return reals_.push_back(value), true;
    return become(CsvKind::real) && add_real(value);
  }
  bool add_bool(bool value) {
    if (kind == CsvKind::boolean) return wholes_.push_back(value), true;
    return become(CsvKind::boolean) && add_bool(value);
  }
  bool add_category(std::string_view text, bool is_in_file, int64_t line);
  bool add_missing(double value, int64_t line);
  /// Of a row before `category_from`.
  void set_category(int64_t row, std::string_view text, bool is_in_file) {
    wholes_[static_cast<std::size_t>(row)] = code_of(text, is_in_file);
  }

  CsvColumn finish();

 private:
  bool become(CsvKind wider);
  bool fits(int64_t value) const {
    return !is_fixed ||
           (dtype == kByte ? value >= 0 && value < 256 : value == value << spare_bits() >> spare_bits());
  }
  int spare_bits() const { return 64 - 8 * static_cast<int>(element_size(dtype)); }
  int64_t code_of(std::string_view text, bool is_in_file);
  std::size_t rows() const { return kind == CsvKind::real ? reals_.size() : wholes_.size(); }

  std::vector<int64_t> wholes_;  // also bools, and places in names_
  std::vector<double> reals_;
  std::unordered_map<std::string_view, int64_t> codes_;
  std::vector<std::string_view> names_;
  std::deque<std::string> owned_;  // names that do not stand in the file as they are
};

}  // namespace xgrad::data
