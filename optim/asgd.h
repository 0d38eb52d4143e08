// Averaged stochastic gradient descent: Polyak and Juditsky 1992, "Acceleration of Stochastic Approximation
// by Averaging".
#pragma once

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API ASGDOptions : public OptimizerCloneableOptions<ASGDOptions> {
  ASGDOptions(double lr = 1e-2) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, lambd) = 1e-4;
  XGRAD_ARG(double, alpha) = 0.75;
  XGRAD_ARG(double, t0) = 1e6;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, lambd_, alpha_, t0_, weight_decay_, maximize_);
};

struct XGRAD_API ASGDParamState : public OptimizerCloneableParamState<ASGDParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(double, eta) = 0;
  XGRAD_ARG(double, mu) = 1;
  XGRAD_ARG(Tensor, ax);
  XGRAD_FIELDS(step_, eta_, mu_, ax_);
};

/// With d = grad + weight_decay p (-grad when maximizing): p -= eta (lambd p + d), where eta falls as
/// lr / (1 + lambd lr t)^alpha. From step t0 on the state's `ax` is the average of p, before it p itself.
XGRAD_OPTIMIZER(ASGD);

}  // namespace xgrad::optim
