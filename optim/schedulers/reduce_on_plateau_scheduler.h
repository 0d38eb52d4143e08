// ReduceLROnPlateau: lower rates when a metric does not get better.
#pragma once

#include <vector>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

/// Multiplies the rates by `factor` when the metric was not the best so far, by `threshold` (of the best, or
/// absolute), in more than `patience` calls of `step`; then waits `cooldown` calls before it counts again.
/// Rates do not fall below min_lr (one for all groups or one for each), and changes up to eps are left out.
/// Throws ValueError unless factor < 1.
class XGRAD_API ReduceLROnPlateau {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };

  explicit ReduceLROnPlateau(Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1,
                             int64_t patience = 10, double threshold = 1e-4,
                             ThresholdMode threshold_mode = rel, int64_t cooldown = 0,
                             std::vector<double> min_lr = {}, double eps = 1e-8);

  void step(double metric);
  std::vector<double> get_last_lr() const;

  IValue::Dict state_dict() const;
  void load_state_dict(const IValue::Dict& state);

 private:
  bool is_better(double metric) const;
  void reduce_lr();

  Optimizer* optimizer_;
  SchedulerMode mode_;
  ThresholdMode threshold_mode_;
  double factor_, threshold_, eps_, best_;
  int64_t patience_, cooldown_, cooldown_counter_ = 0, num_bad_epochs_ = 0, last_epoch_ = 0;
  std::vector<double> min_lrs_;
  XGRAD_FIELDS(factor_, threshold_, eps_, best_, patience_, cooldown_, cooldown_counter_, num_bad_epochs_,
               last_epoch_, min_lrs_);
};
/// LibTorch's name.
using ReduceLROnPlateauScheduler = ReduceLROnPlateau;

}  // namespace xgrad::optim
