// Resizing, one dimension after the other: each result is a weighted sum of a few rows of the input.
#include <xgrad/core/ops/image/image.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <xgrad/core/kernels/sample/sample.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/bags.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

namespace {

enum class Resize { nearest, nearest_exact, linear, cubic, lanczos };

// Cubic convolution with a = -0.75 (Keys, 1981), at distance t from the second of four.
void cubic_weights(double t, double* w) {
  constexpr double a = -0.75;
  const auto near = [](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  const auto far = [](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  w[0] = far(t + 1);
  w[1] = near(t);
  w[2] = near(1 - t);
  w[3] = far(2 - t);
}

// The rows that the results along one dimension are sums of, in order, and what each counts.
struct Taps {
  std::vector<int64_t> row, begin{0};  // result i: of rows begin[i] to begin[i + 1]
  std::vector<double> weight;

  void add(int64_t r, double w) {
    row.push_back(r);
    weight.push_back(w);
  }
  void end() { begin.push_back(static_cast<int64_t>(row.size())); }
};

// What a row counts at distance x: the triangle, the cubic with a = -0.5, or sinc(x) sinc(x / 3) of Lanczos.
double filter(Resize mode, double x) {
  x = std::abs(x);
  if (mode == Resize::linear) return std::max(1 - x, 0.0);
  if (mode == Resize::cubic)
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  const auto sinc = [](double t) {
    return t == 0 ? 1 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
  };
  return x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

// Where an image shrinks, the filter grows by as much, so that every row counts in some result.
Taps antialiased_taps(Resize mode, int64_t in, int64_t out, bool align_corners, optional<double> factor) {
  double scale = factor && *factor > 0 ? 1 / *factor : static_cast<double>(in) / static_cast<double>(out);
  if (align_corners) scale = out > 1 ? static_cast<double>(in - 1) / static_cast<double>(out - 1) : 0;
  const double reach = mode == Resize::linear ? 1 : mode == Resize::cubic ? 2 : 3;  // of filter
  const double stretch = std::max(scale, 1.0), support = reach * stretch;
  Taps taps;
  for (int64_t i = 0; i < out; ++i) {
    const double center = scale * (static_cast<double>(i) + 0.5);
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(std::floor(center - support + 0.5)), 0);
    const int64_t last = std::min<int64_t>(static_cast<int64_t>(std::floor(center + support + 0.5)), in);
    const auto weight_of = [&](int64_t row) {
      return filter(mode, (static_cast<double>(row) - center + 0.5) / stretch);
    };
    double sum = 0;
    for (int64_t row = first; row < last; ++row) sum += weight_of(row);
    for (int64_t row = first; row < last; ++row) taps.add(row, sum != 0 ? weight_of(row) / sum : 0);
    taps.end();
  }
  return taps;
}

// T is what PyTorch computes coordinates in: neighbours are chosen by its rounding.
template <class T>
Taps taps_of(Resize mode, int64_t in, int64_t out, bool align_corners, optional<double> factor) {
  T scale = factor && *factor > 0 ? static_cast<T>(1 / *factor) : static_cast<T>(in) / static_cast<T>(out);
  if (align_corners) scale = out > 1 ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : T(0);
  Taps taps;
  for (int64_t i = 0; i < out; ++i, taps.end()) {
    const T at = static_cast<T>(i);
    if (mode == Resize::nearest || mode == Resize::nearest_exact) {
      const T place = mode == Resize::nearest ? at * scale : (at + T(0.5)) * scale;
      taps.add(std::min(static_cast<int64_t>(std::floor(place)), in - 1), 1);
      continue;
    }
    T place = align_corners ? at * scale : scale * (at + T(0.5)) - T(0.5);
    if (mode == Resize::linear) place = std::max(place, T(0));
    const auto first = std::min(static_cast<int64_t>(std::floor(place)), in - 1);
    const double t = std::min(std::max(static_cast<double>(place) - static_cast<double>(first), 0.0), 1.0);
    double weights[4] = {1 - t, t};
    if (mode == Resize::cubic) cubic_weights(t, weights);
    const int before = mode == Resize::cubic ? 1 : 0;
    for (int k = -before; k < 2 + before; ++k)
      taps.add(std::clamp<int64_t>(first + k, 0, in - 1), weights[k + before]);
  }
  return taps;
}

template <class T>
Tensor tensor_of(const std::vector<T>& list) {
  Tensor t = new_tensor(scalar_type_of<T>, {static_cast<int64_t>(list.size())});
  std::copy(list.begin(), list.end(), t.data_ptr<T>());
  return t;
}

// Whole numbers of 2^-precision, as fine as 16 bits hold them, of which PyTorch computes bytes. A row that
// counts twice, at a border, counts once as much.
struct WholeTaps {
  std::vector<int64_t> row, begin{0};
  std::vector<int16_t> weight;
  int precision = 0;

  explicit WholeTaps(const Taps& taps) {
    std::vector<double> sums;
    for (std::size_t i = 0; i + 1 < taps.begin.size(); ++i) {
      for (auto t = ops::at(taps.begin[i]); t < ops::at(taps.begin[i + 1]); ++t) {
        if (static_cast<int64_t>(row.size()) > begin.back() && row.back() == taps.row[t]) {
          sums.back() += taps.weight[t];
          continue;
        }
        row.push_back(taps.row[t]);
        sums.push_back(taps.weight[t]);
      }
      begin.push_back(static_cast<int64_t>(row.size()));
    }
    const auto whole = [](double w, int bits) {
      return static_cast<int>(w * (1 << bits) + (w < 0 ? -0.5 : 0.5));
    };
    double most = 0;
    for (const double w : sums) most = std::max(most, w);
    while (precision < 22 && whole(most, precision + 1) < 1 << 15) ++precision;
    for (const double w : sums) weight.push_back(static_cast<int16_t>(whole(w, precision)));
  }
};

struct ResampleBytes : Kernel<1> {
  static constexpr OpName name{"resample_bytes", ""};
  WholeTaps taps;
  Tensor forward(const Tensor& tables) const {
    const Tensor x = tables.contiguous();
    const int64_t out = static_cast<int64_t>(taps.begin.size()) - 1;
    Tensor y = new_tensor(kByte, {x.size(0), out, x.size(2)});
    kernels::sum_byte_bags({x.size(0), x.size(1), out, x.size(2), taps.begin.data(), taps.row.data()},
                           x.data_ptr<uint8_t>(), taps.weight.data(), taps.precision, y.data_ptr<uint8_t>());
    return y;
  }
};

Tensor resize_dim(const Tensor& x, int64_t dim, const Taps& taps, bool weighted) {
  if (!weighted) return index_select(x, dim, tensor_of(taps.row));
  DimVector sizes = x.sizes();
  const auto count = [&](int64_t from, int64_t to) {
    int64_t n = 1;
    for (int64_t d = from; d < to; ++d) n *= x.size(d);
    return n;
  };
  sizes[ops::at(dim)] = static_cast<int64_t>(taps.begin.size()) - 1;
  const Tensor tables = x.reshape({count(0, dim), x.size(dim), count(dim + 1, x.dim())});
  if (x.dtype() == kByte) return differentiable(ResampleBytes{{}, WholeTaps(taps)}, tables).view(sizes);
  const Tensor rows = tensor_of(taps.row), begin = tensor_of(taps.begin), weight = tensor_of(taps.weight);
  return ops::resample(tables, rows, begin, weight.to(x.dtype())).view(sizes);
}

}  // namespace

Tensor detail::resize(const Tensor& self, IntArrayRef output_size, std::string_view mode, bool align_corners,
                      ArrayRef<optional<double>> scales, bool antialias) {
  const Resize how = mode == "nearest"         ? Resize::nearest
                     : mode == "nearest-exact" ? Resize::nearest_exact
                     : mode == "cubic"         ? Resize::cubic
                     : mode == "lanczos"       ? Resize::lanczos
                                               : Resize::linear;
  const bool weighted = how != Resize::nearest && how != Resize::nearest_exact;
  // Bytes are rounded after each dimension, as in PyTorch, which has them for images only.
  const bool bytes = weighted && self.dtype() == kByte && output_size.size() == 2;
  XGRAD_CHECK_AS(TypeError, !weighted || bytes || self.is_floating_point(), "interpolate: mode '", mode,
                 "' needs a floating-point input: it is ", self.dtype());
  DimVector sizes = self.sizes();
  XGRAD_CHECK(self.size(1) > 0, "interpolate: an image needs a channel: input is ", self.sizes());
  for (std::size_t d = 0; d < output_size.size(); ++d) {
    XGRAD_CHECK(output_size[d] > 0 && sizes[d + 2] > 0,
                "interpolate: input and output sizes must be positive: input is ", self.sizes(),
                ", output size is ", output_size);
    sizes[d + 2] = output_size[d];
  }
  checked_numel("interpolate", sizes);
  if (self.numel() == 0) return self.reshape(sizes);
  new_tensor(self.dtype(), sizes);  // which throws where no memory would do, before there are lists as long
  const bool wide = self.dtype() == kDouble || bytes, half = compute_type(self.dtype()) != self.dtype();
  const bool last = self.suggest_memory_format() != MemoryFormat::Contiguous;  // channels
  Tensor x = half && weighted && !bytes ? self.to(kFloat) : self;
  if (last) x = x.movedim(1, -1);
  // What becomes smaller does so first along the rows, which are read as they lie.
  const bool rows_first = numel_of(sizes) < self.numel() && !bytes;
  for (std::size_t k = output_size.size(); k-- > 0;) {
    const std::size_t d = rows_first ? output_size.size() - 1 - k : k;
    const int64_t dim = static_cast<int64_t>(d) + (last ? 1 : 2);
    const optional<double> scale = scales.empty() ? nullopt : scales[d];
    const int64_t in = x.size(dim), out = output_size[d];
    // As many rows as before are the rows themselves, if they are at their own places or, whatever the scale,
    // where PyTorch copies: between two rows, smoothed, and the nearest pixels of an image of the same size.
    const bool image = output_size.size() == 2 && IntArrayRef(sizes) == self.sizes();
    const bool copied = how == Resize::linear || antialias || (how == Resize::nearest && image);
    if (in == out && (!scale || *scale == 1 || copied)) continue;
    x = resize_dim(x, dim,
                   antialias ? antialiased_taps(how, in, out, align_corners, scale)
                   : wide    ? taps_of<double>(how, in, out, align_corners, scale)
                             : taps_of<float>(how, in, out, align_corners, scale),
                   weighted);
  }
  return (last ? x.movedim(-1, 1) : x).to(self.dtype());
}

namespace {

template <class... Scale>
Tensor upsample(const char* op, const Tensor& self, IntArrayRef output_size, const char* mode,
                bool align_corners, bool antialias, Scale... scale) {
  constexpr std::size_t dims = sizeof...(Scale);
  XGRAD_CHECK(self.dim() == dims + 2 && output_size.size() == dims, op, ": needs an input of ", dims + 2,
              " dimensions and an output_size of ", dims, ": self is ", self.sizes(), ", output_size is ",
              output_size);
  const optional<double> scales[] = {scale...};
  return detail::resize(self, output_size, mode, align_corners, ArrayRef<optional<double>>(scales, dims),
                        antialias);
}

}  // namespace

using Scale = optional<double>;  // of this file alone

#define XGRAD_UPSAMPLE_NEAREST(infix, mode)                                                            \
  Tensor infix##1d(const Tensor& self, IntArrayRef output_size, Scale scales) {                        \
    return upsample(#infix "1d", self, output_size, mode, false, false, scales);                       \
  }                                                                                                    \
  Tensor infix##2d(const Tensor& self, IntArrayRef output_size, Scale scales_h, Scale scales_w) {      \
    return upsample(#infix "2d", self, output_size, mode, false, false, scales_h, scales_w);           \
  }                                                                                                    \
  Tensor infix##3d(const Tensor& self, IntArrayRef output_size, Scale scales_d, Scale scales_h,        \
                   Scale scales_w) {                                                                   \
    return upsample(#infix "3d", self, output_size, mode, false, false, scales_d, scales_h, scales_w); \
  }
XGRAD_UPSAMPLE_NEAREST(upsample_nearest, "nearest")
XGRAD_UPSAMPLE_NEAREST(_upsample_nearest_exact, "nearest-exact")
#undef XGRAD_UPSAMPLE_NEAREST

Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners, Scale scales) {
  return upsample("upsample_linear1d", self, output_size, "linear", align_corners, false, scales);
}
Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners, Scale scales_d,
                            Scale scales_h, Scale scales_w) {
  return upsample("upsample_trilinear3d", self, output_size, "linear", align_corners, false, scales_d,
                  scales_h, scales_w);
}
#define XGRAD_UPSAMPLE2D(name, mode, antialias)                                                    \
  Tensor name(const Tensor& self, IntArrayRef output_size, bool align_corners, Scale scales_h,     \
              Scale scales_w) {                                                                    \
    return upsample(#name, self, output_size, mode, align_corners, antialias, scales_h, scales_w); \
  }
XGRAD_UPSAMPLE2D(upsample_bilinear2d, "linear", false)
XGRAD_UPSAMPLE2D(upsample_bicubic2d, "cubic", false)
XGRAD_UPSAMPLE2D(_upsample_bilinear2d_aa, "linear", true)
XGRAD_UPSAMPLE2D(_upsample_bicubic2d_aa, "cubic", true)
XGRAD_UPSAMPLE2D(_upsample_lanczos2d_aa, "lanczos", true)
#undef XGRAD_UPSAMPLE2D

}  // namespace xgrad
