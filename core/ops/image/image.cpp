// Rearranged pixels and channels, and patches: views that are copied, and added up.
#include <xgrad/core/ops/image/image.h>

#include <xgrad/core/ops/conv/sizes.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

// self's sizes with the last three replaced.
DimVector with_last(const Tensor& self, std::initializer_list<int64_t> last) {
  DimVector sizes = self.sizes().slice(0, self.sizes().size() - 3);
  for (const int64_t size : last) sizes.push_back(size);
  return sizes;
}
// The dimensions of an image whose last six or five are to be in another order.
DimVector order(int64_t ahead, std::initializer_list<int64_t> rest) {
  DimVector dims;
  for (int64_t d = 0; d < ahead; ++d) dims.push_back(d);
  for (const int64_t d : rest) dims.push_back(ahead + d);
  return dims;
}

}  // namespace

Tensor pixel_shuffle(const Tensor& self, int64_t r) {
  XGRAD_CHECK(self.dim() >= 3, "pixel_shuffle: input must have at least 3 dimensions: input is ",
              self.sizes());
  XGRAD_CHECK(r > 0, "pixel_shuffle: upscale_factor must be positive: got ", r);
  const int64_t channels = self.size(-3), h = self.size(-2), w = self.size(-1);
  XGRAD_CHECK(channels % r == 0 && channels / r % r == 0,
              "pixel_shuffle: the channels must be divisible by the square of upscale_factor: input is ",
              self.sizes(), ", upscale_factor is ", r, " (", channels, " channels)");
  return self.reshape(with_last(self, {channels / r / r, r, r, h, w}))
      .permute(order(self.dim() - 3, {0, 3, 1, 4, 2}))
      .reshape(with_last(self, {channels / r / r, times_stride(h, r), times_stride(w, r)}));
}

Tensor pixel_unshuffle(const Tensor& self, int64_t r) {
  XGRAD_CHECK(self.dim() >= 3, "pixel_unshuffle: input must have at least 3 dimensions: input is ",
              self.sizes());
  XGRAD_CHECK(r > 0, "pixel_unshuffle: downscale_factor must be positive: got ", r);
  const int64_t channels = self.size(-3), h = self.size(-2), w = self.size(-1);
  XGRAD_CHECK(h % r == 0 && w % r == 0,
              "pixel_unshuffle: height and width must be divisible by downscale_factor: input is ",
              self.sizes(), ", downscale_factor is ", r);
  return self.reshape(with_last(self, {channels, h / r, r, w / r, r}))
      .permute(order(self.dim() - 3, {0, 2, 4, 1, 3}))
      .reshape(with_last(self, {times_stride(channels, times_stride(r, r)), h / r, w / r}));
}

Tensor channel_shuffle(const Tensor& self, int64_t groups) {
  XGRAD_CHECK(self.dim() >= 3, "channel_shuffle: input must have at least 3 dimensions: input is ",
              self.sizes());
  XGRAD_CHECK(groups > 0 && self.size(1) % groups == 0,
              "channel_shuffle: the channels must be divisible by groups: input is ", self.sizes(),
              ", groups is ", groups);
  DimVector sizes{self.size(0), groups, self.size(1) / groups};
  for (const int64_t size : self.sizes().slice(2)) sizes.push_back(size);
  return self.reshape(sizes).transpose(1, 2).reshape(self.sizes());
}

namespace {

// Windows over images with two dimensions.
struct Patches {
  DimVector image, kernel, dilation, padding, stride, padded{0, 0}, count{0, 0};

  Patches(const char* op, IntArrayRef of, IntArrayRef kernel_size, IntArrayRef apart, IntArrayRef margin,
          IntArrayRef steps)
      : image(of),
        kernel(ops::positive_list(op, "kernel_size", kernel_size, 2)),
        dilation(ops::positive_list(op, "dilation", apart, 2)),
        padding(ops::expanded_list(op, "padding", margin, 2)),
        stride(ops::positive_list(op, "stride", steps, 2)) {
    for (const IntArrayRef list : {of, kernel_size, apart, margin, steps})
      XGRAD_CHECK(list.size() == 2, op,
                  ": kernel_size, dilation, padding, stride and output_size must be two numbers each: got ",
                  list);
    for (std::size_t d = 0; d < 2; ++d) {
      padded[d] = image[d] + 2 * padding[d];
      const int64_t window = dilation[d] * (kernel[d] - 1) + 1;
      XGRAD_CHECK(window <= padded[d], op, ": the window must not be larger than the padded image: image is ",
                  image, ", kernel_size is ", kernel, ", dilation is ", dilation, ", padding is ", padding,
                  " (", window, " vs ", padded[d], ")");
      count[d] = (padded[d] - window) / stride[d] + 1;
    }
    checked_numel(op, padded);
    checked_numel(op, {elements(), windows()});
  }
  int64_t elements() const { return kernel[0] * kernel[1]; }
  int64_t windows() const { return count[0] * count[1]; }
  DimVector margins() const { return {padding[1], padding[1], padding[0], padding[0]}; }

