// SGD: its rule's arguments.
#include <xgrad/optim/sgd.h>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void SGDOptions::check() const {
  check_not_negative("SGD", "learning rate", lr());
  check_not_negative("SGD", "momentum value", momentum());
  check_not_negative("SGD", "weight_decay value", weight_decay());
  XGRAD_CHECK_AS(ValueError, !nesterov() || (momentum() > 0 && dampening() == 0),
                 "SGD: Nesterov momentum requires a momentum and zero dampening: momentum is ", momentum(),
                 ", dampening is ", dampening());
}

void SGD::update(Update& u) const {
  const auto& o = u.options<SGDOptions>();
  const Descent descent{o.weight_decay(), o.maximize()};
  if (o.momentum() == 0) return u.apply(SgdRule{{}, descent, o.lr()});
  const Tensor& b = u.buffer(u.state<SGDParamState>().momentum_buffer());
  u.apply(SgdMomentumRule{{}, descent, o.lr(), o.momentum(), o.dampening(), o.nesterov(), u.is_new()}, b);
}

XGRAD_DEFINE_OPTIMIZER(SGD);

}  // namespace xgrad::optim
