// Schedulers whose rates follow a formula of the epoch. Each takes the rates as the last step left them, so
// that several of them may be chained; the closed forms are for one that begins late.
#include <xgrad/optim/schedulers/decay.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <xgrad/optim/schedulers/scheduler_fields.h>

namespace xgrad::optim {

namespace {

double number(int64_t n) { return static_cast<double>(n); }
double cosine(double part) { return 1 + std::cos(std::numbers::pi * part); }

void check_positive(const char* op, const char* name, int64_t value) {
  XGRAD_CHECK_AS(ValueError, value > 0, op, ": Expected positive integer ", name, ", but got ", value);
}

}  // namespace

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : SchedulerOf(optimizer), step_size_(step_size), gamma_(gamma) {
  check_positive("StepLR", "step_size", step_size_);
  initial_step();
}
std::vector<double> StepLR::get_lrs() {
  return current_times(step_count_ == 0 || step_count_ % step_size_ != 0 ? 1 : gamma_);
}
std::vector<double> StepLR::closed_form_lrs() {
  return each_base([&](double lr) { return lr * std::pow(gamma_, number(step_count_ / step_size_)); });
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma)
    : SchedulerOf(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  initial_step();
}
std::vector<double> MultiStepLR::get_lrs() {
  const auto times = std::count(milestones_.begin(), milestones_.end(), step_count_);
  return current_times(std::pow(gamma_, number(times)));
}
std::vector<double> MultiStepLR::closed_form_lrs() {
  const auto passed =
      std::count_if(milestones_.begin(), milestones_.end(), [&](int64_t m) { return m <= step_count_; });
  return each_base([&](double lr) { return lr * std::pow(gamma_, number(passed)); });
}

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters)
    : SchedulerOf(optimizer), factor_(factor), total_iters_(total_iters) {
  XGRAD_CHECK_AS(ValueError, factor >= 0 && factor <= 1,
                 "ConstantLR: Constant multiplicative factor expected to be between 0 and 1: got ", factor);
  initial_step();
}
std::vector<double> ConstantLR::get_lrs() {
  if (factor_ == 0 && step_count_ == total_iters_) return closed_form_lrs();
  return current_times(step_count_ == 0 ? factor_ : step_count_ == total_iters_ ? 1 / factor_ : 1);
}
std::vector<double> ConstantLR::closed_form_lrs() {
  return each_base([&](double lr) { return step_count_ >= total_iters_ ? lr : lr * factor_; });
}

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters)
    : SchedulerOf(optimizer),
      start_factor_(start_factor),
      end_factor_(end_factor),
      total_iters_(total_iters) {
  XGRAD_CHECK_AS(
      ValueError, start_factor > 0 && start_factor <= 1,
      "LinearLR: Starting multiplicative factor expected to be greater than 0 and less or equal to 1: got ",
      start_factor);
  XGRAD_CHECK_AS(ValueError, end_factor >= 0 && end_factor <= 1,
                 "LinearLR: Ending multiplicative factor expected to be between 0 and 1: got ", end_factor);
  initial_step();
}
std::vector<double> LinearLR::get_lrs() {
  if (step_count_ == 0) return current_times(start_factor_);
  if (is_initial_ || step_count_ > total_iters_) return get_current_lrs();
  const double rise = end_factor_ - start_factor_;
  return current_times(1 + rise / (number(total_iters_) * start_factor_ + number(step_count_ - 1) * rise));
}
std::vector<double> LinearLR::closed_form_lrs() {
  check_positive("LinearLR", "total_iters", total_iters_);
  const double part = number(std::min(total_iters_, step_count_)) / number(total_iters_);
  return each_base([&](double lr) { return lr * (start_factor_ + (end_factor_ - start_factor_) * part); });
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma) : SchedulerOf(optimizer), gamma_(gamma) {
  initial_step();
}
std::vector<double> ExponentialLR::get_lrs() { return current_times(is_initial_ ? 1 : gamma_); }
std::vector<double> ExponentialLR::closed_form_lrs() {
  return each_base([&](double lr) { return lr * std::pow(gamma_, number(step_count_)); });
}

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power)
    : SchedulerOf(optimizer), total_iters_(total_iters), power_(power) {
  initial_step();
}
std::vector<double> PolynomialLR::get_lrs() {
  if (is_initial_ || step_count_ > total_iters_) return get_current_lrs();
  const double left = 1 - number(step_count_) / number(total_iters_);
  const double before = 1 - number(step_count_ - 1) / number(total_iters_);
  return current_times(std::pow(left / before, power_));
}
std::vector<double> PolynomialLR::closed_form_lrs() {
  check_positive("PolynomialLR", "total_iters", total_iters_);
  const double left = 1 - number(std::min(total_iters_, step_count_)) / number(total_iters_);
  return each_base([&](double lr) { return lr * std::pow(left, power_); });
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min)
    : SchedulerOf(optimizer), T_max_(T_max), eta_min_(eta_min) {
  check_positive("CosineAnnealingLR", "T_max", T_max);
  initial_step();
}
std::vector<double> CosineAnnealingLR::get_lrs() {
  std::vector<double> rates = get_current_lrs();
  if (is_initial_) return rates;
  check_groups(base_lrs_.size());
  // At the bottom of the curve the rate before is eta_min, from which no factor leads up.
  const bool from_bottom = (step_count_ - 1 - T_max_) % (2 * T_max_) == 0;
  const double factor =
      cosine(number(step_count_) / number(T_max_)) / cosine(number(step_count_ - 1) / number(T_max_));
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (from_bottom)
      rates[i] += (base_lrs_[i] - eta_min_) * (1 - std::cos(std::numbers::pi / number(T_max_))) / 2;
    else
      rates[i] = factor * (rates[i] - eta_min_) + eta_min_;
  }
  return rates;
}
std::vector<double> CosineAnnealingLR::closed_form_lrs() {
  return each_base([&](double lr) {
    return eta_min_ + (lr - eta_min_) * cosine(number(step_count_) / number(T_max_)) / 2;
  });
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult,
                                                         double eta_min)
    : SchedulerOf(optimizer), T_0_(T_0), T_mult_(T_mult), T_i_(T_0), eta_min_(eta_min) {
  check_positive("CosineAnnealingWarmRestarts", "T_0", T_0);
  check_positive("CosineAnnealingWarmRestarts", "T_mult", T_mult);
  initial_step();
}
void CosineAnnealingWarmRestarts::step() {
  if (step_count_ < 0) return step(0.0);
  LRScheduler::step();
}
void CosineAnnealingWarmRestarts::step(double epoch) {
  XGRAD_CHECK_AS(ValueError, epoch >= 0 && epoch < 0x1p53,
                 "CosineAnnealingWarmRestarts: Expected non-negative epoch, but got ", epoch);
  // Before the place that get_lrs goes on from.
  int64_t length = T_0_;
  double begin = 0;
  if (T_mult_ == 1)
    begin = std::floor(epoch / number(T_0_)) * number(T_0_);
  else
    for (; epoch >= begin + number(length); length *= T_mult_) begin += number(length);
  T_i_ = length;
  T_cur_ = epoch - begin - 1;
  step_count_ = static_cast<int64_t>(std::floor(epoch)) - 1;
  LRScheduler::step();
}
std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  T_cur_ += 1;
  if (T_cur_ >= number(T_i_)) {
    T_cur_ -= number(T_i_);
    T_i_ *= T_mult_;
  }
  return each_base([&](double lr) { return eta_min_ + (lr - eta_min_) * cosine(T_cur_ / number(T_i_)) / 2; });
}

std::vector<double> CosineAnnealingWarmRestarts::closed_form_lrs() {
  T_i_ = T_0_;
  T_cur_ = static_cast<double>(step_count_) - 1;
  return get_lrs();
}

template class SchedulerOf<StepLR>;
template class SchedulerOf<MultiStepLR>;
template class SchedulerOf<ConstantLR>;
template class SchedulerOf<LinearLR>;
template class SchedulerOf<ExponentialLR>;
template class SchedulerOf<PolynomialLR>;
template class SchedulerOf<CosineAnnealingLR>;
template class SchedulerOf<CosineAnnealingWarmRestarts>;

}  // namespace xgrad::optim
