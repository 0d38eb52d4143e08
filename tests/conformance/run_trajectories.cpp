// Trains the recorded models and compares every loss, learning rate, norm and the final weights.
#include <map>

#include "lines.h"
#include "training.h"

namespace conformance {

namespace {

struct Run {
  lib::nn::Sequential net;
  std::map<std::string, lib::Tensor> tensors;  // parameters and buffers by name
  std::unique_ptr<lib::optim::Optimizer> optimizer;
  std::function<void(double)> scheduler;
};

void build_net(Run& run, const Value& line) {
  for (const Value& layer : line.at("layers").items) {
    training_tables().layers.at(layer.at("type").text)(run.net, Args(merged(layer, nullptr, {"type"})));
  }
  run.net->to(dtype_from_name(line.at("x").at("dtype").text));
  run.net->train();
  for (const auto& item : run.net->named_parameters()) run.tensors[item.key()] = item.value();
  for (const auto& item : run.net->named_buffers()) run.tensors[item.key()] = item.value();
  const Value& init = line.at("init");
  const lib::NoGradGuard no_grad;
  for (size_t i = 0; i < init.keys.size(); ++i) {
    run.tensors.at(init.keys[i]).copy_(Elements::of(init.items[i]).to_tensor());
  }
}

void build_optimizer(Run& run, const Value& line) {
  const Value& description = line.at("optimizer");
  const std::vector<std::string> without = {"name", "groups", "params"};
  std::vector<Group> groups;
  if (const Value* recorded = description.find("groups")) {
    for (const Value& group : recorded->items) {
      groups.push_back({{}, Args(merged(description, &group, without))});
      for (const Value& name : group.at("params").items)
        groups.back().params.push_back(run.tensors.at(name.text));
    }
  } else {
    groups.push_back({run.net->parameters(), Args(merged(description, nullptr, without))});
  }
  run.optimizer = training_tables().optimizers.at(description.at("name").text)(groups);
  if (const Value* scheduler = line.find("scheduler"))
    run.scheduler = make_scheduler(*run.optimizer, *scheduler);
}

std::string clip(Run& run, const Value& line, size_t step, const Tolerance& tolerance) {
  if (const Value* options = line.find("clip_grad_norm")) {
    const double norm = training_tables().clip_grad_norm(run.net->parameters(), Args(*options));
    return compare_number("norm of the gradients", norm, line.at("grad_norms").items.at(step), tolerance);
  }
  if (const Value* value = line.find("clip_grad_value")) {
    training_tables().clip_grad_value(run.net->parameters(), value->to_real());
  }
  return "";
}

std::string run_step(Run& run, const Value& line, size_t step, const Tolerance& tolerance) {
  const lib::Tensor x = build_tensor(line.at("x")).tensor;
  const lib::Tensor y = build_tensor(line.at("y")).tensor;
  const auto closure = [&] {
    run.optimizer->zero_grad();
    lib::Tensor loss = training_tables().losses.at(line.at("loss").text)(run.net->forward(x), y);
    loss.backward();
    return loss;
  };
  std::string reason;
  if (const Value* rates = line.find("lrs"))
    reason = compare_rates(*run.optimizer, rates->items.at(step), tolerance);
  lib::Tensor loss;
  if (line.at("optimizer").at("name").text == "LBFGS") {
    loss = run.optimizer->step(closure);
  } else {
    loss = closure();
    if (reason.empty()) reason = clip(run, line, step, tolerance);
    run.optimizer->step();
  }
  const double value = loss.item<double>();
  if (run.scheduler) run.scheduler(value);
  return reason.empty() ? compare_number("loss", value, line.at("losses").items.at(step), tolerance) : reason;
}

std::string run_trajectory(const Value& line) {
  const Tolerance tolerance = Tolerance::of(line);
  Run run;
  build_net(run, line);
  build_optimizer(run, line);
  const auto steps = static_cast<size_t>(line.at("steps").to_integer());
  for (size_t step = 0; step < steps; ++step) {
    const std::string reason = run_step(run, line, step, tolerance);
    if (!reason.empty()) return "step " + std::to_string(step) + ": " + reason;
  }
  const Value& final = line.at("final");
  for (size_t i = 0; i < final.keys.size(); ++i) {
    const Elements got = Elements::of(run.tensors.at(final.keys[i]));
    const std::string reason = difference(got, Elements::of(final.items[i]), tolerance);
    if (!reason.empty()) return "final " + final.keys[i] + ": " + reason;
  }
  return "";
}

std::string missing_row(const Value& line) {
  const TrainingTables& tables = training_tables();
  for (const Value& layer : line.at("layers").items) {
    const std::string& type = layer.at("type").text;
    if (tables.layers.count(type) == 0) return "no row for layer " + type;
  }
  if (tables.losses.count(line.at("loss").text) == 0) return "no row for loss " + line.at("loss").text;
  if (line.find("clip_grad_norm") != nullptr && !tables.clip_grad_norm) return "no row for clip_grad_norm";
  if (line.find("clip_grad_value") != nullptr && !tables.clip_grad_value) return "no row for clip_grad_value";
  return missing_training_row(line);
}

}  // namespace

const LineKind& trajectory_lines() {
  static const LineKind kind{"trajectories", "trajectories/trajectories.jsonl", run_trajectory, missing_row};
  return kind;
}

Report run_trajectories() { return run_lines(trajectory_lines()); }

}  // namespace conformance