  void attributes(auto& put) const {
    put("kernel", kernel);
    put("dilation", dilation);
    put("padding", padding);
    put("stride", stride);
    put("image", image);
  }
  // The windows of whole padded images, [N, C, H, W]: [N, C, kernel, kernel, count, count].
  Tensor view_of(const Tensor& images) const {
    const int64_t row = padded[1], plane = padded[0] * row, c = images.size(1);
    return images.as_strided({images.size(0), c, kernel[0], kernel[1], count[0], count[1]},
                             {c * plane, plane, dilation[0] * row, dilation[1], stride[0] * row, stride[1]});
  }
};

Tensor columns_added(const Patches& p, const Tensor& columns);

struct Im2Col : Kernel<1> {
  static constexpr OpName name{"im2col", "Im2ColBackward"};
  static constexpr bool linear = true;
  Patches patches;
  void attributes(auto& put) const { patches.attributes(put); }
  Tensor forward(const Tensor& self) const {
    const Tensor windows = patches.view_of(constant_pad_nd(self, patches.margins()).contiguous());
    return windows.reshape({self.size(0), self.size(1) * patches.elements(), patches.windows()});
  }
  Tensor backward(const Tensor& g) const { return columns_added(patches, g); }
  using saved = Saved<>;
};

struct Col2Im : Kernel<1> {
  static constexpr OpName name{"col2im", "Col2ImBackward"};
  static constexpr bool linear = true;
  Patches patches;
  void attributes(auto& put) const { patches.attributes(put); }
  Tensor forward(const Tensor& self) const {
    const Patches& p = patches;
    const int64_t n = self.size(0), c = self.size(1) / p.elements();
    const Tensor sums = zeros({n, c, p.padded[0], p.padded[1]}, TensorOptions(self.dtype()));
    const Tensor to = p.view_of(sums);
    const Tensor from = self.reshape({n, c, p.kernel[0], p.kernel[1], p.count[0], p.count[1]});
    // Windows overlap in other places of the kernel only.
    for (int64_t y = 0; y < p.kernel[0]; ++y)
      for (int64_t x = 0; x < p.kernel[1]; ++x)
        to.select(2, y).select(2, x).add_(from.select(2, y).select(2, x));
    DimVector cut = p.margins();
    for (int64_t& margin : cut) margin = -margin;
    return constant_pad_nd(sums, cut);
  }
  Tensor backward(const Tensor& g) const { return differentiable(Im2Col{{}, patches}, g); }
  using saved = Saved<>;
};

Tensor columns_added(const Patches& p, const Tensor& columns) {
  return differentiable(Col2Im{{}, p}, columns);
}

}  // namespace

Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  XGRAD_CHECK(self.dim() == 3 || self.dim() == 4, "im2col: input must have 3 or 4 dimensions: input is ",
              self.sizes());
  if (self.dim() == 3) return im2col(self.unsqueeze(0), kernel_size, dilation, padding, stride).squeeze(0);
  const Patches p("im2col", ops::window_sizes("im2col", "input", self, 2), kernel_size, dilation, padding,
                  stride);
  XGRAD_CHECK(self.size(1) > 0 && self.size(2) > 0 && self.size(3) > 0,
              "im2col: only the batch may be empty: input is ", self.sizes());
  return differentiable(Im2Col{{}, p}, self);
}

Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride) {
  XGRAD_CHECK(self.dim() == 2 || self.dim() == 3, "col2im: input must have 2 or 3 dimensions: input is ",
              self.sizes());
  if (self.dim() == 2)
    return col2im(self.unsqueeze(0), output_size, kernel_size, dilation, padding, stride).squeeze(0);
  const Patches p("col2im", ops::positive_list("col2im", "output_size", output_size, 2), kernel_size,
                  dilation, padding, stride);
  XGRAD_CHECK(self.size(1) > 0 && self.size(1) % p.elements() == 0,
              "col2im: the rows of input must be divisible by the elements of the kernel: input is ",
              self.sizes(), ", kernel_size is ", p.kernel, " (", self.size(1), " vs ", p.elements(), ")");
  XGRAD_CHECK(self.size(2) == p.windows(), "col2im: input must have a column for each window: input is ",
              self.sizes(), ", output_size is ", p.image, ", kernel_size is ", p.kernel, ", dilation is ",
              p.dilation, ", padding is ", p.padding, ", stride is ", p.stride, " (", self.size(2), " vs ",
              p.windows(), ")");
  return columns_added(p, self);
}

}  // namespace xgrad
