// Schedulers whose rates rise and fall while the momentum falls and rises: Smith 2017, "Cyclical Learning
// Rates for Training Neural Networks"; Smith and Topin 2018, "Super-Convergence". A list holds one number for
// all parameter groups or one for each.
#pragma once

#include <functional>
#include <string>

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim {

struct CyclicLROptions {
  CyclicLROptions(std::vector<double> base_lr, std::vector<double> max_lr)
      : base_lr_(std::move(base_lr)), max_lr_(std::move(max_lr)) {}
  CyclicLROptions(double base_lr, double max_lr)
      : CyclicLROptions(std::vector<double>{base_lr}, std::vector<double>{max_lr}) {}
  XGRAD_ARG(std::vector<double>, base_lr);
  XGRAD_ARG(std::vector<double>, max_lr);
  XGRAD_ARG(int64_t, step_size_up) = 2000;
  /// As step_size_up where nothing is said.
  XGRAD_ARG(optional<int64_t>, step_size_down);
  /// "triangular", "triangular2" (half as high each time) or "exp_range" (as high as gamma^t).
  XGRAD_ARG(std::string, mode) = "triangular";
  XGRAD_ARG(double, gamma) = 1;
  /// How high, in place of the mode: of the number of the cycle, or of the step where scale_mode is
  /// "iterations".
  XGRAD_ARG(std::function<double(double)>, scale_fn);
  XGRAD_ARG(std::string, scale_mode) = "cycle";
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(std::vector<double>, base_momentum) = {0.8};
  XGRAD_ARG(std::vector<double>, max_momentum) = {0.9};
};

/// Rates between base_lr and max_lr, momentum (or the first of the betas) between max_momentum and
/// base_momentum; `step` is called after each batch.
class XGRAD_API CyclicLR : public LRScheduler {
 public:
  CyclicLR(Optimizer& optimizer, CyclicLROptions options);

 private:
  std::vector<double> get_lrs() override;
  double height() const;
  CyclicLROptions options_;
  double up_, total_;
  std::vector<double> max_lrs_, base_momentums_, max_momentums_;
};

struct OneCycleLROptions {
  OneCycleLROptions(std::vector<double> max_lr) : max_lr_(std::move(max_lr)) {}
  OneCycleLROptions(double max_lr) : max_lr_{max_lr} {}
  XGRAD_ARG(std::vector<double>, max_lr);
  /// Given, or as epochs times steps_per_epoch.
  XGRAD_ARG(optional<int64_t>, total_steps);
  XGRAD_ARG(optional<int64_t>, epochs);
  XGRAD_ARG(optional<int64_t>, steps_per_epoch);
  XGRAD_ARG(double, pct_start) = 0.3;
  /// "cos" or "linear".
  XGRAD_ARG(std::string, anneal_strategy) = "cos";
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(std::vector<double>, base_momentum) = {0.85};
  XGRAD_ARG(std::vector<double>, max_momentum) = {0.95};
  XGRAD_ARG(double, div_factor) = 25;
  XGRAD_ARG(double, final_div_factor) = 1e4;
  XGRAD_ARG(bool, three_phase) = false;
};

/// From max_lr / div_factor up to max_lr in the part pct_start of all steps, then down to a
/// final_div_factor'th of where it began; in three phases down to the beginning first. `step` is called after
/// each batch, at most total_steps times.
class XGRAD_API OneCycleLR : public LRScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, OneCycleLROptions options);

 private:
  struct Phase {
    double end;
    std::vector<double> from_lr, to_lr, from_momentum, to_momentum;
  };
  std::vector<double> get_lrs() override;
  double anneal(double from, double to, double part) const;
  bool linear_, cycle_momentum_;
  int64_t total_steps_;
  std::vector<Phase> phases_;
};

}  // namespace xgrad::optim
