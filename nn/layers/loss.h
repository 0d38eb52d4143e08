// Losses as modules: `forward(input, target)`. The formulas stand in core/ops/loss.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options.h>

namespace xgrad::nn {

/// A loss with a weight, which is a buffer: a tensor of its own over the memory of the options' weight, since
/// `to` and `clone` give a buffer new contents, and not the user's tensor.
template <class Derived, class Options>
class XGRAD_API WeightedLoss : public Cloneable<Derived> {
 public:
  explicit WeightedLoss(const Options& options_ = {}) : options(options_) { WeightedLoss::reset(); }
  void reset() override { weight = this->register_buffer("weight", own(options.weight())); }

  Options options;
  Tensor weight;

 protected:
  static Tensor own(const Tensor& given) { return given.defined() ? given.detach() : given; }
};

#define XGRAD_LOSS_OF(Base, Name) \
  XGRAD_LAYER_OF(Base, Name, Tensor forward(const Tensor& input, const Tensor& target))
#define XGRAD_LOSS(Name) XGRAD_LOSS_OF(OptionsLayer, Name)
#define XGRAD_WEIGHTED_LOSS(Name) XGRAD_LOSS_OF(WeightedLoss, Name)

/// The squared difference.
XGRAD_LOSS(MSELoss);
/// The absolute difference.
XGRAD_LOSS(L1Loss);
/// Squared near 0, absolute beyond beta.
XGRAD_LOSS(SmoothL1Loss);
/// The cross entropy of probabilities of two classes.
XGRAD_WEIGHTED_LOSS(BCELoss);

/// The cross entropy of sigmoid(input), more exact than in two steps.
class XGRAD_API BCEWithLogitsLossImpl : public WeightedLoss<BCEWithLogitsLossImpl, BCEWithLogitsLossOptions> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_ = {}) : WeightedLoss(options_) {
    register_pos_weight();
  }
  void reset() override {
    WeightedLoss::reset();
    register_pos_weight();
  }
  Tensor forward(const Tensor& input, const Tensor& target);

  Tensor pos_weight;

 private:
  void register_pos_weight() { pos_weight = register_buffer("pos_weight", own(options.pos_weight())); }
};
XGRAD_LAYER(BCEWithLogitsLoss);

/// The negative log-likelihood of the right class.
XGRAD_WEIGHTED_LOSS(NLLLoss);
/// NLLLoss of the log_softmax of its input.
XGRAD_WEIGHTED_LOSS(CrossEntropyLoss);
/// Squared up to delta, straight beyond.
XGRAD_LOSS(HuberLoss);
/// The Kullback-Leibler divergence of the target from exp(input).
XGRAD_LOSS(KLDivLoss);
/// The negative log-likelihood of Poisson-distributed targets.
XGRAD_LOSS(PoissonNLLLoss);
/// The negative log-likelihood of normally distributed targets.
XGRAD_LAYER_OF(OptionsLayer, GaussianNLLLoss,
               Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var));
/// Connectionist temporal classification.
XGRAD_LAYER_OF(OptionsLayer, CTCLoss,
               Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                              const Tensor& target_lengths));
/// The logistic loss of two classes.
XGRAD_LOSS(SoftMarginLoss);
/// The hinge loss of several classes per sample.
XGRAD_LOSS(MultiLabelMarginLoss);
/// The hinge loss of one class per sample.
XGRAD_WEIGHTED_LOSS(MultiMarginLoss);
/// Whether two inputs are near, of their distance.
XGRAD_LOSS(HingeEmbeddingLoss);
/// Which of two inputs should be larger.
XGRAD_LAYER_OF(OptionsLayer, MarginRankingLoss,
               Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target));
/// Whether two inputs are near, of the angle between them.
XGRAD_LAYER_OF(OptionsLayer, CosineEmbeddingLoss,
               Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target));
/// That an anchor is nearer to one input than to another.
XGRAD_LAYER_OF(OptionsLayer, TripletMarginLoss,
               Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative));
/// The same with any distance.
XGRAD_LAYER_OF(OptionsLayer, TripletMarginWithDistanceLoss,
               Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative));
/// The logistic loss of several classes per sample.
XGRAD_WEIGHTED_LOSS(MultiLabelSoftMarginLoss);
#undef XGRAD_LOSS_OF
#undef XGRAD_LOSS
#undef XGRAD_WEIGHTED_LOSS

}  // namespace xgrad::nn
