// Distances as modules. The formulas stand in core/ops/product/similarity.h.
#pragma once

#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/distance.h>

namespace xgrad::nn {

/// The cosine of the angle between vectors along a dimension.
class XGRAD_API CosineSimilarityImpl : public OptionsLayer<CosineSimilarityImpl, CosineSimilarityOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& x1, const Tensor& x2);
};
XGRAD_LAYER(CosineSimilarity);

/// The p-norm of the difference along the last dimension.
class XGRAD_API PairwiseDistanceImpl : public OptionsLayer<PairwiseDistanceImpl, PairwiseDistanceOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& x1, const Tensor& x2);
};
XGRAD_LAYER(PairwiseDistance);

}  // namespace xgrad::nn
