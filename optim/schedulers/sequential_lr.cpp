// SequentialLR and ChainedScheduler.
#include <xgrad/optim/schedulers/sequential_lr.h>

#include <algorithm>

namespace xgrad::optim {

namespace {

using Schedulers = std::vector<std::shared_ptr<LRScheduler>>;

const Schedulers& checked(const char* op, const Schedulers& schedulers, const Optimizer* optimizer) {
  XGRAD_CHECK_AS(ValueError, !schedulers.empty(), op,
                 ": expects at least one scheduler, but got no scheduler");
  for (std::size_t i = 0; i < schedulers.size(); ++i) {
    XGRAD_CHECK_AS(ValueError, schedulers[i], op, ": the scheduler at index ", i, " is a null pointer");
    XGRAD_CHECK_AS(ValueError, !optimizer || &schedulers[i]->optimizer() == optimizer, op,
                   ": expects all schedulers to belong to the same optimizer; the one at index ", i,
                   " does not");
  }
  return schedulers;
}

// A list of dicts has no IValue of its own: the entries are numbered.
std::string numbered(std::size_t i, const std::string& key) {
  return "_schedulers." + std::to_string(i) + "." + key;
}

void save(const Schedulers& schedulers, IValue::Dict& state) {
  for (std::size_t i = 0; i < schedulers.size(); ++i)
    for (const auto& item : schedulers[i]->state_dict()) state.insert(numbered(i, item.key()), *item);
}

void load(const Schedulers& schedulers, const IValue::Dict& state) {
  for (std::size_t i = 0; i < schedulers.size(); ++i) {
    const std::string prefix = numbered(i, "");
    IValue::Dict own("Field");
    for (const auto& item : state)
      if (item.key().compare(0, prefix.size(), prefix) == 0)
        own.insert(item.key().substr(prefix.size()), *item);
    schedulers[i]->load_state_dict(own);
  }
}

}  // namespace

SequentialLR::SequentialLR(Optimizer& optimizer, Schedulers schedulers, std::vector<int64_t> milestones)
    : LRScheduler(optimizer),
      schedulers_(checked("SequentialLR", schedulers, &optimizer)),
      milestones_(std::move(milestones)) {
  XGRAD_CHECK_AS(ValueError, milestones_.size() + 1 == schedulers_.size(),
                 "SequentialLR: expects one scheduler more than milestones: got ", schedulers_.size(),
                 " schedulers and ", milestones_.size(), " milestones");
  undo();
  begin();
}

std::size_t SequentialLR::current() const {
  const auto next = std::upper_bound(milestones_.begin(), milestones_.end(), step_count_);
  return static_cast<std::size_t>(next - milestones_.begin());
}

void SequentialLR::step() {
  ++step_count_;
  const std::size_t at = current();
  LRScheduler& scheduler = *schedulers_[at];
  try {
    if (at > 0 && milestones_[at - 1] == step_count_)
      scheduler.restart();
    else
      scheduler.step();
  } catch (...) {
    --step_count_;
    throw;
  }
  last_lrs_ = scheduler.get_last_lr();
}

void SequentialLR::undo() {
  for (const auto& scheduler : schedulers_) scheduler->undo();
  step_count_ = 0;
}

// Every scheduler began when it was made, which is taken back.
void SequentialLR::begin() {
  std::vector<double> initial;
  for (const OptimizerParamGroup& group : optimizer_->param_groups())
    initial.push_back(group.initial_lr().value_or(group.options().get_lr()));
  set_lrs(initial);
  step_count_ = 0;
  schedulers_[current()]->begin();
  last_lrs_ = schedulers_[current()]->get_last_lr();
}

void SequentialLR::restart() {
  step_count_ = 0;
  schedulers_[current()]->restart();
  last_lrs_ = schedulers_[current()]->get_last_lr();
}

IValue::Dict SequentialLR::state_dict() const {
  IValue::Dict state = LRScheduler::state_dict();
  save(schedulers_, state);
  return state;
}
void SequentialLR::load_state_dict(const IValue::Dict& state) {
  load(schedulers_, state);
  LRScheduler::load_state_dict(state);
}

ChainedScheduler::ChainedScheduler(Schedulers schedulers)
    : ChainedScheduler(schedulers, checked("ChainedScheduler", schedulers, nullptr)[0]->optimizer()) {}
ChainedScheduler::ChainedScheduler(Schedulers schedulers, Optimizer& optimizer)
    : LRScheduler(optimizer), schedulers_(checked("ChainedScheduler", schedulers, &optimizer)) {
  step_count_ = 0;
}

void ChainedScheduler::step() {
  for (const auto& scheduler : schedulers_) scheduler->step();
  ++step_count_;
  last_lrs_ = get_current_lrs();
}
void ChainedScheduler::undo() {
  for (const auto& scheduler : schedulers_) scheduler->undo();
  step_count_ = -1;
}
void ChainedScheduler::begin() {
  for (const auto& scheduler : schedulers_) scheduler->begin();
  step_count_ = 0;
  last_lrs_ = get_current_lrs();
}
void ChainedScheduler::restart() {
  for (const auto& scheduler : schedulers_) scheduler->restart();
  step_count_ = 0;
  last_lrs_ = get_current_lrs();
}

IValue::Dict ChainedScheduler::state_dict() const {
  IValue::Dict state = LRScheduler::state_dict();
  save(schedulers_, state);
  return state;
}
void ChainedScheduler::load_state_dict(const IValue::Dict& state) {
  load(schedulers_, state);
  LRScheduler::load_state_dict(state);
}

}  // namespace xgrad::optim
