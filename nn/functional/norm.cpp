// Functionals of normalisation: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional/norm.h>

#include <algorithm>

#include <xgrad/core/ops/norm/norm.h>
#include <xgrad/core/ops/product/similarity.h>

namespace xgrad::nn::functional {

Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options) {
  if (options.training() && input.dim() >= 2)
    XGRAD_CHECK_AS(ValueError, input.size(1) == 0 || input.numel() != input.size(1),
                   "batch_norm: expected more than 1 value per channel when training, got input size ",
                   input.sizes());
  XGRAD_CHECK_AS(ValueError, options.training() ? !(options.eps() <= 0) : !(options.eps() < 0),
                 "batch_norm: eps must be ", options.training() ? "positive" : "non-negative", ": got ",
                 options.eps());
  return xgrad::batch_norm(input, options.weight(), options.bias(), running_mean, running_var,
                           options.training(), options.momentum().value_or(0.0), options.eps());
}

Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options) {
  if (options.use_input_stats() && input.dim() >= 2) {
    const IntArrayRef spatial = IntArrayRef(input.sizes()).slice(2);
    XGRAD_CHECK_AS(ValueError, !std::all_of(spatial.begin(), spatial.end(), [](int64_t n) { return n == 1; }),
                   "instance_norm: expected more than 1 spatial element when training, got input size ",
                   input.sizes());
  }
  return xgrad::instance_norm(input, options.weight(), options.bias(), options.running_mean(),
                              options.running_var(), options.use_input_stats(), options.momentum(),
                              options.eps());
}

Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options) {
  return xgrad::layer_norm(input, options.normalized_shape(), options.weight(), options.bias(),
                           options.eps());
}
Tensor rms_norm(const Tensor& input, const RMSNormFuncOptions& options) {
  return xgrad::rms_norm(input, options.normalized_shape(), options.weight(), options.eps());
}
Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options) {
  XGRAD_CHECK_AS(ValueError, input.numel() != options.num_groups(),
                 "group_norm: expected more than 1 value per group: input is ", input.sizes(),
                 ", num_groups is ", options.num_groups());
  return xgrad::group_norm(input, options.num_groups(), options.weight(), options.bias(), options.eps());
}
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options) {
  return xgrad::local_response_norm(input, options.size(), options.alpha(), options.beta(), options.k());
}

Tensor normalize(const Tensor& input, const NormalizeFuncOptions& options) {
  return input / input.norm(options.p(), {options.dim()}, true).clamp_min(options.eps());
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options) {
  return xgrad::cosine_similarity(x1, x2, options.dim(), options.eps());
}
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options) {
  return xgrad::pairwise_distance(x1, x2, options.p(), options.eps(), options.keepdim());
}

}  // namespace xgrad::nn::functional
