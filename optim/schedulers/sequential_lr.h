// Schedulers made of schedulers.
#pragma once

#include <memory>

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim {

/// One scheduler after the other: the next begins at each milestone, an epoch. Throws ValueError unless there
/// is one milestone less than schedulers, all of this optimizer.
class XGRAD_API SequentialLR : public LRScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers,
               std::vector<int64_t> milestones);
  void step() override;
  IValue::Dict state_dict() const override;
  void load_state_dict(const IValue::Dict& state) override;

 private:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  void undo() override;
  void begin() override;
  void restart() override;
  std::size_t current() const;
  std::vector<std::shared_ptr<LRScheduler>> schedulers_;
  std::vector<int64_t> milestones_;
};

/// All schedulers in each epoch, each upon what the one before made of the rates.
class XGRAD_API ChainedScheduler : public LRScheduler {
 public:
  explicit ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers);
  ChainedScheduler(std::vector<std::shared_ptr<LRScheduler>> schedulers, Optimizer& optimizer);
  void step() override;
  IValue::Dict state_dict() const override;
  void load_state_dict(const IValue::Dict& state) override;

 private:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  void undo() override;
  void begin() override;
  void restart() override;
  std::vector<std::shared_ptr<LRScheduler>> schedulers_;
};

}  // namespace xgrad::optim
