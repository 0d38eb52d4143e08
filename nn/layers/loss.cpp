// Losses as modules: their call of the op or functional.
#include <xgrad/nn/layers/loss.h>

#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/nn/functional/loss.h>

namespace xgrad::nn {

Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  return mse_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor L1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return smooth_l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()), options.beta());
}

Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy(input, target, weight, enumtype::reduction_get_enum(options.reduction()));
}

Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, weight, pos_weight,
                                          enumtype::reduction_get_enum(options.reduction()));
}

Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return nll_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                  options.ignore_index());
}

Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                            options.ignore_index(), options.label_smoothing());
}

Tensor HuberLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::huber_loss(input, target, options);
}
Tensor KLDivLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::kl_div(input, target, options);
}
Tensor PoissonNLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::poisson_nll_loss(input, target, options);
}
Tensor GaussianNLLLossImpl::forward(const Tensor& input, const Tensor& target, const Tensor& var) {
  return functional::gaussian_nll_loss(input, target, var, options);
}
Tensor CTCLossImpl::forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                            const Tensor& target_lengths) {
  return functional::ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}
Tensor SoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::soft_margin_loss(input, target, options);
}
Tensor MultiLabelMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::multilabel_margin_loss(input, target, options);
}
Tensor MultiMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::multi_margin_loss(input, target, MultiMarginLossOptions(options).weight(weight));
}

Tensor HingeEmbeddingLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::hinge_embedding_loss(input, target, options);
}
Tensor MarginRankingLossImpl::forward(const Tensor& input1, const Tensor& input2, const Tensor& target) {
  return functional::margin_ranking_loss(input1, input2, target, options);
}
Tensor CosineEmbeddingLossImpl::forward(const Tensor& input1, const Tensor& input2, const Tensor& target) {
  return functional::cosine_embedding_loss(input1, input2, target, options);
}
Tensor TripletMarginLossImpl::forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) {
  return functional::triplet_margin_loss(anchor, positive, negative, options);
}
Tensor TripletMarginWithDistanceLossImpl::forward(const Tensor& anchor, const Tensor& positive,
                                                  const Tensor& negative) {
  return functional::triplet_margin_with_distance_loss(anchor, positive, negative, options);
}
Tensor MultiLabelSoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::multilabel_soft_margin_loss(input, target,
                                                 MultiLabelSoftMarginLossOptions(options).weight(weight));
}

XGRAD_DEFINE_LAYER(MSELoss);
XGRAD_DEFINE_LAYER(L1Loss);
XGRAD_DEFINE_LAYER(SmoothL1Loss);
XGRAD_DEFINE_LAYER(BCELoss);
XGRAD_DEFINE_LAYER(BCEWithLogitsLoss);
XGRAD_DEFINE_LAYER(NLLLoss);
XGRAD_DEFINE_LAYER(CrossEntropyLoss);
XGRAD_DEFINE_LAYER(HuberLoss);
XGRAD_DEFINE_LAYER(KLDivLoss);
XGRAD_DEFINE_LAYER(PoissonNLLLoss);
XGRAD_DEFINE_LAYER(GaussianNLLLoss);
XGRAD_DEFINE_LAYER(CTCLoss);
XGRAD_DEFINE_LAYER(SoftMarginLoss);
XGRAD_DEFINE_LAYER(MultiLabelMarginLoss);
XGRAD_DEFINE_LAYER(MultiMarginLoss);
XGRAD_DEFINE_LAYER(HingeEmbeddingLoss);
XGRAD_DEFINE_LAYER(MarginRankingLoss);
XGRAD_DEFINE_LAYER(CosineEmbeddingLoss);
XGRAD_DEFINE_LAYER(TripletMarginLoss);
XGRAD_DEFINE_LAYER(TripletMarginWithDistanceLoss);
XGRAD_DEFINE_LAYER(MultiLabelSoftMarginLoss);

}  // namespace xgrad::nn
