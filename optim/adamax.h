// Adamax: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", section 7.
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API AdamaxOptions : public OptimizerCloneableOptions<AdamaxOptions> {
  using betas_t = std::tuple<double, double>;
  AdamaxOptions(double lr = 2e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = {0.9, 0.999};
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, betas_, eps_, weight_decay_, maximize_);
};

struct XGRAD_API AdamaxParamState : public OptimizerCloneableParamState<AdamaxParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_inf);
  XGRAD_FIELDS(step_, exp_avg_, exp_inf_);
};

/// With d = grad + weight_decay p (-grad when maximizing) and the number t of the step:
/// m = beta1 m + (1 - beta1) d, u = max(beta2 u, |d| + eps), p -= lr / (1 - beta1^t) m / u.
XGRAD_OPTIMIZER(Adamax);

}  // namespace xgrad::optim
