// Losses as modules: `forward(input, target)`. The formulas stand in core/ops/loss/loss.h.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options.h>

namespace xgrad::nn {

/// The squared difference.
class XGRAD_API MSELossImpl : public Cloneable<MSELossImpl> {
 public:
  explicit MSELossImpl(const MSELossOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input, const Tensor& target);

  MSELossOptions options;
};
XGRAD_LAYER(MSELoss);

/// The absolute difference.
class XGRAD_API L1LossImpl : public Cloneable<L1LossImpl> {
 public:
  explicit L1LossImpl(const L1LossOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input, const Tensor& target);

  L1LossOptions options;
};
XGRAD_LAYER(L1Loss);

/// Squared near 0, absolute beyond beta.
class XGRAD_API SmoothL1LossImpl : public Cloneable<SmoothL1LossImpl> {
 public:
  explicit SmoothL1LossImpl(const SmoothL1LossOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input, const Tensor& target);

  SmoothL1LossOptions options;
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

}  // namespace xgrad::nn
