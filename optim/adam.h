// Adam: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization"; AMSGrad: Reddi et al. 2018, "On the
// Convergence of Adam and Beyond".
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API AdamOptions : public OptimizerCloneableOptions<AdamOptions> {
  using betas_t = std::tuple<double, double>;
  AdamOptions(double lr = 1e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = {0.9, 0.999};
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, amsgrad) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, betas_, eps_, weight_decay_, amsgrad_, maximize_);
};

struct XGRAD_API AdamParamState : public OptimizerCloneableParamState<AdamParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);
  XGRAD_ARG(Tensor, max_exp_avg_sq);
  XGRAD_FIELDS(step_, exp_avg_, exp_avg_sq_, max_exp_avg_sq_);
};

/// With d = grad + weight_decay p (-grad when maximizing) and the number t of the step:
///   m = beta1 m + (1 - beta1) d,  v = beta2 v + (1 - beta2) d^2,
///   p -= lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps);
/// amsgrad takes the largest v so far.
XGRAD_OPTIMIZER(Adam);

}  // namespace xgrad::optim
