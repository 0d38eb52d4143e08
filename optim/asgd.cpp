// ASGD: its rule's arguments.
#include <xgrad/optim/asgd.h>

#include <algorithm>
#include <cmath>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void ASGDOptions::check() const {
  check_not_negative("ASGD", "learning rate", lr());
  check_not_negative("ASGD", "lambd value", lambd());
  check_not_negative("ASGD", "alpha value", alpha());
  check_not_negative("ASGD", "weight_decay value", weight_decay());
}

void ASGD::update(Update& u) const {
  const auto& o = u.options<ASGDOptions>();
  auto& state = u.state<ASGDParamState>();
  const auto t = static_cast<double>(u.count(state.step()));
  const Tensor& average = u.buffer(state.ax());
  const double eta = t == 1 ? o.lr() : state.eta();
  u.apply(AsgdRule{{}, {o.weight_decay(), o.maximize()}, 1 - o.lambd() * eta, eta, state.mu()}, average);
  u.set(state.eta(), o.lr() / std::pow(1 + o.lambd() * o.lr() * t, o.alpha()));
  u.set(state.mu(), 1 / std::max(1.0, t - o.t0()));
}

XGRAD_DEFINE_OPTIMIZER(ASGD);

}  // namespace xgrad::optim
