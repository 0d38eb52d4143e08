// Losses: options unfolded into the arguments of core's ops, and those that are made of others.
#include <xgrad/nn/functional/loss.h>

#include <xgrad/core/ops/loss/likelihood.h>
#include <xgrad/core/ops/loss/margin.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/tape/grad_mode.h>

namespace xgrad::nn::functional {

namespace {
int64_t number_of(const LossReduction& reduction) { return enumtype::reduction_get_enum(reduction); }

void check_margin(const char* op, double margin) {
  XGRAD_CHECK_AS(ValueError, margin > 0, op, ": margin must be greater than 0: got ", margin);
}
}  // namespace

Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return xgrad::mse_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return xgrad::l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options,
                      optional<double> beta) {
  return xgrad::smooth_l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()),
                               beta.value_or(options.beta()));
}
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options) {
  return xgrad::binary_cross_entropy(input, target, options.weight(),
                                     enumtype::reduction_get_enum(options.reduction()));
}
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  return xgrad::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                 enumtype::reduction_get_enum(options.reduction()));
}
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  return xgrad::nll_loss(input, target, options.weight(), enumtype::reduction_get_enum(options.reduction()),
                         options.ignore_index());
}
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return xgrad::cross_entropy_loss(input, target, options.weight(),
                                   enumtype::reduction_get_enum(options.reduction()), options.ignore_index(),
                                   options.label_smoothing());
}

Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options) {
  return xgrad::huber_loss(input, target, number_of(options.reduction()), options.delta());
}
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& options) {
  return xgrad::poisson_nll_loss(input, target, options.log_input(), options.full(), options.eps(),
                                 number_of(options.reduction()));
}
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& options) {
  return xgrad::soft_margin_loss(input, target, number_of(options.reduction()));
}
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options) {
  return xgrad::multilabel_margin_loss(input, target, number_of(options.reduction()));
}
Tensor multi_margin_loss(const Tensor& input, const Tensor& target,
                         const MultiMarginLossFuncOptions& options) {
  return xgrad::multi_margin_loss(input, target, options.p(), options.margin(), options.weight(),
                                  number_of(options.reduction()));
}
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options) {
  return xgrad::hinge_embedding_loss(input, target, options.margin(), number_of(options.reduction()));
}
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options) {
  return xgrad::margin_ranking_loss(input1, input2, target, options.margin(), number_of(options.reduction()));
}
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options) {
  return xgrad::cosine_embedding_loss(input1, input2, target, options.margin(),
                                      number_of(options.reduction()));
}
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options) {
  check_margin("triplet_margin_loss", options.margin());
  return xgrad::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(), options.eps(),
                                    options.swap(), number_of(options.reduction()));
}
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options) {
  return xgrad::ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank(),
                         number_of(options.reduction()), options.zero_infinity());
}

Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options) {
  const KLDivReduction& reduction = options.reduction();
  if (reduction.is(kBatchMean)) {
    const Tensor sum = xgrad::kl_div(input, target, Reduction::Sum, options.log_target());
    return input.dim() == 0 ? sum : sum / static_cast<double>(input.size(0));
  }
  const auto number = reduction.is(kNone)   ? Reduction::None
                      : reduction.is(kMean) ? Reduction::Mean
                                            : Reduction::Sum;
  return xgrad::kl_div(input, target, number, options.log_target());
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& options) {
  const char* op = "gaussian_nll_loss";
  XGRAD_CHECK(input.defined() && target.defined() && var.defined(), op,
              ": an argument is an undefined tensor");
  Tensor variance = var;
  if (var.sizes() != input.sizes()) {
    const IntArrayRef rows = input.sizes().slice(0, input.dim() > 0 ? input.sizes().size() - 1 : 0);
    if (input.dim() > 0 && var.sizes() == rows) variance = var.unsqueeze(-1);
    // One for all along a single dimension, or along the last.
    int64_t others = 0, ones = 0;
    for (int64_t d = 0; d < input.dim() && variance.dim() == input.dim(); ++d)
      if (variance.size(d) != input.size(d)) ++(variance.size(d) == 1 ? ones : others);
    XGRAD_CHECK_AS(ValueError, variance.dim() == input.dim() && others == 0 && ones <= 1, op,
                   ": var is of incorrect size: input is ", input.sizes(), ", var is ", var.sizes());
  }
  XGRAD_CHECK_AS(ValueError, !var.lt(0).any().item<bool>(), op, ": var has negative entry/entries");
  variance = variance.clone();
  {
    const NoGradGuard no_grad;  // held above eps, but the gradient passes as if it were not
    variance.clamp_(options.eps());
  }
  Tensor losses = 0.5 * (variance.log() + (input - target).square() / variance);
  if (options.full()) losses = losses + 0.9189385332046727418;  // log(2 pi) / 2
  return ops::reduce_loss(losses, number_of(options.reduction()));
}

Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options) {
  const char* op = "multilabel_soft_margin_loss";
  XGRAD_CHECK(input.defined() && target.defined(), op, ": an argument is an undefined tensor");
  XGRAD_CHECK_AS(ValueError, input.dim() > 0, op, ": input needs a dimension for the classes");
  Tensor losses = -(target * xgrad::log_sigmoid(input) + (1 - target) * xgrad::log_sigmoid(-input));
  if (options.weight().defined()) losses = losses * options.weight();
  return ops::reduce_loss(losses.sum({input.dim() - 1}) / static_cast<double>(input.size(-1)),
                          number_of(options.reduction()));
}

Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options) {
  const char* op = "triplet_margin_with_distance_loss";
  check_margin(op, options.margin());
  XGRAD_CHECK(anchor.defined() && positive.defined() && negative.defined(), op,
              ": an argument is an undefined tensor");
  XGRAD_CHECK_AS(ValueError, anchor.dim() == positive.dim() && anchor.dim() == negative.dim(), op,
                 ": anchor, positive and negative must have equally many dimensions: anchor is ",
                 anchor.sizes(), ", positive is ", positive.sizes(), ", negative is ", negative.sizes());
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function() ? (*options.distance_function())(a, b) : (a - b + 1e-6).norm(2, {-1});
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options.swap()) far = minimum(far, distance(positive, negative));
  return ops::reduce_loss((options.margin() + near - far).clamp_min(0), number_of(options.reduction()));
}

}  // namespace xgrad::nn::functional
