// One walk over the mapped file, in which numbers are read where they stand. Only where a column turns out
// not to be numbers after all, the rows before are walked through again for its names.
#include <xgrad/data/readers/csv.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <xgrad/core/ops/shape/join.h>
#include <xgrad/data/readers/csv_columns.h>
#include <xgrad/io/file.h>

namespace xgrad::data {

namespace {

struct Field {
  std::string_view text;
  bool is_quoted = false, is_in_file = true;
};

class CsvReader {
 public:
  CsvReader(const io::Source& source, const CsvOptions& options)
      : source_(source),
        options_(options),
        begin_(source.bytes.data()),
        end_(begin_ + source.bytes.size()),
        na_(options.na_values().begin(), options.na_values().end()) {
    if (source.bytes.substr(0, 3) == "\xEF\xBB\xBF") begin_ += 3;
    if (const std::size_t zero = source.bytes.find('\0'); zero != std::string_view::npos)
      source.fail_at(zero, "this is no text: there is a zero byte");
    const char d = options.delimiter();
    XGRAD_CHECK_AS(ValueError, d != '"' && d != '\n' && d != '\r' && d != ' ',
                   "read_csv: the delimiter cannot be a quote, a blank or the end of a line");
  }

  CsvTable read() {
    start();
    read_header();
    set_kinds();
    const char* const first = at_;
    const int64_t first_line = line_;
    while (next_row()) {
      for (CsvBuilder& column : columns_) {
        enter(column);
        add(column);
      }
      leave_row();
    }
    name_early_rows(first, first_line);
    std::vector<CsvColumn> columns;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const CsvBuilder& column = columns_[i];
      if (column.missing_line > 0 && column.kind != CsvKind::category && !options_.missing())
        fail_at(column.missing_line, i,
                "the value is missing; missing() of the options says what to put there");
    }
    for (CsvBuilder& column : columns_) columns.push_back(column.finish());
    return CsvTable(source_.name, std::move(columns), row_);
  }

 private:
  void start() {
    at_ = begin_;
    line_ = 1;
  }
  bool is_delimiter(char c) const { return c == options_.delimiter(); }
  bool is_blank(char c) const { return (c == ' ' || c == '\t') && !is_delimiter(c); }
  bool ends_line(const char* p) const { return p == end_ || *p == '\n' || (*p == '\r' && ends_with_lf(p)); }
  bool ends_with_lf(const char* p) const { return p + 1 == end_ || p[1] == '\n'; }
  bool ends_field(const char* p) const { return ends_line(p) || is_delimiter(*p); }

  template <class... A>
  [[noreturn]] void fail_at(int64_t line, std::size_t column, const A&... text) const {
    const bool has_name = column < columns_.size() && options_.header();
    const std::string name = has_name ? " \"" + columns_[column].name + "\"" : "";
    fail(source_.name, ": line ", line, ", column ", column + 1, name, ": ", text...);
  }
  template <class... A>
  [[noreturn]] void fail_here(const A&... text) const {
    fail_at(line_, column_, text...);
  }

  void skip_blanks() {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }
  void end_line() {
    if (at_ != end_ && *at_ == '\r') ++at_;
    if (at_ != end_) ++at_;
    ++line_;
  }
  // Goes to the next line that is not blank.
  bool next_row() {
    for (;;) {
      const char* const start = at_;
      skip_blanks();
      if (at_ == end_) return false;
      if (!ends_line(at_)) {
        at_ = start;
        column_ = 0;
        return true;
      }
      end_line();
    }
  }
  // Goes to the next field of the row.
  void enter(const CsvBuilder& column) {
    if (&column != columns_.data()) {
      ++column_;
      if (ends_line(at_)) fail_here("it is missing: the row has ", column_, " fields of ", columns_.size());
      ++at_;
    }
    skip_blanks();
  }
  void leave_row() {
    if (!ends_line(at_)) {
      ++column_;
      fail_here("the row has more fields than the ", columns_.size(), " columns");
    }
    end_line();
    ++row_;
  }

