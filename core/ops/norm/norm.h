// Normalisation.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// (x - mean) / sqrt(variance + eps) * weight + bias, with mean and (biased) variance over the last
/// dimensions, which have `normalized_shape`, and so have weight and bias where they are given (Ba, Kiros and
/// Hinton, "Layer Normalization", 2016). Floating-point; the 16-bit types are computed in float32.
XGRAD_API Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {},
                            const Tensor& bias = {}, double eps = 1e-5, bool cudnn_enable = true);
/// The same with mean and 1 / sqrt(variance + eps), which have size 1 in the dimensions that were normalised.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input,
                                                               IntArrayRef normalized_shape,
                                                               const Tensor& weight, const Tensor& bias,
                                                               double eps);

}  // namespace xgrad
