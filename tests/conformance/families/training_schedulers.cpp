// Rows: what changes the learning rate between the steps.
#include "../training_tables.h"

namespace conformance {

namespace {

// Keeps the scheduler alive in the callable.
template <class Scheduler, class... Options>
std::function<void(double)> stepping(Options&&... options) {
  auto scheduler = std::make_shared<Scheduler>(std::forward<Options>(options)...);
  return [scheduler](double) { scheduler->step(); };
}

}  // namespace

void register_training_schedulers(Registry& registry) {
  auto& schedulers = training_tables(registry).schedulers;
  schedulers["StepLR"] = [](lib::optim::Optimizer& optimizer, const Args& a) {
    return stepping<lib::optim::StepLR>(optimizer, static_cast<unsigned>(a.integer("step_size")),
                                        a.real("gamma", 0.1));
  };
}

}  // namespace conformance
