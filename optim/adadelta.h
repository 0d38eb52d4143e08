// Adadelta: Zeiler 2012, "ADADELTA: An Adaptive Learning Rate Method".
#pragma once

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API AdadeltaOptions : public OptimizerCloneableOptions<AdadeltaOptions> {
  AdadeltaOptions(double lr = 1.0) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, rho) = 0.9;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, rho_, eps_, weight_decay_, maximize_);
};

struct XGRAD_API AdadeltaParamState : public OptimizerCloneableParamState<AdadeltaParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, square_avg);
  XGRAD_ARG(Tensor, acc_delta);
  XGRAD_FIELDS(step_, square_avg_, acc_delta_);
};

/// With d = grad + weight_decay p (-grad when maximizing): v = rho v + (1 - rho) d^2,
/// u = sqrt(a + eps) / sqrt(v + eps) d, a = rho a + (1 - rho) u^2, p -= lr u.
XGRAD_OPTIMIZER(Adadelta);

}  // namespace xgrad::optim
