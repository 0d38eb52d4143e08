// AdamW: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization".
#pragma once

#include <xgrad/optim/adam.h>

namespace xgrad::optim {

struct XGRAD_API AdamWOptions : public OptimizerCloneableOptions<AdamWOptions> {
  using betas_t = std::tuple<double, double>;
  AdamWOptions(double lr = 1e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = {0.9, 0.999};
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 1e-2;
  XGRAD_ARG(bool, amsgrad) = false;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, betas_, eps_, weight_decay_, amsgrad_, maximize_);
};

using AdamWParamState = AdamParamState;

/// Adam whose weight decay is p -= lr weight_decay p, apart from the gradient.
XGRAD_OPTIMIZER_CLASS(AdamW);
XGRAD_OPTIMIZER_TEMPLATES(extern, AdamW, AdamWParamState);

}  // namespace xgrad::optim
