// Options of margins, patches, shuffling, resizing and sampling.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>

namespace xgrad::nn {

/// Margins of D dimensions, [before, after] of the last one first; one number stands for all.
template <std::size_t D>
struct PaddingOptions {
  PaddingOptions(ExpandingArray<2 * D> padding) : padding_(padding) {}
  XGRAD_ARG(ExpandingArray<2 * D>, padding);
  XGRAD_FIELDS(padding_);
};
template <std::size_t D>
struct ConstantPadOptions {
  ConstantPadOptions(ExpandingArray<2 * D> padding, double value) : padding_(padding), value_(value) {}
  XGRAD_ARG(ExpandingArray<2 * D>, padding);
  XGRAD_ARG(double, value);
  XGRAD_FIELDS(padding_, value_);
};
#define XGRAD_PADDING_OPTIONS(n)                         \
  using ReflectionPad##n##dOptions = PaddingOptions<n>;  \
  using ReplicationPad##n##dOptions = PaddingOptions<n>; \
  using CircularPad##n##dOptions = PaddingOptions<n>;    \
  using ZeroPad##n##dOptions = PaddingOptions<n>;        \
  using ConstantPad##n##dOptions = ConstantPadOptions<n>
XGRAD_PADDING_OPTIONS(1);
XGRAD_PADDING_OPTIONS(2);
XGRAD_PADDING_OPTIONS(3);
#undef XGRAD_PADDING_OPTIONS

struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<2>, kernel_size);
  XGRAD_ARG(ExpandingArray<2>, dilation) = 1;
  XGRAD_ARG(ExpandingArray<2>, padding) = 0;
  XGRAD_ARG(ExpandingArray<2>, stride) = 1;
  XGRAD_FIELDS(kernel_size_, dilation_, padding_, stride_);
};

struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : output_size_(output_size), kernel_size_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<2>, output_size);
  XGRAD_ARG(ExpandingArray<2>, kernel_size);
  XGRAD_ARG(ExpandingArray<2>, dilation) = 1;
  XGRAD_ARG(ExpandingArray<2>, padding) = 0;
  XGRAD_ARG(ExpandingArray<2>, stride) = 1;
  XGRAD_FIELDS(output_size_, kernel_size_, dilation_, padding_, stride_);
};

struct PixelShuffleOptions {
  PixelShuffleOptions(int64_t upscale_factor) : upscale_factor_(upscale_factor) {}
  XGRAD_ARG(int64_t, upscale_factor);
  XGRAD_FIELDS(upscale_factor_);
};
struct PixelUnshuffleOptions {
  PixelUnshuffleOptions(int64_t downscale_factor) : downscale_factor_(downscale_factor) {}
  XGRAD_ARG(int64_t, downscale_factor);
  XGRAD_FIELDS(downscale_factor_);
};
struct ChannelShuffleOptions {
  ChannelShuffleOptions(int64_t groups) : groups_(groups) {}
  XGRAD_ARG(int64_t, groups);
  XGRAD_FIELDS(groups_);
};

using UpsampleMode =
    OneOf<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
          enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact, enumtype::kLanczos>;

/// One of size and scale_factor is given, with a number for each dimension or one for all.
struct UpsampleOptions {
  XGRAD_ARG(optional<std::vector<int64_t>>, size) = nullopt;
  XGRAD_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  XGRAD_ARG(UpsampleMode, mode) = enumtype::kNearest();
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
  XGRAD_FIELDS(size_, scale_factor_, mode_, align_corners_);
};

namespace functional {

struct PadFuncOptions {
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}
  using mode_t = OneOf<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  XGRAD_ARG(std::vector<int64_t>, pad);
  XGRAD_ARG(mode_t, mode) = enumtype::kConstant();
  XGRAD_ARG(double, value) = 0;
  XGRAD_FIELDS(pad_, mode_, value_);
};
using UnfoldFuncOptions = UnfoldOptions;
using FoldFuncOptions = FoldOptions;
using PixelShuffleFuncOptions = PixelShuffleOptions;
using PixelUnshuffleFuncOptions = PixelUnshuffleOptions;

struct InterpolateFuncOptions {
  XGRAD_ARG(optional<std::vector<int64_t>>, size) = nullopt;
  XGRAD_ARG(optional<std::vector<double>>, scale_factor) = nullopt;
  XGRAD_ARG(UpsampleMode, mode) = enumtype::kNearest();
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
  XGRAD_ARG(optional<bool>, recompute_scale_factor) = nullopt;
  XGRAD_ARG(bool, antialias) = false;
  XGRAD_FIELDS(size_, scale_factor_, mode_, align_corners_, recompute_scale_factor_, antialias_);
};

struct GridSampleFuncOptions {
  using mode_t = OneOf<enumtype::kBilinear, enumtype::kNearest, enumtype::kBicubic>;
  using padding_mode_t = OneOf<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  XGRAD_ARG(mode_t, mode) = enumtype::kBilinear();
  XGRAD_ARG(padding_mode_t, padding_mode) = enumtype::kZeros();
  XGRAD_ARG(optional<bool>, align_corners) = nullopt;
  XGRAD_FIELDS(mode_, padding_mode_, align_corners_);
};

}  // namespace functional

}  // namespace xgrad::nn
