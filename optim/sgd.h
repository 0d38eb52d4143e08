// Stochastic gradient descent.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/fields.h>
#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API SGDOptions : public OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, momentum) = 0;
  XGRAD_ARG(double, dampening) = 0;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, nesterov) = false;
  XGRAD_FIELDS(lr_, momentum_, dampening_, weight_decay_, nesterov_);
};

struct XGRAD_API SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  XGRAD_ARG(Tensor, momentum_buffer);
  XGRAD_FIELDS(momentum_buffer_);
};

/// With d = grad + weight_decay p: the buffer b becomes momentum b + (1 - dampening) d, in the first step d
/// itself; then p -= lr b, with nesterov p -= lr (d + momentum b), without momentum p -= lr d.
class XGRAD_API SGD : public Optimizer {
 public:
  explicit SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults);
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults)
      : SGD(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

  Tensor step(LossClosure closure = nullptr) override;

 protected:
  void check_options(const OptimizerOptions& options) const override;

 private:
  Tensor* momentum_buffer(const Tensor& parameter, bool& first);
};

}  // namespace xgrad::optim
