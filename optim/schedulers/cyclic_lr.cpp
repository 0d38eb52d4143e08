// CyclicLR and OneCycleLR.
#include <xgrad/optim/schedulers/cyclic_lr.h>

#include <cmath>
#include <numbers>

namespace xgrad::optim {

namespace {

void check_momentum(const char* op, const Optimizer& optimizer) {
  XGRAD_CHECK_AS(ValueError, optimizer.defaults().get_momentum(), op,
                 ": optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
}

void set_momentums(Optimizer& optimizer, const std::vector<double>& momentums) {
  for (std::size_t i = 0; i < momentums.size(); ++i)
    optimizer.param_groups()[i].options().set_momentum(momentums[i]);
}

bool one_of(const std::string& word, std::initializer_list<const char*> words) {
  for (const char* each : words)
    if (word == each) return true;
  return false;
}

int64_t total_steps_of(const OneCycleLROptions& o) {
  const bool counted = o.epochs() && o.steps_per_epoch();
  XGRAD_CHECK_AS(ValueError, o.total_steps() || counted,
                 "OneCycleLR: You must define either total_steps OR (epochs AND steps_per_epoch)");
  const auto check = [](const char* name, int64_t n) {
    XGRAD_CHECK_AS(ValueError, n > 0, "OneCycleLR: Expected positive integer ", name, ", but got ", n);
  };
  if (!o.total_steps()) {
    check("epochs", *o.epochs());
    check("steps_per_epoch", *o.steps_per_epoch());
  }
  const int64_t steps = o.total_steps() ? *o.total_steps() : *o.epochs() * *o.steps_per_epoch();
  check("total_steps", steps);
  return steps;
}

std::vector<double> divided(std::vector<double> values, double divisor) {
  for (double& value : values) value /= divisor;
  return values;
}

}  // namespace

CyclicLR::CyclicLR(Optimizer& optimizer, CyclicLROptions options)
    : LRScheduler(optimizer), options_(std::move(options)) {
  const CyclicLROptions& o = options_;
  up_ = static_cast<double>(o.step_size_up());
  total_ = up_ + static_cast<double>(o.step_size_down().value_or(o.step_size_up()));
  XGRAD_CHECK_AS(ValueError, o.scale_fn() || one_of(o.mode(), {"triangular", "triangular2", "exp_range"}),
                 "CyclicLR: mode is invalid and scale_fn is None: mode is '", o.mode(), "'");
  XGRAD_CHECK_AS(ValueError, up_ > 0 && total_ >= up_,
                 "CyclicLR: step sizes must be positive: step_size_up is ", o.step_size_up(),
                 ", both together ", total_);
  base_lrs_ = per_group("base_lr", o.base_lr());
  max_lrs_ = per_group("max_lr", o.max_lr());
  if (o.cycle_momentum()) {
    check_momentum("CyclicLR", optimizer);
    base_momentums_ = per_group("base_momentum", o.base_momentum());
    max_momentums_ = per_group("max_momentum", o.max_momentum());
  }
  initial_step();
}

// How far up in the cycle, and how high the cycle is.
double CyclicLR::height() const {
  const CyclicLROptions& o = options_;
  const auto step = static_cast<double>(step_count_);
  const double cycle = std::floor(1 + step / total_), x = 1 + step / total_ - cycle, ratio = up_ / total_;
  const double part = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
  if (o.scale_fn()) return part * o.scale_fn()(o.scale_mode() == "cycle" ? cycle : step);
  if (o.mode() == "triangular2") return part / std::pow(2.0, cycle - 1);
  return o.mode() == "exp_range" ? part * std::pow(o.gamma(), step) : part;
}

std::vector<double> CyclicLR::get_lrs() {
  check_groups(base_lrs_.size());
  const double up = height();
  std::vector<double> rates = base_lrs_, momentums = max_momentums_;
  for (std::size_t i = 0; i < rates.size(); ++i) rates[i] += (max_lrs_[i] - base_lrs_[i]) * up;
  for (std::size_t i = 0; i < momentums.size(); ++i)
    momentums[i] -= (max_momentums_[i] - base_momentums_[i]) * up;
  set_momentums(*optimizer_, momentums);
  return rates;
}

OneCycleLR::OneCycleLR(Optimizer& optimizer, OneCycleLROptions o)
    : LRScheduler(optimizer),
      linear_(o.anneal_strategy() == "linear"),
      cycle_momentum_(o.cycle_momentum()),
      total_steps_(total_steps_of(o)) {
  XGRAD_CHECK_AS(ValueError, o.pct_start() >= 0 && o.pct_start() <= 1,
                 "OneCycleLR: Expected float between 0 and 1 pct_start, but got ", o.pct_start());
  XGRAD_CHECK_AS(ValueError, one_of(o.anneal_strategy(), {"cos", "linear"}),
                 "OneCycleLR: anneal_strategy must be one of 'cos' or 'linear', instead got '",
                 o.anneal_strategy(), "'");
  if (cycle_momentum_) check_momentum("OneCycleLR", optimizer);
  const std::vector<double> top = per_group("max_lr", o.max_lr()), first = divided(top, o.div_factor()),
                            last = divided(first, o.final_div_factor()),
                            least = per_group("base_momentum", o.base_momentum()),
                            most = per_group("max_momentum", o.max_momentum());
  const auto steps = static_cast<double>(total_steps_);
  const double rise = o.pct_start() * steps - 1;
  phases_.push_back({rise, first, top, most, least});
  if (o.three_phase()) {
    phases_.push_back({2 * o.pct_start() * steps - 2, top, first, least, most});
    phases_.push_back({steps - 1, first, last, most, most});
  } else {
    phases_.push_back({steps - 1, top, last, least, most});
  }
  base_lrs_ = first;
  for (std::size_t i = 0; i < first.size(); ++i) optimizer.param_groups()[i].initial_lr(first[i]);
  initial_step();
}

double OneCycleLR::anneal(double from, double to, double part) const {
  if (linear_) return (to - from) * part + from;
  return to + (from - to) / 2 * (std::cos(std::numbers::pi * part) + 1);
}

std::vector<double> OneCycleLR::get_lrs() {
  XGRAD_CHECK_AS(ValueError, step_count_ <= total_steps_, "OneCycleLR: Tried to step ", step_count_,
                 " times. The specified number of total steps is ", total_steps_);
  check_groups(base_lrs_.size());
  const auto step = static_cast<double>(step_count_);
  std::size_t at = 0;
  while (at + 1 < phases_.size() && step > phases_[at].end) ++at;
  const Phase& phase = phases_[at];
  const double begin = at == 0 ? 0 : phases_[at - 1].end, part = (step - begin) / (phase.end - begin);
  std::vector<double> rates, momentums;
  for (std::size_t i = 0; i < base_lrs_.size(); ++i) {
    rates.push_back(anneal(phase.from_lr[i], phase.to_lr[i], part));
    momentums.push_back(anneal(phase.from_momentum[i], phase.to_momentum[i], part));
  }
  if (cycle_momentum_) set_momentums(*optimizer_, momentums);
  return rates;
}

}  // namespace xgrad::optim
