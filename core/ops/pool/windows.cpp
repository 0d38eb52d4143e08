// The rules by which windows are laid out, the same for all pooling.
#include <xgrad/core/ops/pool/windows.h>

#include <algorithm>

#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/conv/sizes.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::ops {

namespace {

// Rounded up, the last window must begin within the image or the padding before it.
int64_t count_windows(int64_t room, int64_t stride, bool up, int64_t size, int64_t padding) {
  const int64_t n = (room + (up ? stride - 1 : 0)) / stride + 1;
  return up && (n - 1) * stride >= size + padding ? n - 1 : n;
}

kernels::PoolWindow window_of(const Pooling& p, int d, int64_t i) {
  const int64_t size = p.in[d];
  if (p.adaptive) {
    const int64_t n = p.out[d], whole = size / n, rest = size % n;
    const int64_t begin = i * whole + i * rest / n, end = (i + 1) * whole + ((i + 1) * rest + n - 1) / n;
    return {begin, end, 1, end - begin};
  }
  const int64_t first = i * p.stride[d] - p.padding[d], step = p.dilation[d];
  const int64_t last = first + (p.kernel[d] - 1) * step + 1;
  const int64_t end = std::min(last, size);
  const int64_t begin = first < 0 ? first + (-first + step - 1) / step * step : first;
  // Steps may lead past all of a small image: nothing is read, at a place that is there.
  if (begin >= end) return {std::min(begin, size - 1), 0, step, 1};
  return {begin, end, step, p.count_include_pad ? std::min(last, size + p.padding[d]) - first : end - begin};
}

// Windows of two dimensions, row by row.
DimWindows product(const DimWindows& rows, const DimWindows& columns) {
  DimWindows both{rows.in * columns.in, {}, {0}, {}};
  for (std::size_t i = 0; i < rows.count.size(); ++i)
    for (std::size_t j = 0; j < columns.count.size(); ++j) {
      for (int64_t r = rows.begin[i]; r < rows.begin[i + 1]; ++r)
        for (int64_t c = columns.begin[j]; c < columns.begin[j + 1]; ++c)
          both.pixel.push_back(rows.pixel[at(r)] * columns.in + columns.pixel[at(c)]);
      both.begin.push_back(static_cast<int64_t>(both.pixel.size()));
      both.count.push_back(rows.count[i] * columns.count[j]);
    }
  return both;
}

}  // namespace

void check_images(const char* op, int dims, const Tensor& self, optional<int64_t> may_be_empty) {
  XGRAD_CHECK(self.dim() == dims + 1 || self.dim() == dims + 2, op, ": input must have ", dims + 1, " or ",
              dims + 2, " dimensions: input is ", self.sizes());
  XGRAD_CHECK_AS(TypeError, xgrad::detail::is_number(self.dtype()), op, ": input must hold numbers: it is ",
                 self.dtype());
  const auto from = static_cast<std::size_t>(may_be_empty.value_or(self.dim() - dims - 1));
  for (const int64_t size : window_sizes(op, "input", self, from))
    XGRAD_CHECK(
        size > 0, op,
        from > 1 ? ": images must not be empty: input is " : ": only the batch may be empty: input is ",
        self.sizes());
}

Pooling windows_of(const char* op, int dims, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {
  const auto n = static_cast<std::size_t>(dims);
  const DimVector kernel = positive_list(op, "kernel_size", kernel_size, n);
  const DimVector steps = stride.empty() ? kernel : positive_list(op, "stride", stride, n);
  const DimVector margin = expanded_list(op, "padding", padding, n);
  const DimVector apart = positive_list(op, "dilation", dilation, n);
  check_images(op, dims, self);
  Pooling p{dims, false, true, 0, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}};
  const IntArrayRef sizes = self.sizes().slice(self.sizes().size() - n);
  for (std::size_t d = 0; d < n; ++d) {
    const std::size_t at = 3 - n + d;
    const int64_t window = apart[d] * (kernel[d] - 1) + 1, padded = sizes[d] + 2 * margin[d];
    XGRAD_CHECK(margin[d] <= window / 2, op, ": padding must be at most half of the window: padding is ",
                margin, ", kernel_size is ", kernel, ", dilation is ", apart, " (dim ", d, ": ", margin[d],
                " vs ", window, " / 2)");
    XGRAD_CHECK(window <= padded || ceil_mode, op,
                ": the window must not be larger than the padded input: input is ", self.sizes(),
                ", kernel_size is ", kernel, ", padding is ", margin, ", dilation is ", apart, " (dim ", d,
                ": ", window, " vs ", padded, ")");
    p.in[at] = sizes[d];
    p.kernel[at] = kernel[d];
    p.stride[at] = steps[d];
    p.padding[at] = margin[d];
    p.dilation[at] = apart[d];
    const int64_t room = padded - window;
    p.out[at] = room < 0 && room + steps[d] - 1 < 0
                    ? 0
                    : count_windows(room, steps[d], ceil_mode, sizes[d], margin[d]);
    XGRAD_CHECK(p.out[at] > 0, op, ": there is no window: input is ", self.sizes(), ", kernel_size is ",
                kernel);
  }
  checked_numel(op, with_images(self, dims, p.out));
  return p;
}

