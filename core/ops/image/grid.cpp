// Sampling at coordinates: expressions over tensors, so that gradients reach the image and the grid.
#include <xgrad/core/ops/image/image.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/binary.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/pointwise/operators.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  const auto dims = static_cast<int64_t>(size.size()) - 2;
  XGRAD_CHECK(dims == 2 || dims == 3, "affine_grid: size must have 4 or 5 numbers: got ", size);
  XGRAD_CHECK(
      theta.dim() == 3 && theta.size(0) == size[0] && theta.size(1) == dims && theta.size(2) == dims + 1,
      "affine_grid: theta must be [", size[0], ", ", dims, ", ", dims + 1, "]: theta is ", theta.sizes(),
      ", size is ", size);
  XGRAD_CHECK_AS(TypeError, theta.is_floating_point(), "affine_grid: theta must be floating-point: it is ",
                 theta.dtype());
  for (const int64_t s : size) XGRAD_CHECK(s > 0, "affine_grid: size must be positive: got ", size);
  checked_numel("affine_grid", size);
  // [..., x, y, (z,) 1], x being the last dimension of the images.
  std::vector<Tensor> coordinates;
  const DimVector image = size.slice(2);
  for (int64_t d = dims; d-- > 0;) {
    const int64_t n = image[static_cast<std::size_t>(d)];
    const double edge = n > 1 ? (align_corners ? 1 : static_cast<double>(n - 1) / static_cast<double>(n)) : 0;
    DimVector shape(image.size(), 1);
    shape[static_cast<std::size_t>(d)] = n;
    coordinates.push_back(
        linspace(-edge, edge, n, theta.options().requires_grad(false)).view(shape).expand(image));
  }
  coordinates.push_back(ones(image, theta.options().requires_grad(false)));
  const Tensor base = stack(coordinates, -1).reshape({1, numel_of(image), dims + 1});
  DimVector sizes(image);
  sizes.insert(0, size[0]);
  sizes.push_back(dims);
  return matmul(base, theta.transpose(1, 2)).reshape(sizes);
}

namespace {

struct Sampler {
  const Tensor& input;
  int64_t dims, padding;
  bool align;

  // A coordinate of [-1, 1] as the place of a pixel.
  Tensor place(const Tensor& x, int64_t n) const {
    const auto size = static_cast<double>(n);
    return align ? (x + 1) * ((size - 1) / 2) : ((x + 1) * size - 1) / 2;
  }
  // Mirrored at both ends until it lies between them.
  Tensor reflected(const Tensor& x, int64_t n) const {
    const double low = align ? 0 : -0.5, span = align ? static_cast<double>(n - 1) : static_cast<double>(n);
    if (span == 0) return x * 0;
    const Tensor away = abs(x - low);
    const Tensor extra = fmod(away, span), odd = remainder(floor(away / span), 2) != 0;
    return where(odd, span - extra, extra) + low;
  }
  Tensor inside(const Tensor& x, int64_t n) const {
    if (padding == 0) return x;
    const Tensor at = padding == 2 ? reflected(x, n) : x;
    // At the border, and beyond, no gradient reaches the grid.
    return where((at > 0) & (at < n - 1), at, clamp(at.detach(), 0, n - 1));
  }

  // input[N, C, at] for whole numbers at[d] [N, points]; 0 outside where padding is zeros.
  Tensor pixels(const std::vector<Tensor>& at) const {
    Tensor index, valid;
    for (int64_t d = 0; d < dims; ++d) {
      const int64_t n = input.size(d + 2);
      const Tensor& x = at[static_cast<std::size_t>(d)];
      const Tensor in = (x >= 0) & (x <= n - 1);
      valid = valid.defined() ? valid & in : in;
      const Tensor whole = where(in, x, zeros_like(x)).to(kLong);
      index = index.defined() ? index * n + whole : whole;
    }
    const int64_t batch = input.size(0), channels = input.size(1), points = index.size(1);
    const Tensor values = input.flatten(2).gather(2, index.unsqueeze(1).expand({batch, channels, points}));
    return where(valid.unsqueeze(1), values, zeros({}, values.options().requires_grad(false)));
  }

  Tensor nearest(const std::vector<Tensor>& at) const {
    std::vector<Tensor> whole;
    for (const Tensor& x : at) whole.push_back(round(x.detach()));
    Tensor values = pixels(whole);
    // Steps have the gradient 0, which is not none.
    for (const Tensor& x : at) values = values + where(x < x, x, zeros_like(x.detach())).unsqueeze(1);
    return values;
  }

