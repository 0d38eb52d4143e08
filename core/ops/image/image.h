// Images: rearranged, cut into patches, resized, sampled.
#pragma once

#include <string_view>

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// [..., C r^2, H, W] to [..., C, H r, W r]: r^2 channels become the pixels of a square (Shi et al., 2016).
XGRAD_API Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
/// The reverse of pixel_shuffle: [..., C, H r, W r] to [..., C r^2, H, W].
XGRAD_API Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
/// [N, C, ...]: channel i of group g becomes channel i groups + g.
XGRAD_API Tensor channel_shuffle(const Tensor& self, int64_t groups);

/// The windows of [N, C, H, W] (or without N) as columns: [N, C kernel elements, windows]. Lists have 2
/// numbers, or one for both.
XGRAD_API Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation,
                        IntArrayRef padding, IntArrayRef stride);
/// The transpose of im2col: images of output_size in which overlapping windows are added up.
XGRAD_API Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size,
                        IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride);

namespace detail {
/// Images [N, C, size...] in `output_size`. mode: "nearest", "nearest-exact", "linear" (over one to three
/// dimensions), "cubic" or "lanczos". `scales`, if given, are what coordinates are divided by; otherwise the
/// sizes decide. With `antialias` all of an image that shrinks counts, which "lanczos" needs.
XGRAD_API Tensor resize(const Tensor& self, IntArrayRef output_size, std::string_view mode,
                        bool align_corners, ArrayRef<optional<double>> scales, bool antialias = false);
}  // namespace detail

/// Images [N, C, size...] in `output_size`; nn::functional::interpolate has them all under one name.
/// Coordinates are divided by the scales, if given, otherwise by the ratio of sizes.
#define XGRAD_UPSAMPLE_NEAREST(infix)                                                                   \
  XGRAD_API Tensor infix##1d(const Tensor& self, IntArrayRef output_size,                               \
                             optional<double> scales = nullopt);                                        \
  XGRAD_API Tensor infix##2d(const Tensor& self, IntArrayRef output_size,                               \
                             optional<double> scales_h = nullopt, optional<double> scales_w = nullopt); \
  XGRAD_API Tensor infix##3d(const Tensor& self, IntArrayRef output_size,                               \
                             optional<double> scales_d = nullopt, optional<double> scales_h = nullopt,  \
                             optional<double> scales_w = nullopt)
XGRAD_UPSAMPLE_NEAREST(upsample_nearest);
XGRAD_UPSAMPLE_NEAREST(_upsample_nearest_exact);
#undef XGRAD_UPSAMPLE_NEAREST
XGRAD_API Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                   optional<double> scales = nullopt);
XGRAD_API Tensor upsample_bilinear2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                     optional<double> scales_h = nullopt,
                                     optional<double> scales_w = nullopt);
XGRAD_API Tensor upsample_bicubic2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                    optional<double> scales_h = nullopt, optional<double> scales_w = nullopt);
XGRAD_API Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                      optional<double> scales_d = nullopt,
                                      optional<double> scales_h = nullopt,
                                      optional<double> scales_w = nullopt);
/// Where an image shrinks, every pixel counts in some result.
XGRAD_API Tensor _upsample_bilinear2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                         optional<double> scales_h = nullopt,
                                         optional<double> scales_w = nullopt);
XGRAD_API Tensor _upsample_bicubic2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                        optional<double> scales_h = nullopt,
                                        optional<double> scales_w = nullopt);
XGRAD_API Tensor _upsample_lanczos2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                                        optional<double> scales_h = nullopt,
                                        optional<double> scales_w = nullopt);

/// The coordinates that grid_sample takes, [N, H, W, 2] or [N, D, H, W, 3], for the affine maps `theta` [N,
/// 2, 3] or [N, 3, 4] and images of `size` [N, C, H, W] or [N, C, D, H, W] (Jaderberg et al., "Spatial
/// Transformer Networks", 2015). With align_corners, -1 and 1 are the centres of the outermost pixels,
/// without their outer edges.
XGRAD_API Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);
/// input [N, C, H, W] at grid [N, h, w, 2], or [N, C, D, H, W] at [N, d, h, w, 3]; coordinates are (x, y, z)
/// between -1 and 1. interpolation_mode: 0 bilinear, 1 nearest, 2 bicubic; padding_mode
/// outside of the image: 0 zeros, 1 the border, 2 the reflected image.
XGRAD_API Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode,
                              int64_t padding_mode, bool align_corners);

}  // namespace xgrad
