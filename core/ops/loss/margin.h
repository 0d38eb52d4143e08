// Losses that are content once a margin is kept.
#pragma once

#include <xgrad/core/ops/loss/loss.h>

namespace xgrad {

/// log(1 + exp(-target input)) for targets 1 and -1. The shapes broadcast.
XGRAD_API Tensor soft_margin_loss(const Tensor& input, const Tensor& target,
                                  int64_t reduction = Reduction::Mean);
/// input where the target is 1, max(0, margin - input) where it is -1. The shapes broadcast.
XGRAD_API Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin = 1.0,
                                      int64_t reduction = Reduction::Mean);
/// max(0, margin - target (input1 - input2)) for targets 1 and -1. input1, input2 and target have equally
/// many dimensions.
XGRAD_API Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                                     double margin = 0.0, int64_t reduction = Reduction::Mean);
/// 1 - cos(input1, input2) where the target is 1, max(0, cos - margin) where it is -1. The inputs are [N, D]
/// with a target [N], or [D] with a target of no dimension.
XGRAD_API Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                                       double margin = 0.0, int64_t reduction = Reduction::Mean);
/// max(0, margin + |anchor - positive| - |anchor - negative|) with the p-norm of the last dimension, of
/// differences to which eps is added; with `swap` |positive - negative| counts too where it is the smaller.
XGRAD_API Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                     double margin = 1.0, double p = 2, double eps = 1e-6, bool swap = false,
                                     int64_t reduction = Reduction::Mean);
/// The sum over i != t of weight[t] max(0, margin - input[t] + input[i])^p, over C, for the class t. input is
/// [N, C] or [C], target (int64) the same without C; p is 1 or 2.
XGRAD_API Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const Scalar& p = 1,
                                   const Scalar& margin = 1, const optional<Tensor>& weight = nullopt,
                                   int64_t reduction = Reduction::Mean);
/// The sum of max(0, 1 - input[j] + input[i]) over the classes j of a sample and all others i, over C. input
/// is [N, C] or [C], target (int64) of the same shape: the classes, then -1.
XGRAD_API Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                                        int64_t reduction = Reduction::Mean);

}  // namespace xgrad
