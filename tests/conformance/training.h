// What the runners of trajectories and of schedules share: optimizers and schedulers from their descriptions.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "training_tables.h"
#include "value.h"

namespace conformance {

/// `options` without the keys `without`, and with the members of `over` (may be null) put over it.
Value merged(const Value& options, const Value* over, const std::vector<std::string>& without);

/// Why a number is not the recorded one, or an empty text.
std::string compare_number(const std::string& what, double got, const Value& expected,
                           const Tolerance& tolerance);

/// The learning rates of all groups against the recorded list.
std::string compare_rates(lib::optim::Optimizer& optimizer, const Value& expected,
                          const Tolerance& tolerance);

/// A scheduler of `optimizer`: each call is one step with that metric.
std::function<void(double)> make_scheduler(lib::optim::Optimizer& optimizer, const Value& description);

/// "no row for optimizer X", "no row for scheduler Y", or an empty text.
std::string missing_training_row(const Value& line);

}  // namespace conformance
