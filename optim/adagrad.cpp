// Adagrad: its rule's arguments.
#include <xgrad/optim/adagrad.h>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void AdagradOptions::check() const {
  check_not_negative("Adagrad", "learning rate", lr());
  check_not_negative("Adagrad", "lr_decay value", lr_decay());
  check_not_negative("Adagrad", "weight_decay value", weight_decay());
  check_not_negative("Adagrad", "initial_accumulator_value value", initial_accumulator_value());
  check_not_negative("Adagrad", "epsilon value", eps());
}

void Adagrad::update(Update& u) const {
  const auto& o = u.options<AdagradOptions>();
  auto& state = u.state<AdagradParamState>();
  const auto before = static_cast<double>(u.count(state.step()) - 1);
  const Tensor& sum = u.buffer(state.sum(), o.initial_accumulator_value());
  u.apply(AdagradRule{{}, {o.weight_decay(), o.maximize()}, o.lr() / (1 + before * o.lr_decay()), o.eps()},
          sum);
}

XGRAD_DEFINE_OPTIMIZER(Adagrad);

}  // namespace xgrad::optim
