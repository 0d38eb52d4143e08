// The adaptive softmax: log probabilities over very many classes, of which few are frequent.
#pragma once

#include <xgrad/nn/containers/module_list.h>
#include <xgrad/nn/layers/linear.h>
#include <xgrad/nn/options/adaptive_softmax.h>

namespace xgrad::nn {

/// The log probability of each target, and their negative mean. Gradients come through `output`.
struct XGRAD_API ASMoutput {
  ASMoutput(Tensor output_, double loss_) : output(std::move(output_)), loss(loss_) {}
  Tensor output;
  double loss;
};

/// Classes are sorted by frequency and cut into clusters at `cutoffs`. The head gives log probabilities of
/// the first cluster's classes and of the other clusters; each of these has a tail that divides its own among
/// its classes and is computed only for the rows whose target lies in it. From "Efficient softmax
/// approximation for GPUs" (Grave et al., 2017). Throws ValueError for cutoffs that do not increase within
/// the classes.
class XGRAD_API AdaptiveLogSoftmaxWithLossImpl : public Cloneable<AdaptiveLogSoftmaxWithLossImpl> {
 public:
  AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs_)
      : AdaptiveLogSoftmaxWithLossImpl(
            AdaptiveLogSoftmaxWithLossOptions(in_features, n_classes, std::move(cutoffs_))) {}
  explicit AdaptiveLogSoftmaxWithLossImpl(const AdaptiveLogSoftmaxWithLossOptions& options_);
  void reset() override;
  void reset_parameters();

  /// input [N, in_features] and target [N] of class numbers; or [in_features] and a target without
  /// dimensions. Throws for a target that is no class, and for sizes that differ.
  ASMoutput forward(const Tensor& input, const Tensor& target);
  /// The log probabilities of all classes: [N, in_features] to [N, n_classes].
  Tensor log_prob(const Tensor& input);
  /// The class of highest probability in each row. What log_prob(input).argmax(1) says, but tails are
  /// computed only for rows that the head gives to them.
  Tensor predict(const Tensor& input);

  AdaptiveLogSoftmaxWithLossOptions options;
  /// The cutoffs and the number of classes; those of the first cluster; of the other clusters; the outputs of
  /// the head.
  std::vector<int64_t> cutoffs;
  int64_t shortlist_size = 0, n_clusters = 0, head_size = 0;
  Linear head = nullptr;
  ModuleList tail;

 private:
  /// The log probabilities of a cluster's classes within it.
  Tensor log_prob_within(int64_t cluster, const Tensor& input);
  Tensor log_prob_of_all(const Tensor& input, const Tensor& head_output);
};
XGRAD_LAYER(AdaptiveLogSoftmaxWithLoss);

}  // namespace xgrad::nn
