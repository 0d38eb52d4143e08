// Samples of ops over images: convolutions, pooling and what goes with them.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

Sample conv(std::string what, IntArrayRef x, IntArrayRef w, const Call& f) {
  return {std::move(what), {spread(x, -1, 1), spread(w, -1, 1, 1), spread({w[0]}, -1, 1, 2)}, f};
}

}  // namespace

void add_convolutions(std::vector<Row>& rows) {
  const Tensors two{spread({1, 2, 4}, -1, 1), spread({2, 2, 3}, -1, 1, 1)};
  rows.push_back(row(
      "convolution", "ConvolutionBackward", 3,
      {conv("one dimension", {2, 2, 5}, {3, 2, 3}, [](const Tensors& x) { return conv1d(x[0], x[1], x[2]); }),
       conv("strides and margins", {2, 2, 5, 4}, {3, 2, 3, 2},
            [](const Tensors& x) {
              return conv2d(x[0], x[1], x[2], {2, 1}, {1, 2});
            }),
       conv("groups and dilation", {1, 4, 6, 5}, {2, 2, 2, 2},
            [](const Tensors& x) {
              return conv2d(x[0], x[1], x[2], 1, 1, {2, 3}, 2);
            }),
       conv("each channel alone", {2, 3, 5, 4}, {3, 1, 3, 3},
            [](const Tensors& x) { return conv2d(x[0], x[1], x[2], 2, 1, 1, 3); }),
       conv("a point", {2, 3, 2, 3}, {4, 3, 1, 1}, [](const Tensors& x) { return conv2d(x[0], x[1], x[2]); }),
       conv("three dimensions", {1, 2, 3, 4, 3}, {2, 2, 2, 3, 2},
            [](const Tensors& x) {
              return conv3d(x[0], x[1], x[2], 1, {1, 0, 1});
            }),
       conv("without a batch", {2, 5, 4}, {3, 2, 2, 3},
            [](const Tensors& x) { return conv2d(x[0], x[1], x[2]); }),
       conv("the same size", {1, 2, 5, 4}, {2, 2, 2, 3},
            [](const Tensors& x) { return conv2d(x[0], x[1], x[2], 1, "same"); }),
       {"no batch at all",
        {spread({0, 2, 4}, -1, 1), two[1]},
        [](const Tensors& x) { return conv1d(x[0], x[1]); }},
       {"margins that are nearly everything",
        {spread({1, 2, 2}, -1, 1), two[1]},
        [](const Tensors& x) { return conv1d(x[0], x[1], {}, 3000, 6000, 5000); }},
       {"transposed",
        {spread({2, 3, 4}, -1, 1), spread({3, 2, 3}, -1, 1, 1), spread({2}, -1, 1, 2)},
        [](const Tensors& x) { return conv_transpose1d(x[0], x[1], x[2]); }},
       {"transposed with strides",
        {spread({1, 4, 3, 2}, -1, 1), spread({4, 2, 3, 2}, -1, 1, 1), spread({4}, -1, 1, 2)},
        [](const Tensors& x) {
          return conv_transpose2d(x[0], x[1], x[2], {2, 3}, {1, 0}, {1, 2}, 2, {1, 2});
        }}},
      [](const Tensors& x) { return conv1d(x[0], x[1], {}, 1, 0, 2); }, two,
      "conv1d: the kernel must not be larger than the padded input: input is [1, 2, 4], weight is [2, 2, "
      "3]"));
  // A gradient that is differentiated again.
  rows.push_back(
      row("convolution_weight", "ConvolutionWeightBackward", 2,
          {{"the gradient of a weight", two, [](const Tensors& x) { return conv1d(x[0], x[1]); }}}));
}

