// Stochastic gradient descent.
#pragma once

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API SGDOptions : public OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr = 1e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, momentum) = 0;
  XGRAD_ARG(double, dampening) = 0;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, nesterov) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, momentum_, dampening_, weight_decay_, nesterov_, maximize_);
};

struct XGRAD_API SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  XGRAD_ARG(Tensor, momentum_buffer);
  XGRAD_FIELDS(momentum_buffer_);
};

/// With d = grad + weight_decay p (-grad when maximizing): the buffer b becomes momentum b + (1 - dampening)
/// d, in the first step d itself; then p -= lr b, with nesterov p -= lr (d + momentum b), without momentum
/// p -= lr d.
XGRAD_OPTIMIZER(SGD);

}  // namespace xgrad::optim
