// How a pooling cuts images into windows. Private to the library.
#pragma once

#include <array>
#include <vector>

#include <xgrad/core/kernels/pool/pool.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// Plain data that an op keeps: images of `in` elements become images of `out`, with windows side by side, or
/// spread evenly (`adaptive`). The last `dims` entries of the lists are in use.
struct Pooling {
  int dims;
  bool adaptive, count_include_pad;
  int64_t divisor;  // 0: what the windows count
  int64_t in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];

  void attributes(auto& put) const {
    const auto last = [&](const int64_t(&all)[3]) {
      return IntArrayRef(all + 3 - dims, static_cast<std::size_t>(dims));
    };
    put("adaptive", adaptive);
    put("count_include_pad", count_include_pad);
    put("divisor", divisor);
    put("kernel", last(kernel));
    put("stride", last(stride));
    put("padding", last(padding));
    put("dilation", last(dilation));
    put("in", last(in));
    put("out", last(out));
  }
};

/// Names of an op over one to three dimensions.
using PoolNames = const char* [3];

/// The pooling of self by these lists, checked.
Pooling windows_of(const char* op, int dims, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool ceil_mode);
/// `no_channels`: whether there may be none, as PyTorch has it for some.
Pooling adaptive_windows(const char* op, int dims, const Tensor& self, IntArrayRef output_size,
                         bool no_channels = false);

/// An Error unless self is images of `dims` dimensions with something in them, in a dtype that has numbers.
/// The first `may_be_empty` dimensions may be empty, those of the batch unless it is given.
void check_images(const char* op, int dims, const Tensor& self, optional<int64_t> may_be_empty = nullopt);

/// The sizes of self with those of the images replaced.
DimVector with_images(const Tensor& self, int dims, const int64_t (&sizes)[3]);

/// The dtype in which a pooling computes.
ScalarType pool_dtype(ScalarType stored);

/// How images of `dims` dimensions lie in memory: with their channels last, or contiguous.
MemoryFormat image_format(const Tensor& images, int dims);

/// The windows of a pooling, for `images` images with `width` channels side by side.
class Windows {
 public:
  Windows(const Pooling& pooling, int64_t images, int64_t width);
  const kernels::PoolShape& shape() const { return shape_; }

 private:
  std::array<std::vector<kernels::PoolWindow>, 3> lists_;
  kernels::PoolShape shape_;
};

/// The gradient of what was taken at `indices` from images of `sizes`; `replace` writes where otherwise is
/// added.
Tensor put_pixels(const Tensor& values, const Tensor& indices, int dims, IntArrayRef sizes, bool replace);

}  // namespace xgrad::ops
