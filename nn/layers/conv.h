// Convolutions as modules: one template over the number of dimensions for each direction.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/conv.h>

namespace xgrad::nn {

/// input [N, in_channels, size...] (or without N) convolved with weight [out_channels, in_channels / groups,
/// kernel_size...], plus bias; the sizes are those of `convolution`.
template <std::size_t D, class Derived>
class XGRAD_API ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(const ConvOptions<D>& options_);
  void reset() override;
  /// Fresh values, uniform within 1 / sqrt(in_channels / groups * kernel elements) of 0.
  void reset_parameters();
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  ConvOptions<D> options;
  Tensor weight, bias;
};

/// The transpose of a convolution, as its gradient: input [N, in_channels, size...] (or without N), weight
/// [in_channels, out_channels / groups, kernel_size...].
template <std::size_t D, class Derived>
class XGRAD_API ConvTransposeNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvTransposeNdImpl(const ConvTransposeOptions<D>& options_);
  void reset() override;
  void reset_parameters();
  /// With output_size, output_padding is what leads to it.
  Tensor forward(const Tensor& input, const optional<IntArrayRef>& output_size = nullopt);
  std::string extra_repr() const override;

  ConvTransposeOptions<D> options;
  Tensor weight, bias;
};

#define XGRAD_CONV_LAYER(Name, Base, Options, n)                                             \
  class XGRAD_API Name##n##dImpl : public Base##NdImpl<n, Name##n##dImpl> {                  \
   public:                                                                                   \
    Name##n##dImpl(int64_t in_channels, int64_t out_channels, ExpandingArray<n> kernel_size) \
        : Name##n##dImpl(Options<n>(in_channels, out_channels, std::move(kernel_size))) {}   \
    explicit Name##n##dImpl(const Options<n>& options_) : Base##NdImpl(options_) {}          \
  };                                                                                         \
  extern template class Base##NdImpl<n, Name##n##dImpl>;                                     \
  XGRAD_LAYER(Name##n##d)
XGRAD_CONV_LAYER(Conv, Conv, ConvOptions, 1);
XGRAD_CONV_LAYER(Conv, Conv, ConvOptions, 2);
XGRAD_CONV_LAYER(Conv, Conv, ConvOptions, 3);
XGRAD_CONV_LAYER(ConvTranspose, ConvTranspose, ConvTransposeOptions, 1);
XGRAD_CONV_LAYER(ConvTranspose, ConvTranspose, ConvTransposeOptions, 2);
XGRAD_CONV_LAYER(ConvTranspose, ConvTranspose, ConvTransposeOptions, 3);
#undef XGRAD_CONV_LAYER

}  // namespace xgrad::nn
