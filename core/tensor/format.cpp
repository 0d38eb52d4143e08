// Makes the text of an array: first a pass over the elements to be shown, which settles notation and width
// (class ElementFormat), then a pass that writes them (class Writer). No streams: they depend on the user's
// locale.
#include <xgrad/core/tensor/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include <xgrad/core/types/dispatch.h>
#include <xgrad/core/types/scalar.h>

namespace xgrad {
namespace {

constexpr std::string_view kPrefix = "tensor(";

double load_floating(ScalarType dtype, const void* element) {
  return dispatch<Floats>("print", dtype,
                          [&]<class T>() { return Scalar(*static_cast<const T*>(element)).toDouble(); });
}

std::string integer_text(ScalarType dtype, const void* element) {
  if (dtype == ScalarType::Bool) return *static_cast<const bool*>(element) ? "True" : "False";
  return std::to_string(dispatch<Integers>(
      "print", dtype, [&]<class T>() { return static_cast<std::int64_t>(*static_cast<const T*>(element)); }));
}

std::string floating_text(double value, std::chars_format notation, int precision) {
  if (std::isnan(value)) return "nan";  // whatever its sign bit
  constexpr std::size_t kLongestWhole = 2 + std::numeric_limits<double>::max_exponent10 + 8;
  std::string text(kLongestWhole + static_cast<std::size_t>(precision), '\0');
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, notation, precision).ptr;
  text.resize(static_cast<std::size_t>(end - text.data()));
  return text;
}

/// A view with the rule which of its elements are shown.
class Shown {
 public:
  Shown(const ArrayView& array, const PrintOptions& options)
      : array_(array),
        edge_(options.edgeitems()),
        bytes_(static_cast<std::int64_t>(element_size(array.dtype))) {
    std::int64_t numel = 1;
    for (int d = 0; d < array.ndim; ++d) numel *= array.sizes[d];
    summarised_ = numel > options.threshold();
    empty_ = numel == 0;
  }

  bool empty() const { return empty_; }
  int ndim() const { return array_.ndim; }
  ScalarType dtype() const { return array_.dtype; }
  const char* data() const { return static_cast<const char*>(array_.data); }

  /// Calls item(p) for the shown items of dimension d, which starts at `base`, and gap() in place of the
  /// others.
  template <class Item, class Gap>
  void each(int d, const char* base, const Item& item, const Gap& gap) const {
    const std::int64_t size = array_.sizes[d], step = array_.strides[d] * bytes_;
    const bool cut = summarised_ && size - edge_ > edge_;
    for (std::int64_t i = 0; i < (cut ? edge_ : size); ++i) item(base + i * step);
    if (!cut) return;
    gap();
    for (std::int64_t i = size - edge_; i < size; ++i) item(base + i * step);
  }

  /// Calls f(p) for every element shown below dimension d.
  template <class F>
  void each_element(int d, const char* base, const F& f) const {
    if (d == ndim()) return f(base);
    each(
        d, base, [&](const char* p) { each_element(d + 1, p, f); }, [] {});
  }

 private:
  ArrayView array_;
  std::int64_t edge_;
  std::int64_t bytes_;
  bool summarised_;
  bool empty_;
};

/// Notation and width that all elements share.
class ElementFormat {
 public:
  ElementFormat(const Shown& shown, const PrintOptions& options)
      : dtype_(shown.dtype()), floating_(is_floating_type(dtype_)), precision_(options.precision()) {
    if (floating_) {
      choose_notation(shown, options);
    } else {
      shown.each_element(0, shown.data(), [this](const char* p) { widen(integer_text(dtype_, p).size()); });
    }
  }

  std::size_t width() const { return width_; }

  /// The element, right-aligned; nan and inf may be wider than `width()`.
  std::string operator()(const void* element) const {
    const std::string text =
        floating_ ? floating(load_floating(dtype_, element)) : integer_text(dtype_, element);
    return text.size() < width_ ? std::string(width_ - text.size(), ' ') + text : text;
  }

 private:
  void widen(std::size_t width) { width_ = std::max(width_, width); }

  std::string floating(double value) const {
    if (scientific_) return floating_text(value, std::chars_format::scientific, precision_);
    if (!integral_) return floating_text(value, std::chars_format::fixed, precision_);
    return floating_text(value, std::chars_format::fixed, 0) + (std::isfinite(value) ? "." : "");
  }

