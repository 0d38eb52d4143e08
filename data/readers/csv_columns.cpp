#include <xgrad/data/readers/csv_columns.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include <xgrad/core/tensor/creation.h>

namespace xgrad::data {

bool CsvBuilder::become(CsvKind wider) {
  if (is_fixed || wider < kind) return false;
  if (wider == CsvKind::category) {
    category_from = static_cast<int64_t>(rows());
    wholes_.assign(rows(), -1);
    reals_ = {};
  } else if (wider == CsvKind::real) {
    if (kind == CsvKind::boolean) return false;
    reals_.assign(wholes_.begin(), wholes_.end());
    wholes_ = {};
  } else if (kind != CsvKind::unknown) {
    return false;
  }
  kind = wider;
  return true;
}

int64_t CsvBuilder::code_of(std::string_view text, bool is_in_file) {
  const auto found = codes_.find(text);
  if (found != codes_.end()) return found->second;
  if (!is_in_file) text = owned_.emplace_back(text);
  const auto code = static_cast<int64_t>(names_.size());
  codes_.emplace(text, code);
  names_.push_back(text);
  return code;
}

bool CsvBuilder::add_category(std::string_view text, bool is_in_file, int64_t line) {
  if (category_line == 0) category_line = line;
  if (kind != CsvKind::category && !become(CsvKind::category)) return false;
  wholes_.push_back(code_of(text, is_in_file));
  return true;
}

bool CsvBuilder::add_missing(double value, int64_t line) {
  if (kind == CsvKind::boolean) become(CsvKind::category);
  if (kind == CsvKind::category) return wholes_.push_back(-1), true;
  if (missing_line == 0) missing_line = line;
  return add_real(value);
}

CsvColumn CsvBuilder::finish() {
  CsvColumn column{name, {}, {}, category_line};
  const auto count = static_cast<int64_t>(rows());
  if (kind == CsvKind::category) {
    std::vector<std::size_t> order(names_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return names_[a] < names_[b]; });
    std::vector<int64_t> place(names_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      place[order[i]] = static_cast<int64_t>(i);
      column.categories.emplace_back(names_[order[i]]);
    }
    for (int64_t& code : wholes_)
      if (code >= 0) code = place[static_cast<std::size_t>(code)];
  }
  column.values = empty({count}, kind == CsvKind::real ? kDouble : kLong);
  if (count > 0)
    std::memcpy(column.values.data_ptr(),
                kind == CsvKind::real ? static_cast<const void*>(reals_.data()) : wholes_.data(),
                column.values.nbytes());
  if (kind == CsvKind::boolean) column.values = column.values.to(kBool);
  if (dtype != ScalarType::Undefined) column.values = column.values.to(dtype);
  *this = {};
  return column;
}

}  // namespace xgrad::data
