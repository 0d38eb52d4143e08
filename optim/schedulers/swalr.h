// SWALR: Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization".
#pragma once

#include <string>

#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad::optim::swa_utils {

/// Goes from the rates as they are to swa_lr (one for all groups or one for each) in anneal_epochs, by "cos"
/// or "linear", and stays there.
class XGRAD_API SWALR : public LRScheduler {
 public:
  SWALR(Optimizer& optimizer, std::vector<double> swa_lr, int64_t anneal_epochs = 10,
        const std::string& anneal_strategy = "cos");
  SWALR(Optimizer& optimizer, double swa_lr, int64_t anneal_epochs = 10,
        const std::string& anneal_strategy = "cos")
      : SWALR(optimizer, std::vector<double>{swa_lr}, anneal_epochs, anneal_strategy) {}

 private:
  std::vector<double> get_lrs() override;
  double part(int64_t epoch) const;
  std::vector<double> swa_lrs_;
  int64_t anneal_epochs_;
  bool linear_;
};

}  // namespace xgrad::optim::swa_utils
