// Schedulers whose rates follow a formula of the epoch.
#pragma once

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim {

/// Multiplies the rates by gamma every step_size epochs.
class XGRAD_API StepLR : public SchedulerOf<StepLR> {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  int64_t step_size_;
  double gamma_;
  XGRAD_FIELDS(step_size_, gamma_);
};

/// Multiplies the rates by gamma at each milestone; one that comes twice counts twice.
class XGRAD_API MultiStepLR : public SchedulerOf<MultiStepLR> {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  std::vector<int64_t> milestones_;
  double gamma_;
  XGRAD_FIELDS(milestones_, gamma_);
};

/// `factor` times the rates until epoch total_iters. Throws ValueError unless 0 <= factor <= 1.
class XGRAD_API ConstantLR : public SchedulerOf<ConstantLR> {
 public:
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  double factor_;
  int64_t total_iters_;
  XGRAD_FIELDS(factor_, total_iters_);
};

/// A factor that goes evenly from start_factor to end_factor in total_iters epochs. Throws ValueError unless
/// 0 < start_factor <= 1 and 0 <= end_factor <= 1.
class XGRAD_API LinearLR : public SchedulerOf<LinearLR> {
 public:
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0,
                    int64_t total_iters = 5);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  double start_factor_, end_factor_;
  int64_t total_iters_;
  XGRAD_FIELDS(start_factor_, end_factor_, total_iters_);
};

/// Multiplies the rates by gamma every epoch.
class XGRAD_API ExponentialLR : public SchedulerOf<ExponentialLR> {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  double gamma_;
  XGRAD_FIELDS(gamma_);
};

/// (1 - t / total_iters)^power times the rates in epoch t, 0 from total_iters on.
class XGRAD_API PolynomialLR : public SchedulerOf<PolynomialLR> {
 public:
  explicit PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1.0);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  int64_t total_iters_;
  double power_;
  XGRAD_FIELDS(total_iters_, power_);
};

/// eta_min + (lr - eta_min) (1 + cos(pi t / T_max)) / 2 in epoch t: Loshchilov and Hutter 2017, "SGDR:
/// Stochastic Gradient Descent with Warm Restarts", without the restarts.
class XGRAD_API CosineAnnealingLR : public SchedulerOf<CosineAnnealingLR> {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  int64_t T_max_;
  double eta_min_;
  XGRAD_FIELDS(T_max_, eta_min_);
};

/// The same, begun anew after T_0 epochs, then after T_0 T_mult, T_0 T_mult^2, ...
class XGRAD_API CosineAnnealingWarmRestarts : public SchedulerOf<CosineAnnealingWarmRestarts> {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0);
  void step() override;
  /// Goes to any place, also between two epochs.
  void step(double epoch);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  int64_t T_0_, T_mult_, T_i_;
  double eta_min_, T_cur_ = -1;
  XGRAD_FIELDS(T_0_, T_mult_, T_i_, eta_min_, T_cur_);
};

}  // namespace xgrad::optim
