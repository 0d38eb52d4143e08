// Adagrad: Duchi et al. 2011, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization".
#pragma once

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API AdagradOptions : public OptimizerCloneableOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, lr_decay) = 0;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, initial_accumulator_value) = 0;
  XGRAD_ARG(double, eps) = 1e-10;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, lr_decay_, weight_decay_, initial_accumulator_value_, eps_, maximize_);
};

struct XGRAD_API AdagradParamState : public OptimizerCloneableParamState<AdagradParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, sum);
  XGRAD_FIELDS(step_, sum_);
};

/// With d = grad + weight_decay p (-grad when maximizing) and the number t of the step: s += d^2, from
/// initial_accumulator_value on, then p -= lr / (1 + (t - 1) lr_decay) d / (sqrt(s) + eps).
XGRAD_OPTIMIZER(Adagrad);

}  // namespace xgrad::optim
