// Margins, patches, shuffling and resizing: calls of the ops, and printing.
#include <xgrad/nn/layers/image.h>

#include <xgrad/core/ops/image/image.h>
#include <xgrad/core/ops/image/pad.h>
#include <xgrad/nn/functional/image.h>

namespace xgrad::nn {

#define XGRAD_PADDING(Name, mode)                                                                  \
  Tensor Name##Impl::forward(const Tensor& input) { return pad(input, *options.padding(), mode); } \
  std::string Name##Impl::extra_repr() const { return options.padding().tuple().repr(); }          \
  XGRAD_DEFINE_LAYER(Name)
#define XGRAD_PADDING_LAYERS(n)                                                                \
  XGRAD_PADDING(ReflectionPad##n##d, "reflect");                                               \
  XGRAD_PADDING(ReplicationPad##n##d, "replicate");                                            \
  XGRAD_PADDING(CircularPad##n##d, "circular");                                                \
  XGRAD_PADDING(ZeroPad##n##d, "constant");                                                    \
  Tensor ConstantPad##n##dImpl::forward(const Tensor& input) {                                 \
    return pad(input, *options.padding(), "constant", options.value());                        \
  }                                                                                            \
  std::string ConstantPad##n##dImpl::extra_repr() const {                                      \
    return concat("padding=", options.padding().tuple(), ", value=", IValue(options.value())); \
  }                                                                                            \
  XGRAD_DEFINE_LAYER(ConstantPad##n##d)
XGRAD_PADDING_LAYERS(1);
XGRAD_PADDING_LAYERS(2);
XGRAD_PADDING_LAYERS(3);
#undef XGRAD_PADDING
#undef XGRAD_PADDING_LAYERS

Tensor UnfoldImpl::forward(const Tensor& input) { return functional::unfold(input, options); }
std::string UnfoldImpl::extra_repr() const { return fields_repr(options); }
XGRAD_DEFINE_LAYER(Unfold);

Tensor FoldImpl::forward(const Tensor& input) { return functional::fold(input, options); }
std::string FoldImpl::extra_repr() const { return fields_repr(options); }
XGRAD_DEFINE_LAYER(Fold);

Tensor PixelShuffleImpl::forward(const Tensor& input) {
  return pixel_shuffle(input, options.upscale_factor());
}
std::string PixelShuffleImpl::extra_repr() const { return fields_repr(options); }
XGRAD_DEFINE_LAYER(PixelShuffle);

Tensor PixelUnshuffleImpl::forward(const Tensor& input) {
  return pixel_unshuffle(input, options.downscale_factor());
}
std::string PixelUnshuffleImpl::extra_repr() const { return fields_repr(options); }
XGRAD_DEFINE_LAYER(PixelUnshuffle);

Tensor ChannelShuffleImpl::forward(const Tensor& input) { return channel_shuffle(input, options.groups()); }
std::string ChannelShuffleImpl::extra_repr() const { return fields_repr(options); }
XGRAD_DEFINE_LAYER(ChannelShuffle);

Tensor UpsampleImpl::forward(const Tensor& input) {
  return functional::interpolate(input, functional::InterpolateFuncOptions()
                                            .size(options.size())
                                            .scale_factor(options.scale_factor())
                                            .mode(options.mode())
                                            .align_corners(options.align_corners()));
}
std::string UpsampleImpl::extra_repr() const {
  // One number stands for all, and Python shows it as one.
  const auto list = [](const auto& values) {
    return values.size() == 1 ? IValue(values[0]) : IValue(IValue::List(values.begin(), values.end()));
  };
  return concat(options.scale_factor() ? "scale_factor=" : "size=",
                options.scale_factor() ? list(*options.scale_factor())
                : options.size()       ? list(*options.size())
                                       : IValue(),
                ", mode=", IValue(options.mode()));
}
XGRAD_DEFINE_LAYER(Upsample);

}  // namespace xgrad::nn
