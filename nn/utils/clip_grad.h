// Gradients held within bounds.
#pragma once

#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::nn::utils {

/// Scales all gradients together so that their norm is at most max_norm, and returns the norm they had: that
/// of the norms of all gradients, each of norm_type (infinity too). Parameters without a gradient do not
/// count. Throws Error for a norm that is not finite when that is asked for; nothing is changed then.
XGRAD_API double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm,
                                 double norm_type = 2.0, bool error_if_nonfinite = false);
XGRAD_API double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2.0,
                                 bool error_if_nonfinite = false);
/// The norm alone.
XGRAD_API double get_total_norm(const std::vector<Tensor>& tensors, double norm_type = 2.0,
                                bool error_if_nonfinite = false);
/// Holds each element of the gradients between -clip_value and clip_value.
XGRAD_API void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
XGRAD_API void clip_grad_value_(const Tensor& parameter, double clip_value);

}  // namespace xgrad::nn::utils
