// LambdaLR and MultiplicativeLR.
#include <xgrad/optim/schedulers/lambda_lr.h>

namespace xgrad::optim {

namespace {

std::vector<LambdaLR::Lambda> checked(const Optimizer& optimizer, std::vector<LambdaLR::Lambda> lambdas) {
  const std::size_t groups = optimizer.param_groups().size();
  XGRAD_CHECK_AS(ValueError, lambdas.size() == groups, "LRScheduler: Expected ", groups,
                 " lr_lambdas, but got ", lambdas.size());
  for (const LambdaLR::Lambda& lambda : lambdas)
    XGRAD_CHECK_AS(TypeError, lambda, "LRScheduler: an lr_lambda is an empty function");
  return lambdas;
}

std::vector<LambdaLR::Lambda> for_all(const Optimizer& optimizer, const LambdaLR::Lambda& lambda) {
  return checked(optimizer, std::vector<LambdaLR::Lambda>(optimizer.param_groups().size(), lambda));
}

void multiply(std::vector<double>& rates, const std::vector<LambdaLR::Lambda>& lambdas, int64_t epoch) {
  for (std::size_t i = 0; i < rates.size(); ++i) rates[i] *= lambdas[i](epoch);
}

}  // namespace

LambdaLR::LambdaLR(Optimizer& optimizer, Lambda lr_lambda)
    : LambdaLR(optimizer, for_all(optimizer, lr_lambda)) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<Lambda> lr_lambdas)
    : LRScheduler(optimizer), lambdas_(checked(optimizer, std::move(lr_lambdas))) {
  initial_step();
}
std::vector<double> LambdaLR::get_lrs() {
  check_groups(lambdas_.size());
  std::vector<double> rates = base_lrs_;
  multiply(rates, lambdas_, step_count_);
  return rates;
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, Lambda lr_lambda)
    : MultiplicativeLR(optimizer, for_all(optimizer, lr_lambda)) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<Lambda> lr_lambdas)
    : LRScheduler(optimizer), lambdas_(checked(optimizer, std::move(lr_lambdas))) {
  initial_step();
}
std::vector<double> MultiplicativeLR::get_lrs() {
  check_groups(lambdas_.size());
  std::vector<double> rates = get_current_lrs();
  if (!is_initial_) multiply(rates, lambdas_, step_count_);
  return rates;
}

}  // namespace xgrad::optim
