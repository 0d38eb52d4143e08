// LRScheduler: what changes the learning rates of an optimizer from epoch to epoch.
#pragma once

#include <vector>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

/// Base of the schedulers. One that is made takes the rates as they are for epoch 0; call `step` after each
/// epoch. The optimizer must live as long. A class of one's own says the rates of the epoch `step_count_` in
/// `get_lrs`.
class XGRAD_API LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  virtual ~LRScheduler() = default;

  /// Goes to the next epoch. When it throws, all is as before.
  virtual void step();
  /// The rates of all groups as the last step set them.
  const std::vector<double>& get_last_lr() const { return last_lrs_; }
  int64_t last_epoch() const { return step_count_; }
  Optimizer& optimizer() const { return *optimizer_; }

  /// What changes and what was given, with Python's names; functions are not saved. Loading throws ValueError
  /// when something does not fit, and nothing has changed then.
  virtual IValue::Dict state_dict() const;
  virtual void load_state_dict(const IValue::Dict& state);

 protected:
  friend class SequentialLR;
  friend class ChainedScheduler;

  /// The rates of all groups in epoch step_count_.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  /// The same wherever the scheduler comes from; what `get_lrs` goes on with.
  virtual std::vector<double> closed_form_lrs() { return get_lrs(); }
  /// The first epoch, which every constructor begins.
  void initial_step();
  /// Takes back the first epoch, for a scheduler whose turn is later; then it may begin anew.
  virtual void undo() { --step_count_; }
  virtual void begin() { initial_step(); }
  virtual void restart();

  std::vector<double> current_times(double factor) const;
  /// of_base(rate) of the rate of each group as it was before any scheduler.
  template <class F>
  std::vector<double> each_base(F&& of_base) const {
    check_groups(base_lrs_.size());
    std::vector<double> rates;
    for (const double base : base_lrs_) rates.push_back(of_base(base));
    return rates;
  }
  /// One number for all groups, or one for each. Throws ValueError for another number of them.
  std::vector<double> per_group(const char* name, const std::vector<double>& values) const;
  void check_groups(std::size_t known) const;
  void set_lrs(const std::vector<double>& rates);

  Optimizer* optimizer_;
  int64_t step_count_ = -1;
  bool is_initial_ = false;
  std::vector<double> base_lrs_, last_lrs_;
};

/// A scheduler whose parameters are fields, and so are saved and restored.
template <class Derived>
class XGRAD_API SchedulerOf : public LRScheduler {
 public:
  using LRScheduler::LRScheduler;
  IValue::Dict state_dict() const override;
  void load_state_dict(const IValue::Dict& state) override;
};

}  // namespace xgrad::optim
