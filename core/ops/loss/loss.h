// How far an input is from its target. `reduction` says how the losses of the elements become one.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace Reduction {
enum Reduction { None, Mean, Sum, END };
}

/// (input - target)^2. The shapes broadcast, with a warning where they differ; so in the next three.
XGRAD_API Tensor mse_loss(const Tensor& input, const Tensor& target, int64_t reduction = Reduction::Mean);
/// |input - target|.
XGRAD_API Tensor l1_loss(const Tensor& input, const Tensor& target, int64_t reduction = Reduction::Mean);
/// d^2 / (2 beta) where d = |input - target| is below beta, d - beta / 2 elsewhere.
XGRAD_API Tensor smooth_l1_loss(const Tensor& input, const Tensor& target,
                                int64_t reduction = Reduction::Mean, double beta = 1.0);
/// d^2 / 2 where d = |input - target| is at most delta, delta (d - delta / 2) elsewhere.
XGRAD_API Tensor huber_loss(const Tensor& input, const Tensor& target, int64_t reduction = Reduction::Mean,
                            double delta = 1.0);
/// -(target log(input) + (1 - target) log(1 - input)) times weight, with logarithms held above -100. Equal
/// shapes and dtypes; input and target lie within 0 and 1.
XGRAD_API Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                                      const optional<Tensor>& weight = nullopt,
                                      int64_t reduction = Reduction::Mean);
/// The same for input = sigmoid(x), exact also where sigmoid is 0 or 1. `pos_weight` multiplies the part of
/// target = 1.
XGRAD_API Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                                  const optional<Tensor>& weight = nullopt,
                                                  const optional<Tensor>& pos_weight = nullopt,
                                                  int64_t reduction = Reduction::Mean);
/// -weight[t] input[n, t] for the class t = target[n]. input is [C], [N, C] or [N, C, d1, ...], target
/// (int64) the same without C. Targets of `ignore_index` do not count; the mean is weighted.
XGRAD_API Tensor nll_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& weight = nullopt,
                          int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
/// The same for images, [N, C, H, W], alone.
XGRAD_API Tensor nll_loss2d(const Tensor& input, const Tensor& target,
                            const optional<Tensor>& weight = nullopt, int64_t reduction = Reduction::Mean,
                            int64_t ignore_index = -100);
XGRAD_API Tensor nll_loss_nd(const Tensor& input, const Tensor& target,
                             const optional<Tensor>& weight = nullopt, int64_t reduction = Reduction::Mean,
                             int64_t ignore_index = -100);
/// nll_loss of log_softmax over the classes. The target may also be probabilities in input's shape. Smoothing
/// moves that part of each target evenly to all classes.
XGRAD_API Tensor cross_entropy_loss(const Tensor& input, const Tensor& target,
                                    const optional<Tensor>& weight = nullopt,
                                    int64_t reduction = Reduction::Mean, int64_t ignore_index = -100,
                                    double label_smoothing = 0.0);

}  // namespace xgrad