  // Zeros, infinities and nan have no say in notation or width.
  void choose_notation(const Shown& shown, const PrintOptions& options) {
    double smallest = std::numeric_limits<double>::infinity(), largest = 0;
    const auto each_number = [&](const auto& f) {
      shown.each_element(0, shown.data(), [&](const char* p) {
        const double value = load_floating(dtype_, p);
        if (value != 0 && std::isfinite(value)) f(value);
      });
    };
    each_number([&](double value) {
      smallest = std::min(smallest, std::abs(value));
      largest = std::max(largest, std::abs(value));
      integral_ = integral_ && value == std::ceil(value);
    });
    if (largest == 0) return;
    scientific_ = largest / smallest > 1000.0 || largest > 1.0e8 || (!integral_ && smallest < 1.0e-4);
    each_number([&](double value) { widen(floating(value).size()); });
    scientific_ = options.sci_mode().value_or(scientific_);  // the width stays, as in Python
  }

  ScalarType dtype_;
  bool floating_;
  int precision_;
  bool integral_ = true;
  bool scientific_ = false;
  std::size_t width_ = 1;
};

/// Writes brackets, elements and line breaks.
class Writer {
 public:
  Writer(std::string& out, const Shown& shown, const PrintOptions& options)
      : out_(out), shown_(shown), format_(shown, options), linewidth_(options.linewidth()) {}

  void write() { write(0, shown_.data()); }

 private:
  void write(int d, const char* base) {
    const int left = shown_.ndim() - d;
    if (left == 0) {
      out_ += format_(base);
    } else if (left == 1) {
      write_row(d, base);
    } else {
      const std::string separator = ',' + std::string(static_cast<std::size_t>(left - 1), '\n') + indent(d);
      bool first = true;
      const auto separate = [&] {
        if (!first) out_ += separator;
        first = false;
      };
      out_ += '[';
      shown_.each(
          d, base,
          [&](const char* p) {
            separate();
            write(d + 1, p);
          },
          [&] {
            separate();
            out_ += "...";
          });
      out_ += ']';
    }
  }

  void write_row(int d, const char* base) {
    const auto room = linewidth_ - static_cast<std::int64_t>(kPrefix.size()) - d;
    const auto per_line = std::max<std::int64_t>(1, room / static_cast<std::int64_t>(format_.width() + 2));
    std::int64_t count = 0;
    const auto separate = [&] {
      if (count > 0) out_ += count % per_line == 0 ? ",\n" + indent(d) : ", ";
      ++count;
    };
    out_ += '[';
    shown_.each(
        d, base,
        [&](const char* p) {
          separate();
          out_ += format_(p);
        },
        [&] {
          separate();
          out_ += " ...";
        });
    out_ += ']';
  }

  /// Blanks up to the column of the first item of dimension d.
  static std::string indent(int d) {
    return std::string(kPrefix.size() + static_cast<std::size_t>(d) + 1, ' ');
  }

  std::string& out_;
  const Shown& shown_;
  ElementFormat format_;
  std::int64_t linewidth_;
};

std::string size_text(const ArrayView& array) {
  std::string text = "size=(";
  for (int d = 0; d < array.ndim; ++d) text += (d > 0 ? ", " : "") + std::to_string(array.sizes[d]);
  return text + ")";
}

std::vector<std::string> suffixes(const ArrayView& array, bool empty, const Suffix& suffix) {
  std::vector<std::string> all;
  if (empty && array.ndim != 1) all.push_back(size_text(array));
  // The elements of an int64 or bool tensor show what it is; an empty one has none.
  const bool understood = array.dtype == get_default_dtype() ||
                          (!empty && (array.dtype == ScalarType::Long || array.dtype == ScalarType::Bool));
  if (!understood) all.push_back(std::string("dtype=torch.") + dtype_name(array.dtype));
  if (!suffix.grad_fn.empty())
    all.push_back("grad_fn=<" + suffix.grad_fn + ">");
  else if (suffix.requires_grad)
    all.push_back("requires_grad=True");
  return all;
}

/// Adds the suffixes, each on a new line if the present one has no room for it.
void append_suffixes(std::string& text, const std::vector<std::string>& all, std::int64_t linewidth) {
  const std::size_t last_break = text.rfind('\n');
  // Python's count of the last line: one too many, two if it is the only line.
  std::size_t column = last_break == std::string::npos ? text.size() + 2 : text.size() - last_break + 1;
  for (const std::string& one : all) {
    if (static_cast<std::int64_t>(column + one.size() + 2) > linewidth) {
      text += ",\n" + std::string(kPrefix.size(), ' ') + one;
      column = kPrefix.size() + one.size();
    } else {
      text += ", " + one;
      column += one.size() + 2;
    }
  }
}

}  // namespace

std::string format_array(const ArrayView& array, const Suffix& suffix, const PrintOptions& options) {
  const Shown shown(array, options);
  std::string text(kPrefix);
  if (shown.empty())
    text += "[]";
  else
    Writer(text, shown, options).write();
  append_suffixes(text, suffixes(array, shown.empty(), suffix), options.linewidth());
  return text + ')';
}

}  // namespace xgrad
