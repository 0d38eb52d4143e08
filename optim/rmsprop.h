// RMSprop: Hinton 2012, "Neural Networks for Machine Learning", lecture 6; centered: Graves 2013, "Generating
// Sequences With Recurrent Neural Networks".
#pragma once

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API RMSpropOptions : public OptimizerCloneableOptions<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, alpha) = 0.99;
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, momentum) = 0;
  XGRAD_ARG(bool, centered) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, alpha_, eps_, weight_decay_, momentum_, centered_, maximize_);
};

struct XGRAD_API RMSpropParamState : public OptimizerCloneableParamState<RMSpropParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, square_avg);
  XGRAD_ARG(Tensor, momentum_buffer);
  XGRAD_ARG(Tensor, grad_avg);
  XGRAD_FIELDS(step_, square_avg_, momentum_buffer_, grad_avg_);
};

/// With d = grad + weight_decay p (-grad when maximizing): v = alpha v + (1 - alpha) d^2; centered, m is the
/// same average of d, and w = v - m^2, otherwise w = v. Then p -= lr d / (sqrt(w) + eps), with momentum b =
/// momentum b + d / (sqrt(w) + eps) and p -= lr b.
XGRAD_OPTIMIZER(RMSprop);

}  // namespace xgrad::optim
