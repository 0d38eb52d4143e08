// Images: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional/image.h>

#include <cmath>

#include <xgrad/core/ops/image/image.h>
#include <xgrad/core/ops/image/pad.h>
#include <xgrad/core/ops/pool/pool.h>

namespace xgrad::nn::functional {

Tensor pad(const Tensor& input, const PadFuncOptions& options) {
  return xgrad::pad(input, options.pad(), options.mode().word(), options.value());
}
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& o) {
  return xgrad::im2col(input, *o.kernel_size(), *o.dilation(), *o.padding(), *o.stride());
}
Tensor fold(const Tensor& input, const FoldFuncOptions& o) {
  return xgrad::col2im(input, *o.output_size(), *o.kernel_size(), *o.dilation(), *o.padding(), *o.stride());
}
Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options) {
  return xgrad::pixel_shuffle(input, options.upscale_factor());
}
Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options) {
  return xgrad::pixel_unshuffle(input, options.downscale_factor());
}

namespace {

// A number for each dimension.
template <class T>
std::vector<T> expanded(const char* what, const std::vector<T>& list, std::size_t dims) {
  XGRAD_CHECK_AS(ValueError, list.size() == dims || list.size() == 1, "interpolate: ", what,
                 " must have 1 or ", dims, " numbers: got ", list.size());
  return list.size() == dims ? list : std::vector<T>(dims, list[0]);
}

struct Target {
  std::vector<int64_t> size;
  std::vector<optional<double>> scales;

  Target(const Tensor& input, const InterpolateFuncOptions& o) {
    const auto dims = static_cast<std::size_t>(input.dim()) - 2;
    XGRAD_CHECK_AS(ValueError, o.size().has_value() != o.scale_factor().has_value(),
                   "interpolate: either size or scale_factor must be given");
    const bool again = o.recompute_scale_factor().value_or(false);
    XGRAD_CHECK_AS(ValueError, !again || o.scale_factor(),
                   "interpolate: recompute_scale_factor makes no sense with a size");
    if (o.size()) {
      size = expanded("size", *o.size(), dims);
      return;
    }
    for (const double scale : expanded("scale_factor", *o.scale_factor(), dims)) {
      const double wanted = static_cast<double>(input.size(static_cast<int64_t>(size.size()) + 2)) * scale;
      XGRAD_CHECK_AS(ValueError, wanted >= 1 && wanted < 0x1p31,
                     "interpolate: scale_factor leads to no size: it is ", scale, ", input is ",
                     input.sizes());
      size.push_back(static_cast<int64_t>(std::floor(wanted)));
      if (!again) scales.emplace_back(scale);
    }
  }
};

}  // namespace

Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& o) {
  const UpsampleMode mode = o.mode();
  const int64_t dims = input.dim() - 2;
  XGRAD_CHECK(dims >= 1 && dims <= 3, "interpolate: input must have 3, 4 or 5 dimensions: input is ",
              input.sizes());
  const bool plain = mode.is(kNearest) || mode.is(kNearestExact) || mode.is(kArea);
  XGRAD_CHECK_AS(ValueError, !plain || !o.align_corners(),
                 "interpolate: align_corners is for linear, bilinear, bicubic and trilinear: mode is ",
                 mode.word());
  const int64_t wanted = mode.is(kLinear) ? 1 : mode.is(kTrilinear) ? 3 : plain ? dims : 2;
  XGRAD_CHECK(dims == wanted, "interpolate: mode ", mode.word(), " needs an input of ", wanted + 2,
              " dimensions: input is ", input.sizes());
  const bool lanczos = mode.is(kLanczos);
  XGRAD_CHECK_AS(ValueError, !o.antialias() || (dims == 2 && !plain),
                 "interpolate: antialias is for bilinear, bicubic and lanczos, of four dimensions: mode is ",
                 mode.word(), ", input is ", input.sizes());
  XGRAD_CHECK_AS(ValueError, !lanczos || (o.antialias() && !o.align_corners().value_or(false)),
                 "interpolate: lanczos needs antialias, and has no align_corners");
  const Target target(input, o);
  if (mode.is(kArea)) {
    if (dims == 1) return xgrad::adaptive_avg_pool1d(input, target.size);
    return dims == 2 ? xgrad::adaptive_avg_pool2d(input, target.size)
                     : xgrad::adaptive_avg_pool3d(input, target.size);
  }
  return xgrad::detail::resize(input, target.size,
                               plain || lanczos    ? mode.word()
                               : mode.is(kBicubic) ? "cubic"
                                                   : "linear",
                               o.align_corners().value_or(false), target.scales, o.antialias());
}

Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& o) {
  const int64_t mode = o.mode().is(kBilinear) ? 0 : o.mode().is(kNearest) ? 1 : 2;
  const int64_t padding = o.padding_mode().is(kZeros) ? 0 : o.padding_mode().is(kBorder) ? 1 : 2;
  return xgrad::grid_sampler(input, grid, mode, padding, o.align_corners().value_or(false));
}

Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners) {
  return xgrad::affine_grid_generator(theta, size, align_corners);
}

}  // namespace xgrad::nn::functional
