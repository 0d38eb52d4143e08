// ReduceLROnPlateau.
#include <xgrad/optim/schedulers/reduce_on_plateau_scheduler.h>

#include <algorithm>
#include <cmath>

namespace xgrad::optim {

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, SchedulerMode mode, double factor,
                                     int64_t patience, double threshold, ThresholdMode threshold_mode,
                                     int64_t cooldown, std::vector<double> min_lr, double eps)
    : optimizer_(&optimizer),
      mode_(mode),
      threshold_mode_(threshold_mode),
      factor_(factor),
      threshold_(threshold),
      eps_(eps),
      best_(mode == min ? HUGE_VAL : -HUGE_VAL),
      patience_(patience),
      cooldown_(cooldown),
      min_lrs_(std::move(min_lr)) {
  XGRAD_CHECK_AS(ValueError, factor < 1, "ReduceLROnPlateau: Factor should be < 1.0: got ", factor);
  const std::size_t groups = optimizer.param_groups().size();
  XGRAD_CHECK_AS(ValueError, min_lrs_.size() <= 1 || min_lrs_.size() == groups,
                 "ReduceLROnPlateau: expected ", groups, " min_lrs, got ", min_lrs_.size());
}

bool ReduceLROnPlateau::is_better(double metric) const {
  if (mode_ == min) return metric < (threshold_mode_ == rel ? best_ * (1 - threshold_) : best_ - threshold_);
  return metric > (threshold_mode_ == rel ? best_ * (1 + threshold_) : best_ + threshold_);
}

void ReduceLROnPlateau::step(double metric) {
  ++last_epoch_;
  if (is_better(metric)) {
    best_ = metric;
    num_bad_epochs_ = 0;
  } else {
    ++num_bad_epochs_;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    num_bad_epochs_ = 0;
  }
  if (num_bad_epochs_ > patience_) {
    reduce_lr();
    cooldown_counter_ = cooldown_;
    num_bad_epochs_ = 0;
  }
}

void ReduceLROnPlateau::reduce_lr() {
  auto& groups = optimizer_->param_groups();
  XGRAD_CHECK_AS(ValueError, min_lrs_.size() <= 1 || min_lrs_.size() == groups.size(),
                 "ReduceLROnPlateau: it knows ", min_lrs_.size(), " min_lrs, the optimizer has ",
                 groups.size(), " parameter groups");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double least = min_lrs_.empty() ? 0 : min_lrs_[min_lrs_.size() == 1 ? 0 : i];
    const double before = groups[i].options().get_lr(), after = std::max(before * factor_, least);
    if (before - after > eps_) groups[i].options().set_lr(after);
  }
}

std::vector<double> ReduceLROnPlateau::get_last_lr() const {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer_->param_groups())
    rates.push_back(group.options().get_lr());
  return rates;
}

IValue::Dict ReduceLROnPlateau::state_dict() const { return to_dict(*this); }
void ReduceLROnPlateau::load_state_dict(const IValue::Dict& state) { from_dict(*this, state); }

}  // namespace xgrad::optim
