// Sampling at coordinates: a kernel, and the same as an expression where its derivative is differentiated.
#include <xgrad/core/ops/image/image.h>

#include <array>

#include <xgrad/core/kernels/sample/sample.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/binary.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/pointwise/operators.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/dispatch.h>

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

template <int dims>
struct GridSampler : Kernel<2> {
  static constexpr OpName name = dims == 2 ? OpName{"grid_sampler_2d", "GridSampler2DBackward"}
                                           : OpName{"grid_sampler_3d", "GridSampler3DBackward"};
  int64_t mode, padding;
  bool align;
  void attributes(auto& put) const {
    put("interpolation_mode", mode);
    put("padding_mode", padding);
    put("align_corners", align);
  }

  kernels::Sampling sampling(const Tensor& input, const Tensor& grid) const {
    const IntArrayRef in = input.sizes();
    return {in[0],
            in[1],
            {dims == 3 ? in[2] : 1, in[dims], in[dims + 1]},
            numel_of(grid.sizes().slice(1, dims)),
            dims,
            static_cast<int>(mode),
            static_cast<int>(padding),
            align};
  }

  Tensor forward(const Tensor& input, const Tensor& grid) const {
    DimVector sizes(input.sizes());
    for (std::size_t d = 1; d <= dims; ++d) sizes[d + 1] = grid.sizes()[d];
    const Tensor x = input.contiguous(), at = grid.contiguous();
    Tensor y = new_tensor(x.dtype(), sizes);
    if (y.numel() > 0)
      dispatch<ComputeFloats>(name.op, x.dtype(), [&]<class T>() {
        kernels::sample<T>(sampling(x, at), x.data_ptr<T>(), at.data_ptr<T>(), y.data_ptr<T>());
      });
    return y;
  }

  std::array<Tensor, 2> backward_all(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& input,
                                     const Tensor& grid) const {
    if (ops::derivative_is_expression()) return expression(wanted, g, input, grid);
    const Tensor gradient = g.contiguous(), x = input.contiguous(), at = grid.contiguous();
    std::array<Tensor, 2> out;
    if (wanted[0]) out[0] = zeros(x.sizes(), x.options());
    if (wanted[1]) out[1] = zeros(at.sizes(), at.options());
    if (g.numel() > 0)
      dispatch<ComputeFloats>(name.op, x.dtype(), [&]<class T>() {
        const auto to = [](const Tensor& t) { return t.defined() ? t.data_ptr<T>() : nullptr; };
        kernels::sample_backward<T>(sampling(x, at), gradient.data_ptr<T>(), x.data_ptr<T>(),
                                    at.data_ptr<T>(), to(out[0]), to(out[1]));
      });
    return out;
  }
  using saved_all = Saved<In<0>, In<1>>;

  // Both go back through the same sum of tensors.
  std::array<Tensor, 2> expression(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& input,
                                   const Tensor& grid) const {
    std::array<Tensor, 2> out;
    if (wanted[0])
      out[0] = ops::apply_transposed([&](const Tensor& x) { return composed(x, grid); }, input, g);
    if (wanted[1] && mode != 1)
      out[1] =
          ops::apply_transposed([&](const Tensor& step) { return composed(input, grid + step); }, grid, g);
    if (wanted[1] && !out[1].defined()) out[1] = zeros_like(grid);  // steps have the gradient 0
    return out;
  }

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

  // Pixels along a dimension, as whole numbers [N, points], and what they count.
  using Taps = std::vector<std::pair<Tensor, Tensor>>;
  Taps taps(const Tensor& coordinate, int64_t n) const {
    const Tensor x = place(coordinate, n), at = mode == 2 ? x : inside(x, n);
    if (mode == 1) return {{round(at.detach()), ones_like(at.detach())}};
    const Tensor first = floor(at.detach()), t = at - first;
    if (mode == 0) return {{first, 1 - t}, {first + 1, t}};
    // Cubic convolution with a = -0.75, each pixel moved inside by itself.
    constexpr double a = -0.75;
    const auto near = [](const Tensor& u) { return ((a + 2) * u - (a + 3)) * u * u + 1; };
    const auto far = [](const Tensor& u) { return ((a * u - 5 * a) * u + 8 * a) * u - 4 * a; };
    const auto moved = [&](double by) {
      const Tensor pixel = inside(first + by, n);
      return padding == 2 ? round(pixel) : pixel;
    };
    return {{moved(-1), far(t + 1)}, {moved(0), near(t)}, {moved(1), near(1 - t)}, {moved(2), far(2 - t)}};
  }

  // The sum over the product of the taps of all dimensions of what a pixel is times how much it counts; a
  // pixel that is not there is 0.
  Tensor composed(const Tensor& input, const Tensor& grid) const {
    const int64_t batch = input.size(0), channels = input.size(1);
    const Tensor flat = grid.reshape({batch, -1, dims}), image = input.flatten(2);
    std::vector<Taps> along;
    for (int64_t d = 0; d < dims; ++d) along.push_back(taps(flat.select(2, dims - 1 - d), input.size(d + 2)));
    Tensor sum;
    const auto each = along[0].size();
    for (std::size_t tap = 0; tap < (dims == 2 ? each * each : each * each * each); ++tap) {
      Tensor index = zeros_like(flat.select(2, 0).detach()).to(kLong), valid = index == 0, weight;
      std::size_t rest = tap;
      for (std::size_t d = 0; d < dims; ++d, rest /= each) {
        const auto& [x, part] = along[d][rest % each];
        const int64_t n = input.sizes()[d + 2];
        const Tensor in = (x >= 0) & (x <= n - 1);
        valid = valid & in;
        index = index * n + where(in, x, zeros_like(x)).to(kLong);
        weight = weight.defined() ? weight * part : part;
      }
      const Tensor pixels = image.gather(2, index.unsqueeze(1).expand({batch, channels, index.size(1)}));
      const Tensor term =
          where(valid.unsqueeze(1), pixels, zeros_like(pixels.detach())) * weight.unsqueeze(1);
      sum = sum.defined() ? sum + term : term;
    }
    DimVector sizes{batch, channels};
    for (int64_t d = 1; d <= dims; ++d) sizes.push_back(grid.size(d));
    return sum.reshape(sizes);
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
  XGRAD_CHECK(numel_of(input.sizes().slice(2)) <= INT32_MAX,
              "grid_sample: an image must have less than 2^31 pixels: input is ", input.sizes());
  const auto run = [&](const auto& op) {
    const ScalarType stored = input.dtype(), dtype = compute_type(stored);
    return differentiable(op, input.to(dtype), grid.to(dtype)).to(stored);
  };
  return dims == 2 ? run(GridSampler<2>{{}, interpolation_mode, padding_mode, align_corners})
                   : run(GridSampler<3>{{}, interpolation_mode, padding_mode, align_corners});
}

}  // namespace xgrad
