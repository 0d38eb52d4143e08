// What SchedulerOf does. Private to the library, which has all schedulers that derive from it.
#pragma once

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim {

template <class Derived>
IValue::Dict SchedulerOf<Derived>::state_dict() const {
  IValue::Dict state = LRScheduler::state_dict();
  for (const auto& item : to_dict(static_cast<const Derived&>(*this))) state.insert(item.key(), *item);
  return state;
}

template <class Derived>
void SchedulerOf<Derived>::load_state_dict(const IValue::Dict& state) {
  Derived changed = static_cast<Derived&>(*this);
  from_dict(changed, state);
  LRScheduler::load_state_dict(state);
  from_dict(static_cast<Derived&>(*this), state);
}

}  // namespace xgrad::optim
