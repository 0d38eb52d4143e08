// Average pooling and its transpose: two linear ops, each the derivative of the other.
#include <xgrad/core/ops/pool/pool.h>

#include <xgrad/core/ops/pool/windows.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using ops::Pooling;

// Images of `sizes` that f makes of those of `from`, in their format, computed in `dtype`.
template <class F>
Tensor pooled(const Pooling& pooling, const Tensor& from, ScalarType dtype, const int64_t (&sizes)[3],
              const F& f) {
  const MemoryFormat format = ops::image_format(from, pooling.dims);
  const Tensor x = from.to(dtype).contiguous(format);
  Tensor y = new_in_format("avg_pool", dtype, ops::with_images(from, pooling.dims, sizes), format);
  const int64_t width = format == MemoryFormat::Contiguous ? 1 : from.size(1);
  const int64_t pixels = sizes[0] * sizes[1] * sizes[2];
  if (y.numel() > 0)
    dispatch<ComputeFloats>("avg_pool", dtype, [&]<class T>() {
      const ops::Windows windows(pooling, y.numel() / (pixels * width), width);
      f.template operator()<T>(windows.shape(), static_cast<const T*>(x.data_ptr()),
                               static_cast<T*>(y.data_ptr()));
    });
  return y;
}

Tensor spread(const Pooling& pooling, const Tensor& g);

struct AvgPool : Kernel<1> {
  static constexpr OpName name{"avg_pool", "AvgPoolBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  void attributes(auto& put) const { pooling.attributes(put); }
  Tensor forward(const Tensor& self) const {
    const bool whole = !self.is_floating_point();  // of whole numbers the fraction is cut off
    const Tensor y = pooled(pooling, self, whole ? kDouble : compute_type(self.dtype()), pooling.out,
                            []<class T>(const kernels::PoolShape& s, const T* x, T* averages) {
                              kernels::average_pool(s, x, averages);
                            });
    return (whole ? y.trunc() : y).to(self.dtype());
  }
  Tensor backward(const Tensor& g) const { return spread(pooling, g); }
  using saved = Saved<>;
};

struct AvgPoolSpread : Kernel<1> {
  static constexpr OpName name{"avg_pool_spread", "AvgPoolSpreadBackward"};
  static constexpr bool linear = true;
  Pooling pooling;
  Tensor forward(const Tensor& g) const {
    return pooled(pooling, g, compute_type(g.dtype()), pooling.in,
                  []<class T>(const kernels::PoolShape& s, const T* y, T* x) {
                    kernels::spread_windows(s, y, x);
                  })
        .to(g.dtype());
  }
  Tensor backward(const Tensor& g) const { return differentiable(AvgPool{{}, pooling}, g); }
  using saved = Saved<>;
};

Tensor spread(const Pooling& pooling, const Tensor& g) {
  return differentiable(AvgPoolSpread{{}, pooling}, g);
}

// A window that is the image is what reductions are made for.
Tensor average(const Pooling& p, const Tensor& self) {
  bool whole = self.is_floating_point() && p.divisor == 0;
  for (int d = 0; d < 3; ++d)
    whole = whole && p.out[d] == 1 && (p.adaptive || (p.kernel[d] == p.in[d] && p.padding[d] == 0));
  if (!whole) return differentiable(AvgPool{{}, p}, self);
  const int64_t dims[] = {-1, -2, -3};
  return mean(self, IntArrayRef(dims, static_cast<std::size_t>(p.dims)), true);
}

Tensor average(const char* op, int dims, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
               IntArrayRef padding, bool ceil_mode, bool count_include_pad, optional<int64_t> divisor) {
  XGRAD_CHECK_AS(ValueError, divisor.value_or(1) != 0, op, ": divisor_override must not be 0");
  Pooling pooling = ops::windows_of(op, dims, self, kernel_size, stride, padding, 1, ceil_mode);
  pooling.count_include_pad = count_include_pad;
  pooling.divisor = divisor.value_or(0);
  return average(pooling, self);
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
  return average(ops::adaptive_windows("adaptive_avg_pool1d", 1, self, output_size, true), self);
}
Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size) {
  return average(ops::adaptive_windows("adaptive_avg_pool2d", 2, self, output_size, true), self);
}
Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size) {
  return average(ops::adaptive_windows("adaptive_avg_pool3d", 3, self, output_size), self);
}

}  // namespace xgrad
