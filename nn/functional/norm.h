// Normalisation and distances as functions with options; the formulas stand in core/ops/norm/norm.h and
// core/ops/product/similarity.h.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/nn/options/distance.h>
#include <xgrad/nn/options/norm.h>

namespace xgrad::nn::functional {

/// When training, the running tensors change. Throws ValueError for a channel of a single value then.
XGRAD_API Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                            const BatchNormFuncOptions& options = {});
XGRAD_API Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options = {});
XGRAD_API Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options);
XGRAD_API Tensor rms_norm(const Tensor& input, const RMSNormFuncOptions& options);
XGRAD_API Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options);
XGRAD_API Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);
/// input / max(p-norm along dim, eps).
XGRAD_API Tensor normalize(const Tensor& input, const NormalizeFuncOptions& options = {});

XGRAD_API Tensor cosine_similarity(const Tensor& x1, const Tensor& x2,
                                   const CosineSimilarityFuncOptions& options = {});
XGRAD_API Tensor pairwise_distance(const Tensor& x1, const Tensor& x2,
                                   const PairwiseDistanceFuncOptions& options = {});

}  // namespace xgrad::nn::functional
