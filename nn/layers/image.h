// Margins, patches, shuffling and resizing as modules; the formulas stand in core/ops/image.
#pragma once

#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/image.h>

namespace xgrad::nn {

#define XGRAD_IMAGE_LAYER(Name) XGRAD_OPTIONS_LAYER(Name, Tensor forward(const Tensor& input))
#define XGRAD_PADDING_LAYERS(n)            \
  XGRAD_IMAGE_LAYER(ReflectionPad##n##d);  \
  XGRAD_IMAGE_LAYER(ReplicationPad##n##d); \
  XGRAD_IMAGE_LAYER(CircularPad##n##d);    \
  XGRAD_IMAGE_LAYER(ZeroPad##n##d);        \
  XGRAD_IMAGE_LAYER(ConstantPad##n##d)
XGRAD_PADDING_LAYERS(1);
XGRAD_PADDING_LAYERS(2);
XGRAD_PADDING_LAYERS(3);
XGRAD_IMAGE_LAYER(Unfold);
XGRAD_IMAGE_LAYER(Fold);
XGRAD_IMAGE_LAYER(PixelShuffle);
XGRAD_IMAGE_LAYER(PixelUnshuffle);
XGRAD_IMAGE_LAYER(ChannelShuffle);
XGRAD_IMAGE_LAYER(Upsample);
#undef XGRAD_IMAGE_LAYER
#undef XGRAD_PADDING_LAYERS

}  // namespace xgrad::nn
