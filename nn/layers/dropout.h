// Dropout.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/dropout.h>

namespace xgrad::nn {

// In evaluation its input; in training what the functional of that name says.
#define XGRAD_DROPOUT_LAYER(Name)                                    \
  class XGRAD_API Name##Impl : public Cloneable<Name##Impl> {        \
   public:                                                           \
    explicit Name##Impl(double p) : Name##Impl(DropoutOptions(p)) {} \
    explicit Name##Impl(const DropoutOptions& options_ = {});        \
    void reset() override {}                                         \
    Tensor forward(Tensor input);                                    \
    std::string extra_repr() const override;                         \
                                                                     \
    DropoutOptions options;                                          \
  };                                                                 \
  XGRAD_LAYER(Name)
/// Each element is 0 with probability p, otherwise x / (1 - p).
XGRAD_DROPOUT_LAYER(Dropout);
/// The same for whole channels.
XGRAD_DROPOUT_LAYER(Dropout1d);
XGRAD_DROPOUT_LAYER(Dropout2d);
XGRAD_DROPOUT_LAYER(Dropout3d);
/// Keeps mean and variance of what a selu gives; elements, or whole channels.
XGRAD_DROPOUT_LAYER(AlphaDropout);
XGRAD_DROPOUT_LAYER(FeatureAlphaDropout);
#undef XGRAD_DROPOUT_LAYER

}  // namespace xgrad::nn
