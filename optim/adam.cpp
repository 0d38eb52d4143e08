// Adam and AdamW: their rule's arguments.
#include <xgrad/optim/adam.h>

#include <cmath>

#include <xgrad/optim/adamw.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

namespace {

template <class Options>
void check_adam(const char* name, const Options& o) {
  XGRAD_CHECK_AS(ValueError, o.lr() >= 0, name, ": Invalid learning rate: ", o.lr());
  XGRAD_CHECK_AS(ValueError, o.eps() >= 0, name, ": Invalid epsilon value: ", o.eps());
  const auto [beta1, beta2] = o.betas();
  XGRAD_CHECK_AS(ValueError, beta1 >= 0 && beta1 < 1, name, ": Invalid beta parameter at index 0: ", beta1);
  XGRAD_CHECK_AS(ValueError, beta2 >= 0 && beta2 < 1, name, ": Invalid beta parameter at index 1: ", beta2);
  XGRAD_CHECK_AS(ValueError, o.weight_decay() >= 0, name, ": Invalid weight_decay value: ", o.weight_decay());
}

template <class Options>
void update_adam(Update& u, bool decoupled) {
  const auto& o = u.options<Options>();
  auto& state = u.state<AdamParamState>();
  const int64_t t = u.count(state.step());
  const auto [beta1, beta2] = o.betas();
  AdamRule rule;
  rule.descent = {decoupled ? 0 : o.weight_decay(), o.maximize()};
  rule.beta1 = beta1;
  rule.beta2 = beta2;
  rule.eps = o.eps();
  rule.shrink = decoupled ? 1 - o.lr() * o.weight_decay() : 1;
  rule.step_size = o.lr() / (1 - u.power(beta1, t));
  rule.correction = std::sqrt(1 - u.power(beta2, t));
  const Tensor &m = u.buffer(state.exp_avg()), &v = u.buffer(state.exp_avg_sq());
  if (o.amsgrad())
    u.apply(AmsgradRule{{}, rule}, m, v, u.buffer(state.max_exp_avg_sq()));
  else
    u.apply(rule, m, v);
}

}  // namespace

void AdamOptions::check() const { check_adam("Adam", *this); }
void Adam::update(Update& u) const { update_adam<AdamOptions>(u, false); }

void AdamWOptions::check() const { check_adam("AdamW", *this); }
void AdamW::update(Update& u) const { update_adam<AdamWOptions>(u, true); }

}  // namespace xgrad::optim
