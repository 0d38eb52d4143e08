// Options of pooling.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/expanding_array.h>

namespace xgrad::nn {

template <std::size_t D>
struct MaxPoolOptions {
  MaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride);
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(bool, ceil_mode) = false;
  XGRAD_FIELDS(kernel_size_, stride_, padding_, dilation_, ceil_mode_);
};

template <std::size_t D>
struct AvgPoolOptions {
  AvgPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride);
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(bool, ceil_mode) = false;
  XGRAD_ARG(bool, count_include_pad) = true;
  XGRAD_ARG(optional<int64_t>, divisor_override) = nullopt;  ///< Not in one dimension.
  XGRAD_FIELDS(kernel_size_, stride_, padding_, ceil_mode_, count_include_pad_, divisor_override_);
};

template <std::size_t D>
struct LPPoolOptions {
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size)
      : norm_type_(norm_type), kernel_size_(kernel_size) {}
  XGRAD_ARG(double, norm_type);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(optional<ExpandingArray<D>>, stride) = nullopt;  ///< kernel_size, if not given
  XGRAD_ARG(bool, ceil_mode) = false;
  XGRAD_FIELDS(norm_type_, kernel_size_, stride_, ceil_mode_);
};

/// An open size is the input's.
template <std::size_t D>
struct AdaptivePoolOptions {
  using Size = std::conditional_t<D == 1, ExpandingArray<D>, ExpandingArrayWithOptionalElem<D>>;
  AdaptivePoolOptions(Size output_size) : output_size_(output_size) {}
  XGRAD_ARG(Size, output_size);
  XGRAD_FIELDS(output_size_);
};

template <std::size_t D>
struct MaxUnpoolOptions {
  MaxUnpoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride);
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_FIELDS(kernel_size_, stride_, padding_);
};

/// One of output_size and output_ratio is given. `_random_samples`, if given, decide the windows.
template <std::size_t D>
struct FractionalMaxPoolOptions {
  FractionalMaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(optional<ExpandingArray<D>>, output_size) = nullopt;
  using Ratio = ExpandingArray<D, double>;
  XGRAD_ARG(optional<Ratio>, output_ratio) = nullopt;
  XGRAD_ARG(Tensor, _random_samples) = {};
  XGRAD_FIELDS(kernel_size_, output_size_, output_ratio_, _random_samples_);
};

#define XGRAD_POOL_OPTIONS(n)                                  \
  using MaxPool##n##dOptions = MaxPoolOptions<n>;              \
  using AvgPool##n##dOptions = AvgPoolOptions<n>;              \
  using LPPool##n##dOptions = LPPoolOptions<n>;                \
  using AdaptiveMaxPool##n##dOptions = AdaptivePoolOptions<n>; \
  using AdaptiveAvgPool##n##dOptions = AdaptivePoolOptions<n>; \
  using MaxUnpool##n##dOptions = MaxUnpoolOptions<n>
XGRAD_POOL_OPTIONS(1);
XGRAD_POOL_OPTIONS(2);
XGRAD_POOL_OPTIONS(3);
#undef XGRAD_POOL_OPTIONS
using FractionalMaxPool2dOptions = FractionalMaxPoolOptions<2>;
using FractionalMaxPool3dOptions = FractionalMaxPoolOptions<3>;

namespace functional {

template <std::size_t D>
struct MaxUnpoolFuncOptions {
  MaxUnpoolFuncOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride);
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(optional<std::vector<int64_t>>, output_size) = nullopt;
  XGRAD_FIELDS(kernel_size_, stride_, padding_, output_size_);
};

#define XGRAD_POOL_OPTIONS(n)                                      \
  using MaxPool##n##dFuncOptions = MaxPoolOptions<n>;              \
  using AvgPool##n##dFuncOptions = AvgPoolOptions<n>;              \
  using LPPool##n##dFuncOptions = LPPoolOptions<n>;                \
  using AdaptiveMaxPool##n##dFuncOptions = AdaptivePoolOptions<n>; \
  using AdaptiveAvgPool##n##dFuncOptions = AdaptivePoolOptions<n>; \
  using MaxUnpool##n##dFuncOptions = MaxUnpoolFuncOptions<n>
XGRAD_POOL_OPTIONS(1);
XGRAD_POOL_OPTIONS(2);
XGRAD_POOL_OPTIONS(3);
#undef XGRAD_POOL_OPTIONS
using FractionalMaxPool2dFuncOptions = FractionalMaxPoolOptions<2>;
using FractionalMaxPool3dFuncOptions = FractionalMaxPoolOptions<3>;

}  // namespace functional

}  // namespace xgrad::nn
