// Margins, patches, resizing and sampling with options; the formulas stand in core/ops/image.
#pragma once

#include <xgrad/nn/options/image.h>

namespace xgrad::nn::functional {

XGRAD_API Tensor pad(const Tensor& input, const PadFuncOptions& options);
/// im2col and col2im.
XGRAD_API Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options);
XGRAD_API Tensor fold(const Tensor& input, const FoldFuncOptions& options);
XGRAD_API Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options);
XGRAD_API Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options);
/// Images [N, C, size...] of one to three dimensions in another size. Sizes follow from scale_factor where
/// that is given; coordinates are divided by it, unless recompute_scale_factor, which divides by the ratio of
/// sizes. With `antialias` kBilinear, kBicubic and kLanczos take in all of an image that shrinks; kLanczos
/// needs it.
XGRAD_API Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});
XGRAD_API Tensor grid_sample(const Tensor& input, const Tensor& grid,
                             const GridSampleFuncOptions& options = {});
XGRAD_API Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners = false);

}  // namespace xgrad::nn::functional
