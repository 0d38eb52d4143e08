// Adadelta: its rule's arguments.
#include <xgrad/optim/adadelta.h>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void AdadeltaOptions::check() const {
  check_not_negative("Adadelta", "learning rate", lr());
  XGRAD_CHECK_AS(ValueError, rho() >= 0 && rho() <= 1, "Adadelta: Invalid rho value: ", rho());
  check_not_negative("Adadelta", "epsilon value", eps());
  check_not_negative("Adadelta", "weight_decay value", weight_decay());
}

void Adadelta::update(Update& u) const {
  const auto& o = u.options<AdadeltaOptions>();
  auto& state = u.state<AdadeltaParamState>();
  u.count(state.step());
  const Tensor &squares = u.buffer(state.square_avg()), &changes = u.buffer(state.acc_delta());
  u.apply(AdadeltaRule{{}, {o.weight_decay(), o.maximize()}, o.lr(), o.rho(), o.eps()}, squares, changes);
}

XGRAD_DEFINE_OPTIMIZER(Adadelta);

}  // namespace xgrad::optim
