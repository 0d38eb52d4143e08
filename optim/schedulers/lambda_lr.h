// Schedulers whose factor is a function of the epoch.
#pragma once

#include <functional>

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim {

/// lambda(t) times the rates in epoch t; with one function for all groups or one for each. The functions are
/// not saved.
class XGRAD_API LambdaLR : public LRScheduler {
 public:
  using Lambda = std::function<double(int64_t epoch)>;
  LambdaLR(Optimizer& optimizer, Lambda lr_lambda);
  LambdaLR(Optimizer& optimizer, std::vector<Lambda> lr_lambdas);

 private:
  std::vector<double> get_lrs() override;
  std::vector<Lambda> lambdas_;
};

/// Multiplies the rates by lambda(t) when epoch t begins, from t = 1 on.
class XGRAD_API MultiplicativeLR : public LRScheduler {
 public:
  using Lambda = LambdaLR::Lambda;
  MultiplicativeLR(Optimizer& optimizer, Lambda lr_lambda);
  MultiplicativeLR(Optimizer& optimizer, std::vector<Lambda> lr_lambdas);

 private:
  std::vector<double> get_lrs() override;
  std::vector<Lambda> lambdas_;
};

}  // namespace xgrad::optim
