// LRScheduler: the epochs, and what is saved of them.
#include <xgrad/optim/schedulers/lr_scheduler.h>

#include <xgrad/core/types/warning.h>

namespace xgrad::optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(&optimizer) {
  for (const OptimizerParamGroup& group : optimizer.param_groups())
    base_lrs_.push_back(group.initial_lr().value_or(group.options().get_lr()));
  last_lrs_ = get_current_lrs();
}

void LRScheduler::step() {
  if (step_count_ == 0 && !optimizer_->has_stepped())
    XGRAD_WARN_ONCE(
        "Detected call of `lr_scheduler.step()` before `optimizer.step()`: call them in the opposite order, "
        "or the first value of the learning rate schedule is skipped");
  ++step_count_;
  try {
    set_lrs(get_lrs());
  } catch (...) {
    --step_count_;
    throw;
  }
}

void LRScheduler::initial_step() {
  is_initial_ = true;
  step();
  is_initial_ = false;
}

void LRScheduler::restart() {
  step_count_ = 0;
  set_lrs(closed_form_lrs());
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer_->param_groups())
    rates.push_back(group.options().get_lr());
  return rates;
}

std::vector<double> LRScheduler::current_times(double factor) const {
  std::vector<double> rates = get_current_lrs();
  for (double& rate : rates) rate *= factor;
  return rates;
}

void LRScheduler::check_groups(std::size_t known) const {
  XGRAD_CHECK_AS(ValueError, known == optimizer_->param_groups().size(), "LRScheduler: it knows ", known,
                 " parameter groups, the optimizer has ", optimizer_->param_groups().size(),
                 "; make the scheduler after all groups are added");
}

std::vector<double> LRScheduler::per_group(const char* name, const std::vector<double>& values) const {
  const std::size_t groups = optimizer_->param_groups().size();
  if (values.size() == 1) return std::vector<double>(groups, values[0]);
  XGRAD_CHECK_AS(ValueError, values.size() == groups, "LRScheduler: ", name, " has ", values.size(),
                 " values, the optimizer ", groups, " parameter groups");
  return values;
}

void LRScheduler::set_lrs(const std::vector<double>& rates) {
  check_groups(rates.size());
  check_groups(base_lrs_.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    OptimizerParamGroup& group = optimizer_->param_groups()[i];
    if (!group.initial_lr()) group.initial_lr(base_lrs_[i]);
    group.options().set_lr(rates[i]);
  }
  last_lrs_ = rates;
}

IValue::Dict LRScheduler::state_dict() const {
  return {{"last_epoch", step_count_}, {"base_lrs", base_lrs_}, {"_last_lr", last_lrs_}};
}

void LRScheduler::load_state_dict(const IValue::Dict& state) {
  int64_t epoch = step_count_;
  std::vector<double> base = base_lrs_, last = last_lrs_;
  if (const IValue* value = state.find("last_epoch")) xgrad::detail::read_field(*value, epoch);
  if (const IValue* value = state.find("base_lrs")) xgrad::detail::read_field(*value, base);
  if (const IValue* value = state.find("_last_lr")) xgrad::detail::read_field(*value, last);
  check_groups(base.size());
  check_groups(last.size());
  step_count_ = epoch;
  base_lrs_ = std::move(base);
  last_lrs_ = std::move(last);
}

}  // namespace xgrad::optim
