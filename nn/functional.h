// What layers compute, without their parameters: functions with options.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/nn/functional/attention.h>
#include <xgrad/nn/functional/conv.h>
#include <xgrad/nn/functional/embedding.h>
#include <xgrad/nn/functional/image.h>
#include <xgrad/nn/functional/loss.h>
#include <xgrad/nn/functional/norm.h>
#include <xgrad/nn/functional/pool.h>
#include <xgrad/nn/options.h>

namespace xgrad::nn::functional {

/// input by weight^T plus bias: [..., in] by [out, in] gives [..., out].
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
/// input1^T W_o input2 plus bias_o for each o: weight is [out, in1, in2].
XGRAD_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight,
                          const Tensor& bias = {});

XGRAD_API Tensor relu(Tensor input, const ReLUFuncOptions& options = {});
XGRAD_API Tensor sigmoid(const Tensor& input);
XGRAD_API Tensor tanh(const Tensor& input);
XGRAD_API Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options);
XGRAD_API Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options);
/// Activations; each formula stands in core/ops/pointwise/activation.h.
XGRAD_API Tensor elu(Tensor input, const ELUFuncOptions& options = {});
XGRAD_API Tensor celu(Tensor input, const CELUFuncOptions& options = {});
XGRAD_API Tensor selu(Tensor input, const SELUFuncOptions& options = {});
XGRAD_API Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options = {});
XGRAD_API Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {});
XGRAD_API Tensor relu6(Tensor input, const ReLU6FuncOptions& options = {});
XGRAD_API Tensor threshold(Tensor input, const ThresholdFuncOptions& options);
XGRAD_API Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {});
XGRAD_API Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {});
XGRAD_API Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {});
XGRAD_API Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {});
XGRAD_API Tensor glu(const Tensor& input, const GLUFuncOptions& options = {});
XGRAD_API Tensor silu(const Tensor& input);
XGRAD_API Tensor mish(const Tensor& input);
XGRAD_API Tensor hardswish(const Tensor& input);
XGRAD_API Tensor hardsigmoid(const Tensor& input);
XGRAD_API Tensor logsigmoid(const Tensor& input);
XGRAD_API Tensor softsign(const Tensor& input);
XGRAD_API Tensor tanhshrink(const Tensor& input);
XGRAD_API Tensor prelu(const Tensor& input, const Tensor& weight);
/// x above 0; below, x times a number drawn between lower and upper for each element, or their mean without
/// `training`.
XGRAD_API Tensor rrelu(Tensor input, const RReLUFuncOptions& options = {});
XGRAD_API Tensor softmin(const Tensor& input, const SoftminFuncOptions& options);
/// Draws from the categorical distribution of the logits so that a gradient flows: softmax((logits + g) /
/// tau) with Gumbel noise g; with `hard` the result is one-hot, the gradient that of the soft one (Jang et
/// al., 2017).
XGRAD_API Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});
XGRAD_API Tensor one_hot(const Tensor& tensor, int64_t num_classes = -1);
XGRAD_API Tensor pdist(const Tensor& input, double p = 2.0);
/// Zeroes elements with probability p and scales the others, unless `training` is off.
XGRAD_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});
/// The same for whole channels of [N, C, L] (or [C, L]), [N, C, H, W] and [N, C, D, H, W] (or [C, D, H, W]).
XGRAD_API Tensor dropout1d(Tensor input, const Dropout1dFuncOptions& options = {});
XGRAD_API Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options = {});
XGRAD_API Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options = {});
/// Keeps mean and variance of what a selu gives; `training` is off unless it is set.
XGRAD_API Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options = {});
XGRAD_API Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options = {});

}  // namespace xgrad::nn::functional
