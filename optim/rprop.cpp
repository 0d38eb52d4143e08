// Rprop: its rule's arguments.
#include <xgrad/optim/rprop.h>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

void RpropOptions::check() const {
  check_not_negative("Rprop", "learning rate", lr());
  const auto [shrink, grow] = etas();
  XGRAD_CHECK_AS(ValueError, shrink > 0 && shrink < 1 && grow > 1, "Rprop: Invalid eta values: ", shrink,
                 ", ", grow);
}

void Rprop::update(Update& u) const {
  const auto& o = u.options<RpropOptions>();
  auto& state = u.state<RpropParamState>();
  u.count(state.step());
  const auto [shrink, grow] = o.etas();
  const auto [least, most] = o.step_sizes();
  const Tensor &before = u.buffer(state.prev()), &sizes = u.buffer(state.step_size(), o.lr());
  u.apply(RpropRule{{}, o.maximize(), shrink, grow, least, most}, before, sizes);
}

XGRAD_DEFINE_OPTIMIZER(Rprop);

}  // namespace xgrad::optim
