// Rows: Adam and AdamW, with PyTorch's defaults.
#include "training_optimizer.h"

namespace conformance {

namespace {

namespace optim = lib::optim;

template <class Options>
Options adam_options(const Args& a, double weight_decay) {
  double first = 0.9, second = 0.999;
  if (a.has("betas")) {
    first = a.value("betas").items.at(0).to_real();
    second = a.value("betas").items.at(1).to_real();
  }
  return Options(a.real("lr", 1e-3))
      .betas(std::make_tuple(first, second))
      .eps(a.real("eps", 1e-8))
      .weight_decay(a.real("weight_decay", weight_decay))
      .amsgrad(a.flag("amsgrad"));
}

optim::AdamOptions adam(const Args& a) { return adam_options<optim::AdamOptions>(a, 0); }

optim::AdamWOptions adamw(const Args& a) { return adam_options<optim::AdamWOptions>(a, 0.01); }

}  // namespace

void register_training_adam(Registry& registry) {
  auto& optimizers = training_tables(registry).optimizers;
  optimizers["Adam"] = optimizer_row<optim::Adam>(adam);
  optimizers["AdamW"] = optimizer_row<optim::AdamW>(adamw);
}

}  // namespace conformance
