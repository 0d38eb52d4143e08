// Losses as modules: their call of the functional, or of the op where the weight is the module's own.
#include <xgrad/nn/layers/loss.h>

#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/ops/loss/margin.h>
#include <xgrad/nn/functional/loss.h>

namespace xgrad::nn {

#define XGRAD_LOSS(Name, function)                                        \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& target) { \
    return functional::function(input, target, options);                  \
  }                                                                       \
  XGRAD_DEFINE_LAYER(Name)
#define XGRAD_LOSS_OF_THREE(Name, function)                                       \
  Tensor Name##Impl::forward(const Tensor& a, const Tensor& b, const Tensor& c) { \
    return functional::function(a, b, c, options);                                \
  }                                                                               \
  XGRAD_DEFINE_LAYER(Name)
XGRAD_LOSS(MSELoss, mse_loss);
XGRAD_LOSS(L1Loss, l1_loss);
XGRAD_LOSS(SmoothL1Loss, smooth_l1_loss);
XGRAD_LOSS(HuberLoss, huber_loss);
XGRAD_LOSS(KLDivLoss, kl_div);
XGRAD_LOSS(PoissonNLLLoss, poisson_nll_loss);
XGRAD_LOSS(SoftMarginLoss, soft_margin_loss);
XGRAD_LOSS(MultiLabelMarginLoss, multilabel_margin_loss);
XGRAD_LOSS(HingeEmbeddingLoss, hinge_embedding_loss);
XGRAD_LOSS_OF_THREE(GaussianNLLLoss, gaussian_nll_loss);
XGRAD_LOSS_OF_THREE(MarginRankingLoss, margin_ranking_loss);
XGRAD_LOSS_OF_THREE(CosineEmbeddingLoss, cosine_embedding_loss);
XGRAD_LOSS_OF_THREE(TripletMarginLoss, triplet_margin_loss);
XGRAD_LOSS_OF_THREE(TripletMarginWithDistanceLoss, triplet_margin_with_distance_loss);
#undef XGRAD_LOSS
#undef XGRAD_LOSS_OF_THREE

Tensor CTCLossImpl::forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                            const Tensor& target_lengths) {
  return functional::ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}
XGRAD_DEFINE_LAYER(CTCLoss);

#define XGRAD_WEIGHTED_LOSS(Name, ...)                                           \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& target) {        \
    const int64_t reduction = enumtype::reduction_get_enum(options.reduction()); \
    return xgrad::__VA_ARGS__;                                                   \
  }                                                                              \
  XGRAD_DEFINE_LAYER(Name)
XGRAD_WEIGHTED_LOSS(BCELoss, binary_cross_entropy(input, target, weight, reduction));
XGRAD_WEIGHTED_LOSS(BCEWithLogitsLoss,
                    binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction));
XGRAD_WEIGHTED_LOSS(NLLLoss, nll_loss(input, target, weight, reduction, options.ignore_index()));
XGRAD_WEIGHTED_LOSS(CrossEntropyLoss, cross_entropy_loss(input, target, weight, reduction,
                                                         options.ignore_index(), options.label_smoothing()));
XGRAD_WEIGHTED_LOSS(MultiMarginLoss,
                    multi_margin_loss(input, target, options.p(), options.margin(), weight, reduction));
#undef XGRAD_WEIGHTED_LOSS

Tensor MultiLabelSoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::multilabel_soft_margin_loss(input, target,
                                                 MultiLabelSoftMarginLossOptions(options).weight(weight));
}
XGRAD_DEFINE_LAYER(MultiLabelSoftMarginLoss);

}  // namespace xgrad::nn
