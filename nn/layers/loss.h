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

/// The squared difference.
class XGRAD_API MSELossImpl : public OptionsLayer<MSELossImpl, MSELossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(MSELoss);

/// The absolute difference.
class XGRAD_API L1LossImpl : public OptionsLayer<L1LossImpl, L1LossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(L1Loss);

/// Squared near 0, absolute beyond beta.
class XGRAD_API SmoothL1LossImpl : public OptionsLayer<SmoothL1LossImpl, SmoothL1LossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(SmoothL1Loss);

/// The cross entropy of probabilities of two classes.
class XGRAD_API BCELossImpl : public WeightedLoss<BCELossImpl, BCELossOptions> {
 public:
  using WeightedLoss::WeightedLoss;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(BCELoss);

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
class XGRAD_API NLLLossImpl : public WeightedLoss<NLLLossImpl, NLLLossOptions> {
 public:
  using WeightedLoss::WeightedLoss;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(NLLLoss);

/// NLLLoss of the log_softmax of its input.
class XGRAD_API CrossEntropyLossImpl : public WeightedLoss<CrossEntropyLossImpl, CrossEntropyLossOptions> {
 public:
  using WeightedLoss::WeightedLoss;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(CrossEntropyLoss);

/// Squared up to delta, straight beyond.
class XGRAD_API HuberLossImpl : public OptionsLayer<HuberLossImpl, HuberLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(HuberLoss);

/// The Kullback-Leibler divergence of the target from exp(input).
class XGRAD_API KLDivLossImpl : public OptionsLayer<KLDivLossImpl, KLDivLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(KLDivLoss);

/// The negative log-likelihood of Poisson-distributed targets.
class XGRAD_API PoissonNLLLossImpl : public OptionsLayer<PoissonNLLLossImpl, PoissonNLLLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(PoissonNLLLoss);

/// The negative log-likelihood of normally distributed targets.
class XGRAD_API GaussianNLLLossImpl : public OptionsLayer<GaussianNLLLossImpl, GaussianNLLLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var);
};
XGRAD_LAYER(GaussianNLLLoss);

/// Connectionist temporal classification.
class XGRAD_API CTCLossImpl : public OptionsLayer<CTCLossImpl, CTCLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                 const Tensor& target_lengths);
};
XGRAD_LAYER(CTCLoss);

/// The logistic loss of two classes.
class XGRAD_API SoftMarginLossImpl : public OptionsLayer<SoftMarginLossImpl, SoftMarginLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(SoftMarginLoss);

/// The hinge loss of several classes per sample.
class XGRAD_API MultiLabelMarginLossImpl
    : public OptionsLayer<MultiLabelMarginLossImpl, MultiLabelMarginLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(MultiLabelMarginLoss);

/// The hinge loss of one class per sample.
class XGRAD_API MultiMarginLossImpl : public WeightedLoss<MultiMarginLossImpl, MultiMarginLossOptions> {
 public:
  using WeightedLoss::WeightedLoss;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(MultiMarginLoss);

/// Whether two inputs are near, of their distance.
class XGRAD_API HingeEmbeddingLossImpl
    : public OptionsLayer<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(HingeEmbeddingLoss);

/// Which of two inputs should be larger.
class XGRAD_API MarginRankingLossImpl : public OptionsLayer<MarginRankingLossImpl, MarginRankingLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
XGRAD_LAYER(MarginRankingLoss);

/// Whether two inputs are near, of the angle between them.
class XGRAD_API CosineEmbeddingLossImpl
    : public OptionsLayer<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
XGRAD_LAYER(CosineEmbeddingLoss);

/// That an anchor is nearer to one input than to another.
class XGRAD_API TripletMarginLossImpl : public OptionsLayer<TripletMarginLossImpl, TripletMarginLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
XGRAD_LAYER(TripletMarginLoss);

/// The same with any distance.
class XGRAD_API TripletMarginWithDistanceLossImpl
    : public OptionsLayer<TripletMarginWithDistanceLossImpl, TripletMarginWithDistanceLossOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
};
XGRAD_LAYER(TripletMarginWithDistanceLoss);

/// The logistic loss of several classes per sample.
class XGRAD_API MultiLabelSoftMarginLossImpl
    : public WeightedLoss<MultiLabelSoftMarginLossImpl, MultiLabelSoftMarginLossOptions> {
 public:
  using WeightedLoss::WeightedLoss;
  Tensor forward(const Tensor& input, const Tensor& target);
};
XGRAD_LAYER(MultiLabelSoftMarginLoss);

}  // namespace xgrad::nn
