// Tensors as LibTorch writes them: all elements, columns that fit the line, and the type behind.
#pragma once

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>

#include <xgrad/core/tensor/printing.h>
#include <xgrad/xgrad.h>

namespace xgrad::compat {

/// `Float`, `Long`, ...
inline const char* toString(ScalarType t) { return detail::enumerator_name(t); }

/// How the numbers of one tensor are written: all in one notation, width and scale.
class NumberFormat {
 public:
  NumberFormat(std::ostream& out, const double* first, int64_t count) : out_(out) {
    double least = 0, most = 0;
    bool any = false, whole = true;
    for (int64_t i = 0; i < count; ++i) {
      if (!std::isfinite(first[i])) continue;
      const double size = std::fabs(first[i]);
      least = any ? std::min(least, size) : size;
      // A negative number counts where it is the first alone: so LibTorch chooses a notation.
      if (!any || first[i] > most) most = size;
      whole = whole && size == std::ceil(size);
      any = true;
    }
    const int small = exponent(least), large = exponent(most);
    if (whole) {
      width_ = large > 9 ? 11 : large + 1;
      if (large > 9) scientific();
    } else if (large - small > 4) {
      width_ = 11 + (std::abs(large) > 99 || std::abs(small) > 99);
      scientific();
    } else {
      if (large > 5 || large < 0) scale_ = std::pow(10.0, large - 1);
      width_ = large > 5 || large <= 0 ? 7 : large + 6;
      out_ << std::fixed << std::setprecision(4);
    }
  }

  int width() const { return width_; }
  bool is_scaled() const { return scale_ != 1; }
  void scale_line(int indent) const {
    if (!is_scaled()) return;
    std::ostringstream plain;
    plain << scale_ << " *\n";
    out_ << plain.str() << std::setw(indent) << "";
  }
  void number(double value) const { out_ << std::setw(width_) << value / scale_; }

 private:
  static int exponent(double size) {
    return size == 0 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1;
  }
  void scientific() { out_ << std::scientific << std::setprecision(4); }

  std::ostream& out_;
  int width_ = 0;
  double scale_ = 1;
};

inline void print_matrix(std::ostream& out, const double* first, int64_t rows, int64_t columns,
                         int64_t line_size, int indent) {
  const NumberFormat format(out, first, rows * columns);
  const int64_t fit = std::max<int64_t>(1, (line_size - indent) / (format.width() + 1));
  out << std::setw(indent) << "";
  for (int64_t left = 0; left < columns; left += fit) {
    const int64_t right = std::min(left + fit, columns);
    if (fit < columns)
      out << (left > 0 ? "\n" : "") << "Columns " << left + 1 << " to " << right << std::setw(indent) << "";
    format.scale_line(indent);
    for (int64_t i = 0; i < rows; ++i) {
      if (i > 0) out << std::setw(indent + format.is_scaled()) << "";  // one more: as LibTorch has it
      for (int64_t j = left; j < right; ++j) {
        format.number(first[i * columns + j]);
        out << (j + 1 < right ? " " : "\n");
      }
    }
  }
}

inline void print_elements(std::ostream& out, const Tensor& t, int64_t line_size) {
  const Tensor plain = t.detach().to(kDouble).contiguous();
  const double* const first = plain.data_ptr<double>();
  if (t.dim() == 0) {
    out << std::defaultfloat << *first << '\n';
  } else if (t.dim() == 1) {
    if (t.numel() == 0) return;
    const NumberFormat format(out, first, t.numel());
    format.scale_line(0);
    for (int64_t i = 0; i < t.numel(); ++i) {
      format.number(first[i]);
      out << '\n';
    }
  } else if (t.numel() > 0) {
    const int64_t rows = t.size(-2), columns = t.size(-1), matrices = t.numel() / (rows * columns);
    for (int64_t m = 0; m < matrices; ++m) {
      if (t.dim() > 2) {
        out << (m > 0 ? "\n" : "") << '(';
        int64_t rest = matrices, index = m;
        for (int64_t d = 0; d + 2 < t.dim(); ++d) {
          rest /= t.size(d);
          out << index / rest + 1 << ',';
          index %= rest;
        }
        out << ".,.) = \n";
      }
      print_matrix(out, first + m * rows * columns, rows, columns, line_size, t.dim() > 2 ? 1 : 0);
    }
  }
}

inline void print(std::ostream& out, const Tensor& t, int64_t line_size) {
  if (!t.defined()) {
    out << "[ Tensor (undefined) ]";
    return;
  }
  const std::ios saved(nullptr);
  std::ios format(nullptr);
  format.copyfmt(out);
  out.copyfmt(saved);
  out.precision(format.precision());
  print_elements(out, t, line_size);
  out << "[ CPU" << toString(t.scalar_type()) << "Type{";
  for (int64_t d = 0; d < t.dim(); ++d) out << (d > 0 ? "," : "") << t.size(d);
  out << "} ]";
  out.copyfmt(format);
}

/// A dtype's C++ type, as LibTorch writes what `Tensor::dtype()` gives.
inline const char* cpp_name(ScalarType t) {
  switch (t) {
    case kLong:
      return "long int";
    case kShort:
      return "short int";
    case kChar:
      return "signed char";
    case kByte:
      return "unsigned char";
    case kHalf:
      return "c10::Half";
    case kBFloat16:
      return "c10::BFloat16";
#define XGRAD_COMPAT_DTYPE(Name, type) \
  case ScalarType::Name:               \
    return #type;
      XGRAD_COMPAT_DTYPE(Float, float)
      XGRAD_COMPAT_DTYPE(Double, double)
      XGRAD_COMPAT_DTYPE(Int, int)
      XGRAD_COMPAT_DTYPE(Bool, bool)
#undef XGRAD_COMPAT_DTYPE
    default:
      return "Undefined";
  }
}

/// Which `std::cout << tensor` follows, wherever this header is included.
inline const bool prints_as_libtorch =
    (set_tensor_printer([](std::ostream& out, const Tensor& t) { print(out, t, 80); }),
     set_dtype_names(cpp_name), true);

}  // namespace xgrad::compat
