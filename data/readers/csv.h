// Tables of text: comma-separated values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/arg.h>

namespace xgrad::data {

struct CsvOptions {
  using Dtypes = std::map<std::string, ScalarType>;

  XGRAD_ARG(char, delimiter) = ',';
  /// Whether the first line has the names of the columns; otherwise they are "0", "1", ...
  XGRAD_ARG(bool, header) = true;
  /// What stands for a missing number, NaN say; unless given, a missing number is an Error.
  XGRAD_ARG(optional<double>, missing);
  /// Fields that are missing, besides empty ones.
  XGRAD_ARG(std::vector<std::string>, na_values) = {"NA", "N/A", "NaN", "nan", "null", "None"};
  /// Columns of numbers with the dtype that they must have; what does not fit is an Error.
  XGRAD_ARG(Dtypes, dtypes);
  /// Columns that are names, also where they look like numbers.
  XGRAD_ARG(std::vector<std::string>, categories);
};

/// One column. Whole numbers are int64, numbers float64, True and False bool, and anything else is a
/// category: values are int64 places in `categories`, which are sorted, and -1 where one is missing.
struct CsvColumn {
  std::string name;
  Tensor values;  ///< [rows]
  std::vector<std::string> categories;
  int64_t first_category_line = 0;  ///< Where in the file the first of them stands.
};

class XGRAD_API CsvTable {
 public:
  CsvTable(std::string name, std::vector<CsvColumn> columns, int64_t rows)
      : name_(std::move(name)), columns_(std::move(columns)), rows_(rows) {}

  int64_t rows() const { return rows_; }
  const std::vector<CsvColumn>& columns() const { return columns_; }
  /// Error that lists the names when there is none of this name.
  const CsvColumn& operator[](const std::string& name) const;
  /// These columns, or all, side by side: [rows, columns]. Error for a category.
  Tensor matrix(const std::vector<std::string>& names = {}, ScalarType dtype = get_default_dtype()) const;

 private:
  std::string name_;
  std::vector<CsvColumn> columns_;
  int64_t rows_;
};

/// Reads a file by RFC 4180: fields may stand in quotes, lines end with LF or CRLF; blanks around fields,
/// blank lines and a byte order mark are skipped. Numbers have a point, whatever the locale. Every Error
/// names the file, the line and the column.
XGRAD_API CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

}  // namespace xgrad::data
