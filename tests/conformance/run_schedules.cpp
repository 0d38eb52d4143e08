// Steps a scheduler over an optimizer that changes nothing, and compares the rates after each step.
#include "lines.h"
#include "training.h"

namespace conformance {

namespace {

std::unique_ptr<lib::optim::Optimizer> make_optimizer(const Value& description) {
  std::vector<Group> groups;
  for (const Value& rate : description.at("lr").items) {
    Value own;
    own.kind = Value::Kind::object;
    own.keys = {"lr"};
    own.items = {rate};
    const lib::Tensor parameter =
        lib::zeros(std::vector<int64_t>{1}, lib::TensorOptions().requires_grad(true));
    groups.push_back({{parameter}, Args(merged(description, &own, {"name"}))});
  }
  return training_tables().optimizers.at(description.at("name").text)(groups);
}

std::string compare_momentums(lib::optim::Optimizer& optimizer, const Value& expected,
                              const Tolerance& tolerance) {
  for (size_t i = 0; i < expected.items.size(); ++i) {
    const auto& options = static_cast<lib::optim::SGDOptions&>(optimizer.param_groups().at(i).options());
    const std::string reason = compare_number("momentum", options.momentum(), expected.items[i], tolerance);
    if (!reason.empty()) return reason;
  }
  return "";
}

std::string run_schedule(const Value& line) {
  const Tolerance tolerance = Tolerance::of(line);
  const auto optimizer = make_optimizer(line.at("optimizer"));
  const auto scheduler = make_scheduler(*optimizer, line.at("scheduler"));
  const std::vector<Value>& rates = line.at("lrs").items;
  const Value* momentums = line.find("momentums");
  const Value* metrics = line.find("metrics");
  for (size_t t = 0; t < rates.size(); ++t) {
    if (t > 0) {
      optimizer->step();
      scheduler(metrics == nullptr ? 0.0 : metrics->items.at(t - 1).to_real());
    }
    std::string reason = compare_rates(*optimizer, rates[t], tolerance);
    if (reason.empty() && momentums != nullptr) {
      reason = compare_momentums(*optimizer, momentums->items.at(t), tolerance);
    }
    if (!reason.empty()) return "after step " + std::to_string(t) + ": " + reason;
  }
  return "";
}

}  // namespace

const LineKind& schedule_lines() {
  static const LineKind kind{"schedules", "trajectories/schedules.jsonl", run_schedule, missing_training_row};
  return kind;
}

Report run_schedules() { return run_lines(schedule_lines()); }

}  // namespace conformance
