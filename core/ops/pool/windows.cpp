// The rules by which windows are laid out, the same for all pooling.
#include <xgrad/core/ops/pool/windows.h>

#include <algorithm>
#include <utility>

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

kernels::PoolWindow moved(const kernels::PoolWindow& w, int64_t by) {
  return {w.begin + by, w.end + by, w.step, w.count};
}

// The first of the windows that lie in the image altogether, and the one behind the last of them.
std::pair<int64_t, int64_t> alike(const Pooling& p, int d) {
  if (p.adaptive) return {0, p.out[d] > 0 && p.in[d] % p.out[d] == 0 ? p.out[d] : 0};
  const int64_t room = p.in[d] + p.padding[d] - ((p.kernel[d] - 1) * p.dilation[d] + 1);
  if (room < 0) return {0, 0};
  const int64_t first = std::min((p.padding[d] + p.stride[d] - 1) / p.stride[d], p.out[d]);
  return {first, std::clamp(room / p.stride[d] + 1, first, p.out[d])};
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
  shape_ = {images, width, p.divisor, {p.in[0], p.in[1], p.in[2]}, {p.out[0], p.out[1], p.out[2]}, {},
            0,      0,     0};
  for (int d = 0; d < 3; ++d) {
    auto& list = lists_[static_cast<std::size_t>(d)];
    list.resize(at(p.out[d]));
    shape_.windows[d] = list.data();
    const auto [first, last] = alike(p, d);
    shape_.stride = p.adaptive ? p.in[d] / std::max<int64_t>(p.out[d], 1) : p.stride[d];
    for (int64_t i = 0; i < p.out[d]; ++i) {
      const bool known = i > first && i < last;
      list[at(i)] = known ? moved(list[at(first)], (i - first) * shape_.stride) : window_of(p, d, i);
    }
    if (d < 2 || shape_.in_pixels() >= INT32_MAX) continue;  // the loops' places have 32 bits
    shape_.first = first;
    shape_.last = last;
  }
}

}  // namespace xgrad::ops
