// Normalisation. Inputs are floating-point; the 16-bit types are computed in float32.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// (x - mean) / sqrt(variance + eps) * weight + bias, with mean and (biased) variance over the last
/// dimensions, which have `normalized_shape`, and so have weight and bias where they are given (Ba, Kiros and
/// Hinton, "Layer Normalization", 2016).
XGRAD_API Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {},
                            const Tensor& bias = {}, double eps = 1e-5, bool cudnn_enable = true);
/// The same with mean and 1 / sqrt(variance + eps), which have size 1 in the dimensions that were normalised.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input,
                                                               IntArrayRef normalized_shape,
                                                               const Tensor& weight, const Tensor& bias,
                                                               double eps);
/// x / sqrt(mean(x^2) + eps) * weight over the last dimensions (Zhang and Sennrich, "Root Mean Square Layer
/// Normalization", 2019). Without eps it is the dtype's epsilon.
XGRAD_API Tensor rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {},
                          optional<double> eps = nullopt);

/// The same formula as layer_norm's for each channel of [batch, channels, ...], over all the rest (Ioffe and
/// Szegedy, "Batch Normalization", 2015). When `training`, mean and variance are the input's, and the running
/// ones, where they are defined, move towards them: (1 - momentum) running + momentum * (unbiased) new. Else
/// the running ones are used. weight, bias and running ones hold a number per channel.
XGRAD_API Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                            const Tensor& running_mean, const Tensor& running_var, bool training,
                            double momentum, double eps, bool cudnn_enabled = true);
/// The same with mean and 1 / sqrt(variance + eps) of the channels, or two empty tensors unless `training`.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> native_batch_norm(const Tensor& input, const Tensor& weight,
                                                               const Tensor& bias, const Tensor& running_mean,
                                                               const Tensor& running_var, bool training,
                                                               double momentum, double eps);
/// The formula for `num_groups` groups of channels of each sample (Wu and He, "Group Normalization", 2018).
XGRAD_API Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight = {},
                            const Tensor& bias = {}, double eps = 1e-5, bool cudnn_enabled = true);
/// The formula for each channel of each sample (Ulyanov, Vedaldi and Lempitsky, 2016), or with the running
/// mean and variance unless `use_input_stats`.
XGRAD_API Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                               const Tensor& running_mean, const Tensor& running_var, bool use_input_stats,
                               double momentum, double eps, bool cudnn_enabled = true);

/// x / (k + alpha * mean of x^2)^beta, the mean over `size` channels around each (of [batch, channels, ...]),
/// of which those beyond the first and last are 0 (Krizhevsky, Sutskever and Hinton, 2012).
XGRAD_API Tensor local_response_norm(const Tensor& input, int64_t size, double alpha = 1e-4,
                                     double beta = 0.75, double k = 1);

}  // namespace xgrad
