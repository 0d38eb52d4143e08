// Rows: the optimizers beyond SGD and Adam, with PyTorch's defaults.
#include "training_optimizer.h"

namespace conformance {

namespace {

namespace optim = lib::optim;

optim::AdagradOptions adagrad(const Args& a) {
  return optim::AdagradOptions(a.real("lr", 1e-2))
      .lr_decay(a.real("lr_decay", 0))
      .weight_decay(a.real("weight_decay", 0))
      .initial_accumulator_value(a.real("initial_accumulator_value", 0))
      .eps(a.real("eps", 1e-10));
}

optim::RMSpropOptions rmsprop(const Args& a) {
  return optim::RMSpropOptions(a.real("lr", 1e-2))
      .alpha(a.real("alpha", 0.99))
      .eps(a.real("eps", 1e-8))
      .weight_decay(a.real("weight_decay", 0))
      .momentum(a.real("momentum", 0))
      .centered(a.flag("centered"));
}

optim::LBFGSOptions lbfgs(const Args& a) {
  optim::LBFGSOptions options(a.real("lr", 1));
  options.max_iter(a.integer("max_iter", 20));
  options.tolerance_grad(a.real("tolerance_grad", 1e-7));
  options.tolerance_change(a.real("tolerance_change", 1e-9));
  options.history_size(a.integer("history_size", 100));
  if (a.has("max_eval")) options.max_eval(a.integer("max_eval"));
  if (a.has("line_search_fn")) options.line_search_fn(a.text("line_search_fn"));
  return options;
}

}  // namespace

void register_training_optimizers(Registry& registry) {
  auto& optimizers = training_tables(registry).optimizers;
  optimizers["Adagrad"] = optimizer_row<optim::Adagrad>(adagrad);
  optimizers["RMSprop"] = optimizer_row<optim::RMSprop>(rmsprop);
  optimizers["LBFGS"] = optimizer_row<optim::LBFGS>(lbfgs);
}

}  // namespace conformance
