// Bilinear forms, and how near vectors are to each other.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// The numbers x1^T W_o x2 + bias_o for x1 [..., in1], x2 [..., in2] and weight [out, in1, in2]: [..., out].
XGRAD_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight,
                          const Tensor& bias = {});
/// x1 x2 / (max(|x1|, eps) max(|x2|, eps)) along `dim` of what x1 and x2 broadcast to.
XGRAD_API Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);
/// The p-norm of x1 - x2 + eps along the last dimension.
XGRAD_API Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6,
                                   bool keepdim = false);

}  // namespace xgrad