  // The field as text, without blanks and quotes.
  Field text_field() {
    if (at_ != end_ && *at_ == '"') return quoted_field();
    const char* const start = at_;
    while (!ends_field(at_)) ++at_;
    const char* last = at_;
    while (last != start && is_blank(last[-1])) --last;
    return {{start, static_cast<std::size_t>(last - start)}};
  }
  Field quoted_field() {
    const int64_t opened = line_;
    const char* const start = ++at_;
    bool has_quotes = false;
    for (;; ++at_) {
      if (at_ == end_) fail_at(opened, column_, "the quote that opens here is never closed");
      if (*at_ == '\n') ++line_;
      if (*at_ != '"') continue;
      if (at_ + 1 == end_ || at_[1] != '"') break;
      has_quotes = true;
      ++at_;
    }
    Field field{{start, static_cast<std::size_t>(at_ - start)}, true};
    ++at_;
    skip_blanks();
    if (!ends_field(at_)) fail_here("there is text behind the closing quote");
    if (has_quotes) unescape(field);
    return field;
  }
  void unescape(Field& field) {
    unescaped_.clear();
    for (std::size_t i = 0; i < field.text.size(); ++i) {
      unescaped_ += field.text[i];
      if (field.text[i] == '"') ++i;
    }
    field.text = unescaped_;
    field.is_in_file = false;
  }

  // A number that fills the field is stored, and the field left; otherwise nothing has happened.
  bool add_number(CsvBuilder& column) {
    const char* p = at_;
    const bool negative = p != end_ && *p == '-';
    if (p != end_ && (*p == '-' || *p == '+')) ++p;
    const char* const digits = p;
    uint64_t value = 0;
    while (p != end_ && static_cast<unsigned char>(*p - '0') < 10)
      value = 10 * value + static_cast<uint64_t>(*p++ - '0');
    // So many digits fit for sure.
    if (p != digits && p - digits <= 18 && ends_field(p) &&
        column.add_whole(negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value))) {
      at_ = p;
      return true;
    }
    return add_long_number(column, digits, negative);
  }
  bool add_long_number(CsvBuilder& column, const char* digits, bool negative) {
    if (digits == end_ || !(std::isdigit(static_cast<unsigned char>(*digits)) || *digits == '.'))
      return false;
    double value = 0;
    const auto [p, code] = std::from_chars(digits, end_, value);
    const char* last = p;
    while (last != end_ && is_blank(*last)) ++last;
    if (p == digits || !ends_field(last)) return false;
    if (code == std::errc::result_out_of_range)
      value = out_of_range({digits, static_cast<std::size_t>(p - digits)});
    int64_t whole = 0;
    const auto [whole_end, whole_code] = std::from_chars(negative ? digits - 1 : digits, p, whole);
    const bool added = whole_end == p && whole_code == std::errc() && column.add_whole(whole);
    if (!added && !column.add_real(negative ? -value : value)) return false;
    at_ = last;
    return true;
  }
  // Too small is zero, too large is no number.
  double out_of_range(std::string_view text) const {
    const std::size_t e = text.find_first_of("eE");
    const bool small =
        e == std::string_view::npos ? text[0] == '0' || text[0] == '.' : text.substr(e + 1, 1) == "-";
    if (!small) fail_here("the number ", shown(text), " is too large");
    return 0;
  }

  void add(CsvBuilder& column) {
    if (column.kind != CsvKind::category && add_number(column)) return;
    const Field field = text_field();
    if (is_missing(field)) {
      if (!column.add_missing(options_.missing().value_or(0), line_))
        fail_here("the value is missing, which ", column.dtype, " cannot say");
    } else if (!add_text(column, field)) {
      fail_here(shown(field.text), " is no number of ", column.dtype);
    }
  }
  bool is_missing(const Field& field) const { return field.text.empty() || na_.count(field.text) > 0; }
  bool add_text(CsvBuilder& column, const Field& field) {
    const std::string_view t = field.text;
    if (field.is_quoted && column.kind != CsvKind::category && add_quoted_number(column, t)) return true;
    const bool yes = t == "True" || t == "true" || t == "TRUE";
    if ((yes || t == "False" || t == "false" || t == "FALSE") && column.add_bool(yes)) return true;
    return column.add_category(t, field.is_in_file, line_);
  }
  static bool add_quoted_number(CsvBuilder& column, std::string_view text) {
    int64_t whole = 0;
    double real = 0;
    const char* const end = text.data() + text.size();
    if (const auto [p, code] = std::from_chars(text.data(), end, whole); p == end && code == std::errc())
      return column.add_whole(whole);
    const bool may_be = text.find_first_of("0123456789") < 3;  // no "inf" and no "nan"
    const auto [p, code] = std::from_chars(text.data(), end, real);
    return may_be && p == end && code == std::errc() && column.add_real(real);
  }
  static std::string shown(std::string_view text) {
    std::string result = "\"";
    for (const char c : text.substr(0, 40)) result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    return result + (text.size() > 40 ? "...\"" : "\"");
  }

