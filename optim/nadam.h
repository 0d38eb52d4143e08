// NAdam: Dozat 2016, "Incorporating Nesterov Momentum into Adam".
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API NAdamOptions : public OptimizerCloneableOptions<NAdamOptions> {
  using betas_t = std::tuple<double, double>;
  NAdamOptions(double lr = 2e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = {0.9, 0.999};
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, momentum_decay) = 4e-3;
  XGRAD_ARG(bool, decoupled_weight_decay) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, betas_, eps_, weight_decay_, momentum_decay_, decoupled_weight_decay_, maximize_);
};

struct XGRAD_API NAdamParamState : public OptimizerCloneableParamState<NAdamParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(double, mu_product) = 1;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);
  XGRAD_FIELDS(step_, mu_product_, exp_avg_, exp_avg_sq_);
};

/// Adam with Nesterov's momentum: with mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2) and the product M_t of
/// all so far,
///   p -= lr ((1 - mu_t) / (1 - M_t) d + mu_{t+1} / (1 - M_{t+1}) m) / (sqrt(v / (1 - beta2^t)) + eps).
/// A decoupled weight decay is AdamW's.
XGRAD_OPTIMIZER(NAdam);

}  // namespace xgrad::optim
