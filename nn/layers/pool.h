// Pooling as modules; the formulas stand in core/ops/pool/pool.h.
#pragma once

#include <tuple>

#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/pool.h>

namespace xgrad::nn {

// The largest element of each window, with its place if asked for.
#define XGRAD_MAX_POOL(Name)                                                    \
  class XGRAD_API Name##Impl : public OptionsLayer<Name##Impl, Name##Options> { \
   public:                                                                      \
    using OptionsLayer::OptionsLayer;                                           \
    Tensor forward(const Tensor& input);                                        \
    std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);       \
    std::string extra_repr() const override;                                    \
  };                                                                            \
  XGRAD_LAYER(Name)
// The mean of each window, or another norm of it.
#define XGRAD_MEAN_POOL(Name)                                                   \
  class XGRAD_API Name##Impl : public OptionsLayer<Name##Impl, Name##Options> { \
   public:                                                                      \
    using OptionsLayer::OptionsLayer;                                           \
    Tensor forward(const Tensor& input);                                        \
    std::string extra_repr() const override;                                    \
  };                                                                            \
  XGRAD_LAYER(Name)
// What max pooling found, back at its places.
#define XGRAD_MAX_UNPOOL(Name)                                                   \
  class XGRAD_API Name##Impl : public OptionsLayer<Name##Impl, Name##Options> {  \
   public:                                                                       \
    using OptionsLayer::OptionsLayer;                                            \
    Tensor forward(const Tensor& input, const Tensor& indices,                   \
                   const optional<std::vector<int64_t>>& output_size = nullopt); \
    std::string extra_repr() const override;                                     \
  };                                                                             \
  XGRAD_LAYER(Name)
// Max pooling over windows that are drawn anew in each forward, or lie where `_random_samples` says.
#define XGRAD_FRACTIONAL_POOL(Name)                                             \
  class XGRAD_API Name##Impl : public OptionsLayer<Name##Impl, Name##Options> { \
   public:                                                                      \
    using OptionsLayer::OptionsLayer;                                           \
    Tensor forward(const Tensor& input);                                        \
    std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);       \
  };                                                                            \
  XGRAD_LAYER(Name)
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
#undef XGRAD_MAX_POOL
#undef XGRAD_MEAN_POOL
#undef XGRAD_MAX_UNPOOL
#undef XGRAD_FRACTIONAL_POOL
#undef XGRAD_POOL_LAYERS

}  // namespace xgrad::nn
