// RAdam: Liu et al. 2020, "On the Variance of the Adaptive Learning Rate and Beyond".
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API RAdamOptions : public OptimizerCloneableOptions<RAdamOptions> {
  using betas_t = std::tuple<double, double>;
  RAdamOptions(double lr = 1e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = {0.9, 0.999};
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, decoupled_weight_decay) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, betas_, eps_, weight_decay_, decoupled_weight_decay_, maximize_);
};

struct XGRAD_API RAdamParamState : public OptimizerCloneableParamState<RAdamParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);
  XGRAD_FIELDS(step_, exp_avg_, exp_avg_sq_);
};

/// Adam whose first steps, while its v has seen too little, are those of momentum alone; later ones are
/// scaled by how well v is known. A decoupled weight decay is AdamW's.
XGRAD_OPTIMIZER(RAdam);

}  // namespace xgrad::optim