  // The sum over all corners of what they are times how near they are.
  Tensor linear(const std::vector<Tensor>& at) const {
    std::vector<Tensor> first;
    for (const Tensor& x : at) first.push_back(floor(x.detach()));
    Tensor sum;
    for (int64_t corner = 0; corner < int64_t{1} << dims; ++corner) {
      std::vector<Tensor> whole;
      Tensor weight;
      for (int64_t d = 0; d < dims; ++d) {
        const auto i = static_cast<std::size_t>(d);
        const bool next = (corner >> d & 1) != 0;
        whole.push_back(next ? first[i] + 1 : first[i]);
        const Tensor t = at[i] - first[i], part = next ? t : 1 - t;
        weight = weight.defined() ? weight * part : part;
      }
      const Tensor term = pixels(whole) * weight.unsqueeze(1);
      sum = sum.defined() ? sum + term : term;
    }
    return sum;
  }

  // Cubic convolution with a = -0.75 over four pixels along each dimension, each moved inside by itself.
  Tensor cubic(const std::vector<Tensor>& at) const {
    constexpr double a = -0.75;
    const auto weights = [](const Tensor& t) {
      const auto near = [](const Tensor& x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
      const auto far = [](const Tensor& x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
      return std::vector<Tensor>{far(t + 1), near(t), near(1 - t), far(2 - t)};
    };
    std::vector<Tensor> first;
    std::vector<std::vector<Tensor>> weight;
    for (const Tensor& x : at) {
      first.push_back(floor(x.detach()));
      weight.push_back(weights(x - first.back()));
    }
    Tensor sum;
    for (int64_t pixel = 0; pixel < int64_t{1} << 2 * dims; ++pixel) {
      std::vector<Tensor> places;
      Tensor product;
      for (int64_t d = 0; d < dims; ++d) {
        const auto i = static_cast<std::size_t>(d), k = static_cast<std::size_t>(pixel >> 2 * d & 3);
        const Tensor x = inside(first[i] + (static_cast<double>(k) - 1), input.size(d + 2));
        places.push_back(padding == 2 ? round(x) : x);
        product = product.defined() ? product * weight[i][k] : weight[i][k];
      }
      const Tensor term = pixels(places) * product.unsqueeze(1);
      sum = sum.defined() ? sum + term : term;
    }
    return sum;
  }
};

}  // namespace

Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners) {
  const int64_t dims = input.dim() - 2;
  XGRAD_CHECK(dims == 2 || dims == 3, "grid_sample: input must have 4 or 5 dimensions: input is ",
              input.sizes());
  XGRAD_CHECK(grid.dim() == input.dim() && grid.size(0) == input.size(0) && grid.size(-1) == dims,
              "grid_sample: grid must have input's batch and ", dims, " coordinates: grid is ", grid.sizes(),
              ", input is ", input.sizes());
  XGRAD_CHECK_AS(TypeError, input.is_floating_point() && grid.dtype() == input.dtype(),
                 "grid_sample: input and grid must have the same floating-point dtype: input is ",
                 input.dtype(), ", grid is ", grid.dtype());
  XGRAD_CHECK(interpolation_mode >= 0 && interpolation_mode <= 2 && padding_mode >= 0 && padding_mode <= 2,
              "grid_sample: modes are 0, 1 or 2: interpolation_mode is ", interpolation_mode,
              ", padding_mode is ", padding_mode);
  for (int64_t d = 0; d < dims; ++d)
    XGRAD_CHECK(input.size(d + 2) > 0, "grid_sample: images must not be empty: input is ", input.sizes());
  const Sampler sampler{input, dims, padding_mode, align_corners};
  const int64_t batch = input.size(0);
  int64_t points = 1;
  for (int64_t d = 1; d <= dims; ++d) points *= grid.size(d);
  const Tensor flat = grid.reshape({batch, points, dims});
  std::vector<Tensor> at;
  for (int64_t d = 0; d < dims; ++d) {
    const int64_t n = input.size(d + 2);
    const Tensor x = sampler.place(flat.select(2, dims - 1 - d), n);
    at.push_back(interpolation_mode == 2 ? x : sampler.inside(x, n));
  }
  const Tensor values = interpolation_mode == 0   ? sampler.linear(at)
                        : interpolation_mode == 1 ? sampler.nearest(at)
                                                  : sampler.cubic(at);
  DimVector sizes{batch, input.size(1)};
  for (int64_t d = 1; d <= dims; ++d) sizes.push_back(grid.size(d));
  return values.reshape(sizes);
}

}  // namespace xgrad
