// Rprop: Riedmiller and Braun 1993, "A Direct Adaptive Method for Faster Backpropagation Learning".
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API RpropOptions : public OptimizerCloneableOptions<RpropOptions> {
  using etas_t = std::tuple<double, double>;
  using step_sizes_t = std::tuple<double, double>;
  RpropOptions(double lr = 1e-2) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(etas_t, etas) = {0.5, 1.2};
  XGRAD_ARG(step_sizes_t, step_sizes) = {1e-6, 50};
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, etas_, step_sizes_, maximize_);
};

struct XGRAD_API RpropParamState : public OptimizerCloneableParamState<RpropParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, prev);
  XGRAD_ARG(Tensor, step_size);
  XGRAD_FIELDS(step_, prev_, step_size_);
};

/// Goes by the sign of the gradient alone: the size of an element's step, lr at first, is multiplied by
/// etas[1] where the sign stayed, by etas[0] where it changed (there it waits a step), and held within
/// step_sizes.
XGRAD_OPTIMIZER(Rprop);

}  // namespace xgrad::optim
