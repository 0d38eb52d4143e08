// Average pooling and its transpose: two linear ops, each the derivative of the other.
#include <xgrad/core/ops/pool/pool.h>

#include <xgrad/core/ops/pool/windows.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using ops::Pooling;

// The images of `sizes` that a kernel makes of those of `from`, where there are any.
template <class Run>
Tensor pooled(const Pooling& pooling, const Tensor& from, const int64_t (&sizes)[3], const Run& run) {
  const ScalarType dtype = ops::pool_dtype(from.dtype());
  const Tensor x = from.to(dtype).contiguous();
  Tensor y = new_tensor(dtype, ops::with_images(from, pooling.dims, sizes));
  const int64_t pixels = sizes[0] * sizes[1] * sizes[2];
  if (y.numel() > 0)
    dispatch<TypeList<float, double, int64_t>>("avg_pool", dtype, [&]<class T>() {
      const ops::Windows windows(pooling, y.numel() / pixels);
      run(windows.shape(), static_cast<const T*>(x.data_ptr()), static_cast<T*>(y.data_ptr()));
    });
  return y.to(from.dtype());
}

Tensor spread(const Pooling& pooling, const Tensor& g);

struct AvgPool : Kernel<1> {
  static constexpr OpName name{"avg_pool", "AvgPoolBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  void attributes(auto& put) const { pooling.attributes(put); }
  Tensor forward(const Tensor& self) const {
    return pooled(pooling, self, pooling.out,
                  [](const auto& shape, const auto* x, auto* y) { kernels::average_pool(shape, x, y); });
  }
  Tensor backward(const Tensor& g) const { return spread(pooling, g); }
  using saved = Saved<>;
};

struct AvgPoolSpread : Kernel<1> {
  static constexpr OpName name{"avg_pool_spread", "AvgPoolSpreadBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  Tensor forward(const Tensor& g) const {
    return pooled(pooling, g, pooling.in,
                  [](const auto& shape, const auto* y, auto* x) { kernels::average_spread(shape, y, x); });
  }
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
  return differentiable(AvgPool{{}, ops::adaptive_windows("adaptive_avg_pool1d", 1, self, output_size, true)},
                        self);
}
Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size) {
  return differentiable(AvgPool{{}, ops::adaptive_windows("adaptive_avg_pool2d", 2, self, output_size, true)},
                        self);
}
Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size) {
  return differentiable(AvgPool{{}, ops::adaptive_windows("adaptive_avg_pool3d", 3, self, output_size)},
                        self);
}

}  // namespace xgrad
