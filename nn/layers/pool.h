// Pooling as modules; the formulas stand in core/ops/pool/pool.h.
#pragma once

#include <tuple>

#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/pool.h>

namespace xgrad::nn {

// The mean of each window, or another norm of it.
#define XGRAD_MEAN_POOL(Name) XGRAD_OPTIONS_LAYER(Name, Tensor forward(const Tensor& input))
// The largest element of each window, with its place if asked for.
#define XGRAD_FORWARD_MAX              \
  Tensor forward(const Tensor& input); \
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input)
#define XGRAD_MAX_POOL(Name) XGRAD_OPTIONS_LAYER(Name, XGRAD_FORWARD_MAX)
// The same over windows that are drawn anew in each forward, or lie where `_random_samples` says.
#define XGRAD_FRACTIONAL_POOL(Name) XGRAD_LAYER_OF(OptionsLayer, Name, XGRAD_FORWARD_MAX)
// What max pooling found, back at its places.
#define XGRAD_MAX_UNPOOL(Name)                                                         \
  XGRAD_OPTIONS_LAYER(Name, Tensor forward(const Tensor& input, const Tensor& indices, \
                                           const optional<std::vector<int64_t>>& output_size = nullopt))
#define XGRAD_POOL_LAYERS(n)              \
  XGRAD_MAX_POOL(MaxPool##n##d);          \
  XGRAD_MEAN_POOL(AvgPool##n##d);         \
  XGRAD_MEAN_POOL(LPPool##n##d);          \
  XGRAD_MAX_POOL(AdaptiveMaxPool##n##d);  \
  XGRAD_MEAN_POOL(AdaptiveAvgPool##n##d); \
  XGRAD_MAX_UNPOOL(MaxUnpool##n##d)
XGRAD_POOL_LAYERS(1);
XGRAD_POOL_LAYERS(2);
XGRAD_POOL_LAYERS(3);
XGRAD_FRACTIONAL_POOL(FractionalMaxPool2d);
XGRAD_FRACTIONAL_POOL(FractionalMaxPool3d);
#undef XGRAD_FORWARD_MAX
#undef XGRAD_MAX_POOL
#undef XGRAD_MEAN_POOL
#undef XGRAD_MAX_UNPOOL
#undef XGRAD_FRACTIONAL_POOL
#undef XGRAD_POOL_LAYERS

}  // namespace xgrad::nn
