// Distances as modules. The formulas stand in core/ops/product/similarity.h.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/distance.h>

namespace xgrad::nn {

/// The cosine of the angle between vectors along a dimension.
class XGRAD_API CosineSimilarityImpl : public Cloneable<CosineSimilarityImpl> {
 public:
  explicit CosineSimilarityImpl(const CosineSimilarityOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& x1, const Tensor& x2);

  CosineSimilarityOptions options;
};
XGRAD_LAYER(CosineSimilarity);

/// The p-norm of the difference along the last dimension.
class XGRAD_API PairwiseDistanceImpl : public Cloneable<PairwiseDistanceImpl> {
 public:
  explicit PairwiseDistanceImpl(const PairwiseDistanceOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& x1, const Tensor& x2);

  PairwiseDistanceOptions options;
};
XGRAD_LAYER(PairwiseDistance);

}  // namespace xgrad::nn
