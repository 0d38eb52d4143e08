// Max pooling of every kind: values, the places where they were found, and the way back through those places.
#include <xgrad/core/ops/pool/pool.h>

#include <algorithm>

#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/conv/sizes.h>
#include <xgrad/core/ops/pool/windows.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using ops::Pooling;
using PoolTypes = TypeList<float, double, int64_t>;

int64_t pixels_of(IntArrayRef sizes, int dims) {
  return numel_of(sizes.slice(sizes.size() - static_cast<std::size_t>(dims)));
}
// The channels that lie side by side in this format.
int64_t width_of(const Tensor& images, MemoryFormat format) {
  return format == MemoryFormat::Contiguous ? 1 : images.size(1);
}
template <class T>
T* elements(const Tensor& t) {
  return static_cast<T*>(t.data_ptr());
}
const int64_t* places_of(const Tensor& t) { return static_cast<const int64_t*>(t.data_ptr()); }

Tensor take_pixels(const Tensor& images, const Tensor& indices, int dims);

// The transpose of TakePixels, or with `replace` of max_unpool's writing.
struct PutPixels : Kernel<2> {
  static constexpr OpName name{"put_pixels", "PutPixelsBackward"};
  int dims;
  bool replace;
  DimVector sizes;
  Tensor forward(const Tensor& values, const Tensor& indices) const {
    const ScalarType dtype = ops::pool_dtype(values.dtype());
    const MemoryFormat format = ops::image_format(indices, dims);
    const Tensor y = values.to(dtype).contiguous(format), places = indices.contiguous(format),
                 x = new_in_format("put_pixels", dtype, sizes, format);
    const int64_t width = width_of(x, format), in = pixels_of(sizes, dims),
                  out = pixels_of(values.sizes(), dims);
    if (x.numel() > 0)
      dispatch<PoolTypes>("put_pixels", dtype, [&]<class T>() {
        kernels::put_pixels<T>(x.numel() / (in * width), width, in, out, elements<T>(y), places_of(places),
                               replace, elements<T>(x));
      });
    return x.to(values.dtype());
  }
  Tensor backward_0(const Tensor& g, const Tensor& indices) const { return take_pixels(g, indices, dims); }
  using saved_0 = Saved<In<1>>;
  Tensor tangent_0(const Tensor& t, const Tensor& indices) const { return differentiable(*this, t, indices); }
};

struct TakePixels : Kernel<2> {
  static constexpr OpName name{"take_pixels", "TakePixelsBackward"};
  int dims;
  DimVector sizes;
  Tensor forward(const Tensor& images, const Tensor& indices) const {
    const ScalarType dtype = ops::pool_dtype(images.dtype());
    const MemoryFormat format = ops::image_format(indices, dims);
    const Tensor x = images.to(dtype).contiguous(format), places = indices.contiguous(format);
    const Tensor y = new_in_format("take_pixels", dtype, indices.sizes(), format);
    const int64_t width = width_of(y, format), in = pixels_of(images.sizes(), dims),
                  out = pixels_of(indices.sizes(), dims);
    if (y.numel() > 0)
      dispatch<PoolTypes>("take_pixels", dtype, [&]<class T>() {
        kernels::take_pixels<T>(y.numel() / (out * width), width, in, out, elements<T>(x), places_of(places),
                                elements<T>(y));
      });
    return y.to(images.dtype());
  }
  Tensor backward_0(const Tensor& g, const Tensor& indices) const {
    return ops::put_pixels(g, indices, dims, sizes, false);
  }
  using saved_0 = Saved<In<1>>;
  Tensor tangent_0(const Tensor& t, const Tensor& indices) const { return differentiable(*this, t, indices); }
};

Tensor take_pixels(const Tensor& images, const Tensor& indices, int dims) {
  return differentiable(TakePixels{{}, dims, images.sizes()}, images, indices);
}

struct MaxPool : Kernel<1> {
  static constexpr OpName name{"max_pool_with_indices", "MaxPoolWithIndicesBackward"};
  static constexpr bool kinked = true;
  Pooling pooling;
  DimVector sizes;
  void attributes(auto& put) const { pooling.attributes(put); }
  std::tuple<Tensor, Tensor> forward(const Tensor& self) const { return run(self, true); }
  // Without `placed`, there need be no places among the results.
  std::tuple<Tensor, Tensor> run(const Tensor& self, bool placed) const {
    const ScalarType dtype = ops::pool_dtype(self.dtype());
    const int64_t pixels = pixels_of(self.sizes(), pooling.dims);
    const MemoryFormat format =
        pixels < INT32_MAX ? ops::image_format(self, pooling.dims) : MemoryFormat::Contiguous;
    const int64_t width = width_of(self, format);
    placed |= !self.is_floating_point();  // no faster without
    const Tensor x = self.to(dtype).contiguous(format);
    const DimVector out = ops::with_images(self, pooling.dims, pooling.out);
    const Tensor y = new_in_format("max_pool", dtype, out, format),
                 places = placed ? new_in_format("max_pool", kLong, out, format) : Tensor();
    if (y.numel() > 0)
      dispatch<PoolTypes>("max_pool", dtype, [&]<class T>() {
        const ops::Windows windows(pooling, x.numel() / (pixels * width), width);
        kernels::max_pool<T>(windows.shape(), elements<T>(x), elements<T>(y),
                             placed ? elements<int64_t>(places) : nullptr);
      });
    return {y.to(self.dtype()), places};
  }
  Tensor backward(const Tensor& g, const Tensor& places) const {
    return ops::put_pixels(g, places, pooling.dims, sizes, false);
  }
  using saved = Saved<Output<1>>;
  Tensor tangent(const Tensor& t, const Tensor& places) const { return take_pixels(t, places, pooling.dims); }
};

