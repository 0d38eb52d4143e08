// SWALR.
#include <xgrad/optim/schedulers/swalr.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace xgrad::optim::swa_utils {

SWALR::SWALR(Optimizer& optimizer, std::vector<double> swa_lr, int64_t anneal_epochs,
             const std::string& anneal_strategy)
    : LRScheduler(optimizer),
      swa_lrs_(per_group("swa_lr", swa_lr)),
      anneal_epochs_(anneal_epochs),
      linear_(anneal_strategy == "linear") {
  XGRAD_CHECK_AS(ValueError, linear_ || anneal_strategy == "cos",
                 "SWALR: anneal_strategy must be one of 'cos' or 'linear', instead got '", anneal_strategy,
                 "'");
  XGRAD_CHECK_AS(ValueError, anneal_epochs >= 0, "SWALR: anneal_epochs must be equal or greater than 0, got ",
                 anneal_epochs);
  initial_step();
}

// The part of the way that is behind in an epoch.
double SWALR::part(int64_t epoch) const {
  const double t = static_cast<double>(epoch) / static_cast<double>(std::max<int64_t>(1, anneal_epochs_));
  const double within = std::max(0.0, std::min(1.0, t));
  return linear_ ? within : (1 - std::cos(std::numbers::pi * within)) / 2;
}

std::vector<double> SWALR::get_lrs() {
  check_groups(swa_lrs_.size());
  const int64_t epoch = anneal_epochs_ == 0 ? std::max<int64_t>(1, step_count_) : step_count_;
  const double before = part(epoch - 1), now = part(epoch);
  std::vector<double> rates = get_current_lrs();
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double start = before == 1 ? swa_lrs_[i] : (rates[i] - before * swa_lrs_[i]) / (1 - before);
    rates[i] = swa_lrs_[i] * now + start * (1 - now);
  }
  return rates;
}

}  // namespace xgrad::optim::swa_utils
