// Distances as modules: their call of the functional.
#include <xgrad/nn/layers/distance.h>

#include <xgrad/nn/functional/norm.h>

namespace xgrad::nn {

Tensor CosineSimilarityImpl::forward(const Tensor& x1, const Tensor& x2) {
  return functional::cosine_similarity(x1, x2, options);
}
Tensor PairwiseDistanceImpl::forward(const Tensor& x1, const Tensor& x2) {
  return functional::pairwise_distance(x1, x2, options);
}

XGRAD_DEFINE_LAYER(CosineSimilarity);
XGRAD_DEFINE_LAYER(PairwiseDistance);

}  // namespace xgrad::nn
