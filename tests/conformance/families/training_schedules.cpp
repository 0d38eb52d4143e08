// Rows: the schedulers that LibTorch lacks, and the one it has with other numbers in it.
#include "../training_tables.h"

namespace conformance {

namespace {

namespace optim = lib::optim;

// Keeps the scheduler alive in the callable.
template <class Scheduler, class... Options>
std::function<void(double)> stepping(Options&&... options) {
  auto scheduler = std::make_shared<Scheduler>(std::forward<Options>(options)...);
  return [scheduler](double) { scheduler->step(); };
}

optim::OneCycleLROptions one_cycle(const Args& a) {
  optim::OneCycleLROptions options(a.real("max_lr"));
  if (a.has("total_steps")) options.total_steps(a.integer("total_steps"));
  if (a.has("epochs")) options.epochs(a.integer("epochs"));
  if (a.has("steps_per_epoch")) options.steps_per_epoch(a.integer("steps_per_epoch"));
  if (a.has("anneal_strategy")) options.anneal_strategy(a.text("anneal_strategy"));
  options.pct_start(a.real("pct_start", 0.3)).cycle_momentum(a.flag("cycle_momentum", true));
  options.base_momentum({a.real("base_momentum", 0.85)}).max_momentum({a.real("max_momentum", 0.95)});
  options.div_factor(a.real("div_factor", 25)).final_div_factor(a.real("final_div_factor", 1e4));
  return options.three_phase(a.flag("three_phase"));
}

std::function<void(double)> plateau(lib::optim::Optimizer& optimizer, const Args& a) {
  using P = optim::ReduceLROnPlateau;
  const bool max = a.has("mode") && a.text("mode") == "max";
  const bool abs = a.has("threshold_mode") && a.text("threshold_mode") == "abs";
  auto scheduler =
      std::make_shared<P>(optimizer, max ? P::max : P::min, a.real("factor", 0.1), a.integer("patience", 10),
                          a.real("threshold", 1e-4), abs ? P::abs : P::rel, a.integer("cooldown", 0),
                          std::vector<double>{a.real("min_lr", 0)}, a.real("eps", 1e-8));
  return [scheduler](double metric) { scheduler->step(metric); };
}

}  // namespace

void register_training_schedules(Registry& registry) {
  auto& schedulers = training_tables(registry).schedulers;
  schedulers["ExponentialLR"] = [](optim::Optimizer& optimizer, const Args& a) {
    return stepping<optim::ExponentialLR>(optimizer, a.real("gamma"));
  };
  schedulers["CosineAnnealingLR"] = [](optim::Optimizer& optimizer, const Args& a) {
    return stepping<optim::CosineAnnealingLR>(optimizer, a.integer("T_max"), a.real("eta_min", 0));
  };
  schedulers["LinearLR"] = [](optim::Optimizer& optimizer, const Args& a) {
    return stepping<optim::LinearLR>(optimizer, a.real("start_factor", 1.0 / 3), a.real("end_factor", 1),
                                     a.integer("total_iters", 5));
  };
  schedulers["OneCycleLR"] = [](optim::Optimizer& optimizer, const Args& a) {
    return stepping<optim::OneCycleLR>(optimizer, one_cycle(a));
  };
  schedulers["ReduceLROnPlateau"] = plateau;
}

}  // namespace conformance