  void read_header() {
    if (!next_row()) fail_here("there is nothing in the file");
    const char* const start = at_;
    const int64_t line = line_;
    std::vector<std::string> names;
    for (;; ++at_, ++column_) {
      skip_blanks();
      const Field field = text_field();
      std::string name = options_.header() ? std::string(field.text) : std::to_string(column_);
      if (name.empty()) fail_here("it has no name in the first line");
      names.push_back(std::move(name));
      if (ends_line(at_)) break;
    }
    std::unordered_set<std::string_view> known;
    for (column_ = 0; column_ < names.size(); ++column_)
      if (!known.insert(names[column_]).second) fail_here("there are two columns ", shown(names[column_]));
    columns_.resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) columns_[i].name = names[i];
    if (options_.header()) return end_line();
    at_ = start;
    line_ = line;
  }
  CsvBuilder& named(const std::string& name) {
    for (CsvBuilder& column : columns_)
      if (column.name == name) return column;
    fail<ValueError>(source_.name, ": there is no column \"", name, "\", which the options name");
  }
  void set_kinds() {
    for (const std::string& name : options_.categories()) named(name).kind = CsvKind::category;
    for (const auto& [name, dtype] : options_.dtypes()) {
      CsvBuilder& column = named(name);
      column.kind = is_floating_type(dtype) ? CsvKind::real
                    : dtype == kBool        ? CsvKind::boolean
                                            : CsvKind::whole;
      column.dtype = dtype;
      column.is_fixed = true;
    }
  }

  void name_early_rows(const char* first, int64_t first_line) {
    int64_t rows = 0;
    for (const CsvBuilder& column : columns_)
      if (column.kind == CsvKind::category) rows = std::max(rows, column.category_from);
    at_ = first;
    line_ = first_line;
    for (int64_t row = 0; row < rows; ++row) {
      next_row();
      for (CsvBuilder& column : columns_) {
        enter(column);
        const Field field = text_field();
        if (column.kind == CsvKind::category && row < column.category_from && !is_missing(field))
          column.set_category(row, field.text, field.is_in_file);
      }
      end_line();
    }
  }

  const io::Source& source_;
  const CsvOptions& options_;
  const char *begin_, *end_, *at_ = nullptr;
  std::unordered_set<std::string_view> na_;
  std::vector<CsvBuilder> columns_;
  std::string unescaped_;
  int64_t line_ = 1, row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace

const CsvColumn& CsvTable::operator[](const std::string& name) const {
  std::string names;
  for (const CsvColumn& column : columns_) {
    if (column.name == name) return column;
    names += (names.empty() ? "" : ", ") + column.name;
  }
  fail<IndexError>("CsvTable: there is no column \"", name, "\"; the columns are ", names);
}

Tensor CsvTable::matrix(const std::vector<std::string>& names, ScalarType dtype) const {
  std::vector<Tensor> parts;
  const auto add = [&](const CsvColumn& column) {
    XGRAD_CHECK(column.first_category_line == 0, name_, ": line ", column.first_category_line, ", column \"",
                column.name,
                "\": this is no number, and the column no part of a matrix; its values are places in ",
                "categories");
    parts.push_back(column.values.to(dtype));
  };
  if (names.empty())
    for (const CsvColumn& column : columns_) add(column);
  for (const std::string& name : names) add((*this)[name]);
  return stack(parts, 1);
}

CsvTable read_csv(const std::string& path, const CsvOptions& options) {
  const io::MappedFile file("read_csv", path);
  return CsvReader(file.source(), options).read();
}

}  // namespace xgrad::data
