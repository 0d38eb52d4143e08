// Losses as modules: `forward(input, target)`. The formulas stand in core/ops/loss.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options.h>

namespace xgrad::nn {

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
class XGRAD_API BCELossImpl : public Cloneable<BCELossImpl> {
 public:
  explicit BCELossImpl(const BCELossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCELossOptions options;
  Tensor weight;
};
XGRAD_LAYER(BCELoss);

/// The cross entropy of sigmoid(input), more exact than in two steps.
class XGRAD_API BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCEWithLogitsLossOptions options;
  Tensor weight, pos_weight;
};
XGRAD_LAYER(BCEWithLogitsLoss);

/// The negative log-likelihood of the right class.
class XGRAD_API NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(const NLLLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  NLLLossOptions options;
  Tensor weight;
};
XGRAD_LAYER(NLLLoss);

/// NLLLoss of the log_softmax of its input.
class XGRAD_API CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  CrossEntropyLossOptions options;
  Tensor weight;
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
class XGRAD_API MultiMarginLossImpl : public Cloneable<MultiMarginLossImpl> {
 public:
  explicit MultiMarginLossImpl(const MultiMarginLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  MultiMarginLossOptions options;
  Tensor weight;
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
class XGRAD_API MultiLabelSoftMarginLossImpl : public Cloneable<MultiLabelSoftMarginLossImpl> {
 public:
  explicit MultiLabelSoftMarginLossImpl(const MultiLabelSoftMarginLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);

  MultiLabelSoftMarginLossOptions options;
  Tensor weight;
};
XGRAD_LAYER(MultiLabelSoftMarginLoss);

}  // namespace xgrad::nn