void add_pooling(std::vector<Row>& rows) {
  const Tensors line{spread({2, 2, 7}, -1, 1)}, plane{spread({2, 2, 5, 6}, -1, 1)},
      volume{spread({2, 3, 4, 3}, -1, 1)};
  rows.push_back(row(
      "max_pool_with_indices", "MaxPoolWithIndicesBackward", 1,
      {{"one dimension", line, [](const Tensors& x) { return max_pool1d(x[0], 2); }},
       {"margins and dilation", plane,
        [](const Tensors& x) {
          return max_pool2d(x[0], {3, 2}, {1, 2}, 1, {1, 2}, true);
        }},
       {"three dimensions, without a batch", volume, [](const Tensors& x) { return max_pool3d(x[0], 2, 1); }},
       {"adaptive", plane,
        [](const Tensors& x) {
          return std::get<0>(adaptive_max_pool2d(x[0], {2, 4}));
        }}},
      [](const Tensors& x) { return max_pool1d(x[0], 3, 1, 2); }, line,
      "max_pool1d: padding must be at most half of the window: padding is [2], kernel_size is [3], dilation "
      "is [1] "
      "(dim 0: 2 vs 3 / 2)"));
  const Tensor places = longs({3, 0, 5, 4, 3, 1, 0, 2}, {2, 2, 2});
  rows.push_back(row("take_pixels", "TakePixelsBackward", 2,
                     {{"drawn windows", plane, [](const Tensors& x) {
                         const Tensor samples = full({2, 2, 2}, 0.4, x[0].options());
                         return std::get<0>(fractional_max_pool2d(x[0], 2, {2, 3}, samples));
                       }}}));
  rows.push_back(row(
      "put_pixels", "PutPixelsBackward", 2,
      {{"at the places of the largest",
        {spread({2, 2, 2}, -1, 1)},
        [places](const Tensors& x) {
          return max_unpool2d(x[0], places, {2, 3});
        }},
       {"the gradient of max pooling", line, [](const Tensors& x) { return max_pool1d(x[0], 3, 2); }}},
      [](const Tensors& x) {
        return max_unpool2d(x[0], longs({9}, {1, 1, 1}), {2, 3});
      },
      {spread({1, 1, 1}, -1, 1)}, "max_unpool2d: index 9 is outside of output_size [2, 3]"));
  rows.push_back(row(
      "avg_pool", "AvgPoolBackward", 1,
      {{"one dimension", line, [](const Tensors& x) { return avg_pool1d(x[0], 3, 2, 1); }},
       {"margins that do not count", plane,
        [](const Tensors& x) {
          return avg_pool2d(x[0], {3, 2}, {2, 1}, 1, true, false);
        }},
       {"a divisor, without a batch", volume,
        [](const Tensors& x) { return avg_pool3d(x[0], 2, {}, 0, true, true, 3); }},
       {"adaptive", plane,
        [](const Tensors& x) {
          return adaptive_avg_pool2d(x[0], {3, 4});
        }}},
      [](const Tensors& x) { return avg_pool1d(x[0], 8); }, line,
      "avg_pool1d: the window must not be larger than the padded input: input is [2, 2, 7], kernel_size is "
      "[8]"));
  rows.push_back(row(
      "avg_pool_spread", "AvgPoolSpreadBackward", 1,
      {{"the gradient of average pooling", line, [](const Tensors& x) { return avg_pool1d(x[0], 3, 2); }}}));
  rows.push_back(row(
      "im2col", "Im2ColBackward", 1,
      {{"margins and steps",
        {spread({2, 2, 4, 5}, -1, 1)},
        [](const Tensors& x) {
          return im2col(x[0], {2, 3}, {2, 1}, {1, 2}, {1, 2});
        }},
       {"of single pixels, without a batch",
        {spread({2, 3, 4}, -1, 1)},
        [](const Tensors& x) {
          return im2col(x[0], {1, 1}, {1, 1}, {0, 0}, {2, 1});
        }}},
      [](const Tensors& x) {
        return im2col(x[0], {5, 5}, {1, 1}, {0, 0}, {1, 1});
      },
      {spread({1, 1, 4, 4}, -1, 1)},
      "im2col: the window must not be larger than the padded image: image is [4, 4], kernel_size is [5, 5]"));
  rows.push_back(row(
      "col2im", "Col2ImBackward", 1,
      {{"windows that overlap",
        {spread({2, 8, 6}, -1, 1)},
        [](const Tensors& x) {
          return col2im(x[0], {3, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1});
        }},
       {"margins and steps",
        {spread({1, 4, 6}, -1, 1)},
        [](const Tensors& x) {
          return col2im(x[0], {4, 4}, {2, 2}, {2, 1}, {1, 1}, {2, 2});
        }}},
      [](const Tensors& x) {
        return col2im(x[0], {3, 4}, {2, 2}, {1, 1}, {0, 0}, {1, 1});
      },
      {spread({1, 6, 6}, -1, 1)},
      "col2im: the rows of input must be divisible by the elements of the kernel"));
  const auto sampled = [](IntArrayRef image, IntArrayRef grid, int64_t mode, int64_t padding, bool align) {
    return Sample{
        concat("mode ", mode, ", padding ", padding, align ? ", corners" : "", " of ", image[1], " channels"),
        {spread(image, -1, 1), spread(grid, -1.3, 1.3, 1)},
        [=](const Tensors& x) { return grid_sampler(x[0], x[1], mode, padding, align); }};
  };
  const Tensors few{spread({1, 2, 3, 4}, -1, 1), spread({1, 2, 3, 3}, -1, 1)};
  rows.push_back(row(
      "grid_sampler_2d", "GridSampler2DBackward", 2,
      {sampled({2, 2, 3, 4}, {2, 2, 3, 2}, 0, 0, false), sampled({1, 9, 3, 2}, {1, 1, 2, 2}, 0, 1, true),
       sampled({1, 5, 2, 3}, {1, 2, 1, 2}, 0, 2, false), sampled({1, 1, 3, 4}, {1, 2, 2, 2}, 1, 0, false),
       sampled({1, 1, 4, 3}, {1, 2, 2, 2}, 2, 0, true), sampled({1, 2, 3, 2}, {1, 1, 2, 2}, 2, 2, false),
       sampled({1, 2, 7, 6}, {1, 1, 2, 2}, 0, 0, false)},
      [](const Tensors& x) { return grid_sampler(x[0], x[1], 0, 0, false); }, few,
      "grid_sample: grid must have input's batch and 2 coordinates: grid is [1, 2, 3, 3], input is "
      "[1, 2, 3, 4]"));
  rows.push_back(row("grid_sampler_3d", "GridSampler3DBackward", 2,
                     {sampled({1, 2, 2, 3, 2}, {1, 1, 2, 2, 3}, 0, 0, false),
                      sampled({1, 1, 3, 2, 2}, {1, 1, 1, 2, 3}, 0, 2, true),
                      sampled({1, 2, 2, 3, 2}, {1, 1, 2, 1, 3}, 1, 1, false)}));
}

}  // namespace samples