std::tuple<Tensor, Tensor> max_pool(const Pooling& pooling, const Tensor& self) {
  return differentiable(MaxPool{{}, pooling, self.sizes()}, self);
}
// Nobody asks for the places but a derivative, and who looks on.
Tensor max_pool_alone(const Pooling& pooling, const Tensor& self) {
  const MaxPool op{{}, pooling, self.sizes()};
  return std::get<0>(ops::is_watched(self) ? differentiable(op, self) : op.run(self, false));
}

}  // namespace

Tensor ops::put_pixels(const Tensor& values, const Tensor& indices, int dims, IntArrayRef sizes,
                       bool replace) {
  return differentiable(PutPixels{{}, dims, replace, sizes}, values, indices);
}

#define XGRAD_MAX_POOL(n)                                                                               \
  std::tuple<Tensor, Tensor> max_pool##n##d_with_indices(const Tensor& self, IntArrayRef kernel_size,   \
                                                         IntArrayRef stride, IntArrayRef padding,       \
                                                         IntArrayRef dilation, bool ceil_mode) {        \
    return max_pool(                                                                                    \
        ops::windows_of("max_pool" #n "d", n, self, kernel_size, stride, padding, dilation, ceil_mode), \
        self);                                                                                          \
  }                                                                                                     \
  Tensor max_pool##n##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,                \
                        IntArrayRef padding, IntArrayRef dilation, bool ceil_mode) {                    \
    return max_pool_alone(                                                                              \
        ops::windows_of("max_pool" #n "d", n, self, kernel_size, stride, padding, dilation, ceil_mode), \
        self);                                                                                          \
  }                                                                                                     \
  std::tuple<Tensor, Tensor> adaptive_max_pool##n##d(const Tensor& self, IntArrayRef output_size) {     \
    return max_pool(ops::adaptive_windows("adaptive_max_pool" #n "d", n, self, output_size), self);     \
  }
XGRAD_MAX_POOL(1)
XGRAD_MAX_POOL(2)
XGRAD_MAX_POOL(3)
#undef XGRAD_MAX_POOL

namespace {

// Where the windows of one dimension begin: a sequence that grows by the integer parts of a step that is
// none.
std::vector<int64_t> drawn_places(double sample, int64_t size, int64_t out, int64_t kernel) {
  std::vector<int64_t> places;
  const double step = out > 1 ? static_cast<double>(size - kernel) / static_cast<double>(out - 1) : 0;
  for (int64_t i = 0; i + 1 < out; ++i)
    places.push_back(static_cast<int64_t>((static_cast<double>(i) + sample) * step) -
                     static_cast<int64_t>(sample * step));
  places.push_back(size - kernel);
  return places;
}

struct Fractional {
  const char* op;
  int dims;
  DimVector kernel, out;

  Fractional(const char* name, int d, IntArrayRef kernel_size, IntArrayRef output_size)
      : op(name),
        dims(d),
        kernel(ops::positive_list(name, "kernel_size", kernel_size, static_cast<std::size_t>(d))),
        out(ops::positive_list(name, "output_size", output_size, static_cast<std::size_t>(d))) {}

  void check(const Tensor& self, const Tensor& samples) const {
    ops::check_images(op, dims, self);
    const auto n = static_cast<std::size_t>(dims);
    const IntArrayRef sizes = self.sizes().slice(self.sizes().size() - n);
    for (std::size_t d = 0; d < n; ++d)
      XGRAD_CHECK(out[d] + kernel[d] - 1 <= sizes[d], op,
                  ": windows and output do not fit into the input: input is ", self.sizes(),
                  ", kernel_size is ", kernel, ", output_size is ", out, " (dim ", d, ")");
    const int64_t batch = self.dim() == dims + 2 ? self.size(0) : 1, channels = self.size(-dims - 1);
    XGRAD_CHECK(samples.defined() && samples.dim() == 3 && samples.size(0) == batch &&
                    samples.size(1) == channels && samples.size(2) == dims,
                op, ": random_samples must be [", batch, ", ", channels, ", ", dims, "]: it is ",
                samples.sizes());
    XGRAD_CHECK_AS(TypeError, self.is_floating_point() && samples.dtype() == self.dtype(), op,
                   ": random_samples must have input's floating-point dtype: it is ", samples.dtype(),
                   ", input is ", self.dtype());
  }

  // The places of the largest elements of an image.
  template <class T>
  void search(const T* x, const double* samples, const int64_t (&in)[3], int64_t* places) const {
    std::vector<int64_t> begins[3];
    int64_t size[3] = {1, 1, 1};
    for (int d = 0; d < 3; ++d) begins[d] = {0};
    for (int d = 0; d < dims; ++d) {
      const auto at = static_cast<std::size_t>(d);
      size[3 - dims + d] = kernel[at];
      // In two dimensions the first sample is that of the columns.
      const double sample = samples[dims == 2 ? 1 - d : d];
      begins[3 - dims + d] = drawn_places(sample, in[3 - dims + d], out[at], kernel[at]);
    }
    for (const int64_t z : begins[0])
      for (const int64_t y : begins[1])
        for (const int64_t c : begins[2]) {
          int64_t best = (z * in[1] + y) * in[2] + c;
          for (int64_t i = 0; i < size[0] * size[1] * size[2]; ++i) {
            const int64_t at =
                ((z + i / (size[1] * size[2])) * in[1] + y + i / size[2] % size[1]) * in[2] + c + i % size[2];
            if (x[at] > x[best] || x[at] != x[at]) best = at;
          }
          *places++ = best;
        }
  }

  std::tuple<Tensor, Tensor> run(const Tensor& self, const Tensor& random_samples) const {
    check(self, random_samples);
    const Tensor x = self.detach().to(compute_type(self.dtype())).contiguous();
    const Tensor samples = random_samples.detach().to(kDouble).contiguous();
    int64_t in[3] = {1, 1, 1}, sizes[3] = {1, 1, 1};
    for (int d = 0; d < dims; ++d) {
      in[3 - dims + d] = self.size(d - dims);
      sizes[3 - dims + d] = out[static_cast<std::size_t>(d)];
    }
    const Tensor places = new_tensor(kLong, ops::with_images(self, dims, sizes));
    const auto* drawn = static_cast<const double*>(samples.data_ptr());
    const int64_t from = in[0] * in[1] * in[2], to = sizes[0] * sizes[1] * sizes[2],
                  images = x.numel() / from;
    for (int64_t i = 0; i < samples.numel(); ++i)
      XGRAD_CHECK_AS(ValueError, drawn[i] >= 0 && drawn[i] <= 1, op,
                     ": random_samples must be between 0 and 1: got ", drawn[i]);
    dispatch<ComputeFloats>(op, x.dtype(), [&]<class T>() {
      for (int64_t i = 0; i < images; ++i)
        search(elements<T>(x) + i * from, drawn + i * dims, in, elements<int64_t>(places) + i * to);
    });
    return {take_pixels(self, places, dims), places};
  }
};

Tensor unpool(const char* op, int dims, const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  const DimVector wanted = ops::positive_list(op, "output_size", output_size, static_cast<std::size_t>(dims));
  ops::check_images(op, dims, self);
  XGRAD_CHECK_AS(TypeError, indices.defined() && indices.dtype() == kLong, op,
                 ": indices must be int64, as max_pool", dims, "d_with_indices returns them");
  XGRAD_CHECK(indices.sizes() == self.sizes(), op, ": indices must have input's shape: indices is ",
              indices.sizes(), ", input is ", self.sizes());
  int64_t sizes[3] = {1, 1, 1};
  for (int d = 0; d < dims; ++d) sizes[3 - dims + d] = wanted[static_cast<std::size_t>(d)];
  const DimVector out = ops::with_images(self, dims, sizes);
  checked_numel(op, out);
  const Tensor places = indices.contiguous();
  const auto outside =
      kernels::first_outside(places_of(places), places.numel(), sizes[0] * sizes[1] * sizes[2]);
  XGRAD_CHECK_AS(IndexError, !outside, op, ": index ", outside.value_or(0), " is outside of output_size ",
                 wanted);
  return ops::put_pixels(self, places, dims, out, true);
}

}  // namespace

std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size,
                                                 IntArrayRef output_size, const Tensor& random_samples) {
  return Fractional("fractional_max_pool2d", 2, kernel_size, output_size).run(self, random_samples);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size,
                                                 IntArrayRef output_size, const Tensor& random_samples) {
  return Fractional("fractional_max_pool3d", 3, kernel_size, output_size).run(self, random_samples);
}

Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  return unpool("max_unpool2d", 2, self, indices, output_size);
}
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride,
                    IntArrayRef padding) {
  ops::positive_list("max_unpool3d", "stride", stride, 3);
  ops::expanded_list("max_unpool3d", "padding", padding, 3);
  return unpool("max_unpool3d", 3, self, indices, output_size);
}

}  // namespace xgrad
