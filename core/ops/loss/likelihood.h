// Losses that are the negative logarithm of a probability.
#pragma once

#include <xgrad/core/ops/loss/loss.h>

namespace xgrad {

/// target (log(target) - input), 0 where the target is; exp(target) (target - input) for a target that is a
/// logarithm too. The shapes broadcast.
XGRAD_API Tensor kl_div(const Tensor& input, const Tensor& target, int64_t reduction = Reduction::Mean,
                        bool log_target = false);
/// exp(input) - target input, or without `log_input` input - target log(input + eps); `full` adds Stirling's
/// target log(target) - target + log(2 pi target) / 2 where the target is above 1. The shapes broadcast.
XGRAD_API Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full,
                                  double eps, int64_t reduction);
/// Connectionist temporal classification, Graves et al. 2006: -log of the sum of the probabilities of all
/// alignments of a target with the input. log_probs is [T, N, C] or [T, C]; targets [N, S], or all behind one
/// another, with classes other than `blank`; lengths are [N] or a number. Under Mean each loss is divided by
/// the length of its target. A target that is too long costs infinity, or 0 with zero_infinity. The gradient
/// is that for log_probs from a log_softmax, as PyTorch's.
XGRAD_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
                          IntArrayRef target_lengths, int64_t blank = 0, int64_t reduction = Reduction::Mean,
                          bool zero_infinity = false);
XGRAD_API Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                          const Tensor& target_lengths, int64_t blank = 0,
                          int64_t reduction = Reduction::Mean, bool zero_infinity = false);

}  // namespace xgrad
