// Losses as modules: the weights, which are buffers, and their call of the op.
#include <xgrad/nn/layers/loss.h>

#include <xgrad/core/ops/loss/loss.h>

namespace xgrad::nn {

namespace {
// A tensor of its own over the same memory: `to` and `clone` give a buffer new contents, not the user's
// tensor.
Tensor own(const Tensor& weight) { return weight.defined() ? weight.detach() : weight; }
}  // namespace

Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  return mse_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor L1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return smooth_l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()), options.beta());
}

BCELossImpl::BCELossImpl(const BCELossOptions& options_) : options(options_) { BCELossImpl::reset(); }
void BCELossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy(input, target, weight, enumtype::reduction_get_enum(options.reduction()));
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_) : options(options_) {
  BCEWithLogitsLossImpl::reset();
}
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", own(options.weight()));
  pos_weight = register_buffer("pos_weight", own(options.pos_weight()));
}
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return binary_cross_entropy_with_logits(input, target, weight, pos_weight,
                                          enumtype::reduction_get_enum(options.reduction()));
}

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options_) : options(options_) { NLLLossImpl::reset(); }
void NLLLossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return nll_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                  options.ignore_index());
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options_) : options(options_) {
  CrossEntropyLossImpl::reset();
}
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", own(options.weight())); }
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return cross_entropy_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                            options.ignore_index(), options.label_smoothing());
}

XGRAD_DEFINE_LAYER(MSELoss);
XGRAD_DEFINE_LAYER(L1Loss);
XGRAD_DEFINE_LAYER(SmoothL1Loss);
XGRAD_DEFINE_LAYER(BCELoss);
XGRAD_DEFINE_LAYER(BCEWithLogitsLoss);
XGRAD_DEFINE_LAYER(NLLLoss);
XGRAD_DEFINE_LAYER(CrossEntropyLoss);

}  // namespace xgrad::nn
