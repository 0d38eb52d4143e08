// What layers compute, without their parameters: functions with options.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/nn/options.h>

namespace xgrad::nn::functional {

/// input by weight^T plus bias: [..., in] by [out, in] gives [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});

XGRAD_API Tensor relu(Tensor input, const ReLUFuncOptions& options = {});
XGRAD_API Tensor sigmoid(const Tensor& input);
XGRAD_API Tensor tanh(const Tensor& input);
XGRAD_API Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options);
XGRAD_API Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options);
/// Zeroes elements with probability p and scales the others, when `training` is set.
XGRAD_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});

/// The losses; each formula stands in core/ops/loss/loss.h.
XGRAD_API Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options = {});
XGRAD_API Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options = {});
/// A `beta` given here has precedence over that of the options.
XGRAD_API Tensor smooth_l1_loss(const Tensor& input, const Tensor& target,
                                const SmoothL1LossFuncOptions& options = {}, optional<double> beta = nullopt);
XGRAD_API Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                                      const BinaryCrossEntropyFuncOptions& options = {});
XGRAD_API Tensor binary_cross_entropy_with_logits(
    const Tensor& input, const Tensor& target, const BinaryCrossEntropyWithLogitsFuncOptions& options = {});
XGRAD_API Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options = {});
XGRAD_API Tensor cross_entropy(const Tensor& input, const Tensor& target,
                               const CrossEntropyFuncOptions& options = {});

}  // namespace xgrad::nn::functional