Pooling adaptive_windows(const char* op, int dims, const Tensor& self, IntArrayRef output_size,
                         bool no_channels) {
  const auto n = static_cast<std::size_t>(dims);
  const DimVector wanted = expanded_list(op, "output_size", output_size, n);
  check_images(op, dims, self, no_channels ? self.dim() - dims : 1);
  Pooling p{dims, true, false, 0, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}};
  for (std::size_t d = 0; d < n; ++d) {
    p.in[3 - n + d] = self.sizes()[self.sizes().size() - n + d];
    p.out[3 - n + d] = wanted[d];
  }
  checked_numel(op, with_images(self, dims, p.out));
  return p;
}

DimVector with_images(const Tensor& self, int dims, const int64_t (&sizes)[3]) {
  DimVector result = self.sizes();
  for (int d = 0; d < dims; ++d)
    result[result.size() - static_cast<std::size_t>(dims - d)] = sizes[3 - dims + d];
  return result;
}

ScalarType pool_dtype(ScalarType stored) {
  return is_integral_type(stored, false) ? ScalarType::Long : compute_type(stored);
}

MemoryFormat image_format(const Tensor& images, int dims) {
  return images.dim() == dims + 2 ? images.suggest_memory_format() : MemoryFormat::Contiguous;
}

Windows::Windows(const Pooling& p, int64_t images, int64_t width) {
  shape_ = {images, width,      {p.in[0], p.in[1], p.in[2]}, {p.out[0], p.out[1], p.out[2]}, {}, 0,
            0,      p.stride[2]};
  for (int d = 0; d < 3; ++d) {
    auto& list = lists_[static_cast<std::size_t>(d)];
    list.reserve(static_cast<std::size_t>(p.out[d]));
    for (int64_t i = 0; i < p.out[d]; ++i) list.push_back(window_of(p, d, i));
    shape_.windows[d] = list.data();
  }
  // Those that lie in the image altogether are alike. Their places must fit the loops' 32 bits.
  if (p.adaptive || shape_.in_pixels() >= INT32_MAX) return;
  const int64_t window = (p.kernel[2] - 1) * p.dilation[2] + 1;
  const int64_t first = (p.padding[2] + p.stride[2] - 1) / p.stride[2],
                room = p.in[2] + p.padding[2] - window;
  if (room < 0) return;
  shape_.first = std::min(first, p.out[2]);
  shape_.last = std::clamp(room / p.stride[2] + 1, shape_.first, p.out[2]);
}

std::vector<DimWindows> windows_by_dim(const Pooling& p) {
  constexpr std::size_t few = 16;  // entries for each pixel
  std::vector<DimWindows> all;
  for (int d = 3 - p.dims; d < 3; ++d) {
    DimWindows along{p.in[d], {}, {0}, {}};
    for (int64_t i = 0; i < p.out[d]; ++i) {
      const kernels::PoolWindow w = window_of(p, d, i);
      for (int64_t pixel = w.begin; pixel < w.end; pixel += w.step) along.pixel.push_back(pixel);
      along.begin.push_back(static_cast<int64_t>(along.pixel.size()));
      along.count.push_back(w.count);
    }
    if (all.empty() || all.back().pixel.size() * along.pixel.size() > few * at(all.back().in * along.in))
      all.push_back(std::move(along));
    else
      all.back() = product(all.back(), along);
  }
  return all;
}

}  // namespace xgrad::ops
