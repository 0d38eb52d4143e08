// Distances as modules. The formulas stand in core/ops/product/similarity.h.
#pragma once

#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/distance.h>

namespace xgrad::nn {

/// The cosine of the angle between vectors along a dimension.
XGRAD_LAYER_OF(OptionsLayer, CosineSimilarity, Tensor forward(const Tensor& x1, const Tensor& x2));

/// The p-norm of the difference along the last dimension.
XGRAD_LAYER_OF(OptionsLayer, PairwiseDistance, Tensor forward(const Tensor& x1, const Tensor& x2));

}  // namespace xgrad::nn
