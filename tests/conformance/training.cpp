// Optimizers and schedulers from their recorded descriptions, and the comparison of single numbers.
#include "training.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace conformance {

TrainingTables& training_tables(Registry& registry) {
  if (!registry.training) registry.training = std::make_shared<TrainingTables>();
  return *registry.training;
}

const TrainingTables& training_tables() {
  static const TrainingTables none;
  return registry().training ? *registry().training : none;
}

Value merged(const Value& options, const Value* over, const std::vector<std::string>& without) {
  Value result;
  result.kind = Value::Kind::object;
  const auto put = [&](const std::string& key, const Value& value) {
    if (std::find(without.begin(), without.end(), key) != without.end()) return;
    const auto known = std::find(result.keys.begin(), result.keys.end(), key);
    if (known != result.keys.end()) {
      result.items[static_cast<size_t>(known - result.keys.begin())] = value;
    } else {
      result.keys.push_back(key);
      result.items.push_back(value);
    }
  };
  for (const Value* source : {&options, over}) {
    for (size_t i = 0; source != nullptr && i < source->keys.size(); ++i)
      put(source->keys[i], source->items[i]);
  }
  return result;
}

std::string compare_number(const std::string& what, double got, const Value& expected,
                           const Tolerance& tolerance) {
  const double wanted = expected.to_real();
  if (std::abs(got - wanted) <= tolerance.atol + tolerance.rtol * std::abs(wanted)) return "";
  std::ostringstream text;
  text.precision(17);
  text << what << " is " << got << ", expected " << wanted;
  return text.str();
}

std::string compare_rates(lib::optim::Optimizer& optimizer, const Value& expected,
                          const Tolerance& tolerance) {
  auto& groups = optimizer.param_groups();
  if (groups.size() != expected.items.size()) return "another number of parameter groups";
  for (size_t i = 0; i < groups.size(); ++i) {
    const std::string what = "learning rate of group " + std::to_string(i);
    const std::string reason =
        compare_number(what, groups[i].options().get_lr(), expected.items[i], tolerance);
    if (!reason.empty()) return reason;
  }
  return "";
}

std::function<void(double)> make_scheduler(lib::optim::Optimizer& optimizer, const Value& description) {
  const auto& make = training_tables().schedulers.at(description.at("name").text);
  return make(optimizer, Args(merged(description, nullptr, {"name"})));
}

std::string missing_training_row(const Value& line) {
  const TrainingTables& tables = training_tables();
  const std::string& optimizer = line.at("optimizer").at("name").text;
  if (tables.optimizers.count(optimizer) == 0) return "no row for optimizer " + optimizer;
  const Value* scheduler = line.find("scheduler");
  if (scheduler != nullptr && tables.schedulers.count(scheduler->at("name").text) == 0) {
    return "no row for scheduler " + scheduler->at("name").text;
  }
  return "";
}

}  // namespace conformance
