// RMSprop: its rule's arguments.
#include <xgrad/optim/rmsprop.h>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void RMSpropOptions::check() const {
  check_not_negative("RMSprop", "learning rate", lr());
  check_not_negative("RMSprop", "epsilon value", eps());
  check_not_negative("RMSprop", "momentum value", momentum());
  check_not_negative("RMSprop", "weight_decay value", weight_decay());
  check_not_negative("RMSprop", "alpha value", alpha());
}

void RMSprop::update(Update& u) const {
  const auto& o = u.options<RMSpropOptions>();
  auto& state = u.state<RMSpropParamState>();
  u.count(state.step());
  const RmspropBase base{{o.weight_decay(), o.maximize()}, o.lr(), o.alpha(), o.eps(), o.momentum()};
  const Tensor& squares = u.buffer(state.square_avg());
  const Tensor* mean = o.centered() ? &u.buffer(state.grad_avg()) : nullptr;
  const Tensor* momentum = o.momentum() > 0 ? &u.buffer(state.momentum_buffer()) : nullptr;
  if (mean && momentum)
    u.apply(RmspropCenteredMomentumRule{{}, base}, squares, *mean, *momentum);
  else if (mean)
    u.apply(RmspropCenteredRule{{}, base}, squares, *mean);
  else if (momentum)
    u.apply(RmspropMomentumRule{{}, base}, squares, *momentum);
  else
    u.apply(RmspropRule{{}, base}, squares);
}

XGRAD_DEFINE_OPTIMIZER(RMSprop);

}  // namespace xgrad::optim
