// Average pooling and its transpose: two linear ops, each the derivative of the other.
#include <xgrad/core/ops/pool/pool.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/sample/sample.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/pool/windows.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using ops::Pooling;

// Sums of windows, each divided by `divisor` (0: by what it counts), or, `spreads`, the transpose. x is
// [tables, pixels, width].
Tensor summed(const ops::DimWindows& windows, bool spreads, int64_t divisor, const Tensor& x) {
  const int64_t in = windows.in, out = windows.out(), tables = x.size(0), width = x.size(2);
  Tensor y = new_tensor(x.dtype(), {tables, spreads ? in : out, width});
  const kernels::Bags bags{tables, in, out, width, windows.begin.data(), windows.pixel.data()};
  dispatch<ComputeFloats>("avg_pool", x.dtype(), [&]<class T>() {
    std::vector<T> weight;
    for (std::size_t i = 0; i < windows.count.size(); ++i)
      weight.resize(ops::at(windows.begin[i + 1]),
                    T(1) / static_cast<T>(divisor != 0 ? divisor : windows.count[i]));
    if (!spreads) return kernels::sum_bags(bags, x.data_ptr<T>(), weight.data(), y.data_ptr<T>());
    std::vector<int64_t> begin(ops::at(in + 1)), place(weight.size()), order(weight.size());
    kernels::turn_bags(bags, begin.data(), place.data(), order.data());
    std::vector<T> turned;
    for (const int64_t t : order) turned.push_back(weight[ops::at(t)]);
    kernels::sum_bags({tables, out, in, width, begin.data(), place.data()}, x.data_ptr<T>(), turned.data(),
                      y.data_ptr<T>());
  });
  return y;
}

// Whole numbers are divided last, and what is left of it cut off.
void divide(const std::vector<ops::DimWindows>& windows, const Pooling& pooling, const Tensor& sums) {
  std::vector<int64_t> divisors{1};
  for (const ops::DimWindows& w : windows) {
    std::vector<int64_t> next;
    for (const int64_t d : divisors)
      for (const int64_t count : w.count) next.push_back(d * count);
    divisors = std::move(next);
  }
  auto* const sum = sums.data_ptr<double>();
  for (int64_t i = 0; i < sums.numel(); ++i) {
    const int64_t by = pooling.divisor != 0 ? pooling.divisor : divisors[ops::at(i) % divisors.size()];
    sum[i] = std::trunc(sum[i] / static_cast<double>(by));
  }
}

// The images that averages make of those of `from`, or, `spreads`, the transpose. Channels that are last stay
// so.
Tensor pooled(const Pooling& pooling, const Tensor& from, bool spreads) {
  const bool last = ops::image_format(from, pooling.dims) != MemoryFormat::Contiguous;
  const bool whole = !from.is_floating_point();
  DimVector sizes = ops::with_images(from, pooling.dims, spreads ? pooling.in : pooling.out);
  if (from.numel() == 0) return zeros(sizes, from.options());
  int64_t tables = 1, width = last ? sizes[1] : 1;
  for (std::size_t d = 0; d < sizes.size() - ops::at(pooling.dims); ++d)
    tables *= d == 1 && last ? 1 : sizes[d];
  const std::vector<ops::DimWindows> windows = ops::windows_by_dim(pooling);
  for (const ops::DimWindows& w : windows) width *= spreads ? w.out() : w.in;
  Tensor x =
      (last ? from.movedim(1, -1) : from).to(whole ? kDouble : compute_type(from.dtype())).contiguous();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const ops::DimWindows& w = windows[i];
    const int64_t pixels = spreads ? w.out() : w.in;
    const int64_t divisor = whole ? 1 : pooling.divisor == 0 ? 0 : i == 0 ? pooling.divisor : 1;
    width /= pixels;
    x = summed(w, spreads, divisor, x.view({tables, pixels, width}));
    tables *= x.size(1);
  }
  if (whole) divide(windows, pooling, x);
  if (last) {
    sizes.push_back(sizes[1]);
    sizes.erase(1);
  }
  x = x.view(sizes).to(from.dtype());
  return last ? x.movedim(-1, 1) : x;
}

Tensor spread(const Pooling& pooling, const Tensor& g);

struct AvgPool : Kernel<1> {
  static constexpr OpName name{"avg_pool", "AvgPoolBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  void attributes(auto& put) const { pooling.attributes(put); }
  Tensor forward(const Tensor& self) const { return pooled(pooling, self, false); }
  Tensor backward(const Tensor& g) const { return spread(pooling, g); }
  using saved = Saved<>;
};

struct AvgPoolSpread : Kernel<1> {
  static constexpr OpName name{"avg_pool_spread", "AvgPoolSpreadBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  Tensor forward(const Tensor& g) const { return pooled(pooling, g, true); }
  Tensor backward(const Tensor& g) const { return differentiable(AvgPool{{}, pooling}, g); }
  using saved = Saved<>;
};

Tensor spread(const Pooling& pooling, const Tensor& g) {
  return differentiable(AvgPoolSpread{{}, pooling}, g);
}

Tensor average(const char* op, int dims, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
               IntArrayRef padding, bool ceil_mode, bool count_include_pad, optional<int64_t> divisor) {
  XGRAD_CHECK_AS(ValueError, divisor.value_or(1) != 0, op, ": divisor_override must not be 0");
  Pooling pooling = ops::windows_of(op, dims, self, kernel_size, stride, padding, 1, ceil_mode);
  pooling.count_include_pad = count_include_pad;
  pooling.divisor = divisor.value_or(0);
  return differentiable(AvgPool{{}, pooling}, self);
}

Tensor adaptive_average(const Pooling& pooling, const Tensor& self) {
  const auto is_one = [](int64_t n) { return n == 1; };
  const bool whole = std::all_of(std::begin(pooling.out), std::end(pooling.out), is_one);
  if (!whole || !self.is_floating_point()) return differentiable(AvgPool{{}, pooling}, self);
  const int64_t dims[] = {-1, -2, -3};  // a window that is the image: what reductions are made for
  return mean(self, IntArrayRef(dims, static_cast<std::size_t>(pooling.dims)), true);
}

}  // namespace

Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad) {
  return average("avg_pool1d", 1, self, kernel_size, stride, padding, ceil_mode, count_include_pad, nullopt);
}
Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad, optional<int64_t> divisor_override) {
  return average("avg_pool2d", 2, self, kernel_size, stride, padding, ceil_mode, count_include_pad,
                 divisor_override);
}
Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad, optional<int64_t> divisor_override) {
  return average("avg_pool3d", 3, self, kernel_size, stride, padding, ceil_mode, count_include_pad,
                 divisor_override);
}

Tensor adaptive_avg_pool1d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_average(ops::adaptive_windows("adaptive_avg_pool1d", 1, self, output_size, true), self);
}
Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_average(ops::adaptive_windows("adaptive_avg_pool2d", 2, self, output_size, true), self);
}
Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size) {
  return adaptive_average(ops::adaptive_windows("adaptive_avg_pool3d", 3, self, output_size), self);
}

}  // namespace xgrad
