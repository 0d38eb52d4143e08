// Adam and what descends from it: the arguments of their rules.
#include <xgrad/optim/adam.h>

#include <cmath>

#include <xgrad/optim/adamax.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/checks.h>
#include <xgrad/optim/formulas.h>
#include <xgrad/optim/nadam.h>
#include <xgrad/optim/radam.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

namespace {

template <class Options>
void check_adam(const char* name, const Options& o) {
  check_not_negative(name, "learning rate", o.lr());
  check_not_negative(name, "epsilon value", o.eps());
  check_betas(name, o.betas());
  check_not_negative(name, "weight_decay value", o.weight_decay());
}

// What the rules have in common.
template <class Rule, class Options>
Rule rule_of(const Options& o, bool decoupled = false) {
  Rule rule;
  rule.descent = {decoupled ? 0 : o.weight_decay(), o.maximize()};
  rule.moments = {std::get<0>(o.betas()), std::get<1>(o.betas())};
  rule.eps = o.eps();
  if constexpr (requires { rule.shrink; }) rule.shrink = decoupled ? 1 - o.lr() * o.weight_decay() : 1;
  return rule;
}

template <class Options>
void update_adam(Update& u, bool decoupled) {
  const auto& o = u.options<Options>();
  auto& state = u.state<AdamParamState>();
  const int64_t t = u.count(state.step());
  auto rule = rule_of<AdamRule>(o, decoupled);
  rule.step_size = o.lr() / (1 - u.power(rule.moments.beta1, t));
  rule.correction = std::sqrt(1 - u.power(rule.moments.beta2, t));
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

void AdamaxOptions::check() const { check_adam("Adamax", *this); }
void Adamax::update(Update& u) const {
  const auto& o = u.options<AdamaxOptions>();
  auto& state = u.state<AdamaxParamState>();
  const int64_t t = u.count(state.step());
  auto rule = rule_of<AdamaxRule>(o);
  rule.step_size = o.lr() / (1 - u.power(rule.moments.beta1, t));
  const Tensor &m = u.buffer(state.exp_avg()), &most = u.buffer(state.exp_inf());
  u.apply(rule, m, most);
}

void NAdamOptions::check() const {
  check_adam("NAdam", *this);
  check_not_negative("NAdam", "momentum_decay value", momentum_decay());
}
void NAdam::update(Update& u) const {
  const auto& o = u.options<NAdamOptions>();
  auto& state = u.state<NAdamParamState>();
  const int64_t t = u.count(state.step());
  auto rule = rule_of<NadamRule>(o, o.decoupled_weight_decay());
  const auto momentum = [&](int64_t step) {
    return rule.moments.beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step) * o.momentum_decay()));
  };
  const double mu = momentum(t), next = momentum(t + 1), product = state.mu_product() * mu;
  u.set(state.mu_product(), product);
  rule.correction = 1 - u.power(rule.moments.beta2, t);
  rule.gradient_step = o.lr() * (1 - mu) / (1 - product);
  rule.mean_step = o.lr() * next / (1 - product * next);
  const Tensor &m = u.buffer(state.exp_avg()), &v = u.buffer(state.exp_avg_sq());
  u.apply(rule, m, v);
}

void RAdamOptions::check() const { check_adam("RAdam", *this); }
void RAdam::update(Update& u) const {
  const auto& o = u.options<RAdamOptions>();
  auto& state = u.state<RAdamParamState>();
  const int64_t t = u.count(state.step());
  auto rule = rule_of<RadamRule>(o, o.decoupled_weight_decay());
  const double power = u.power(rule.moments.beta2, t), correction = 1 - power;
  // The lengths of the average, in steps of equal weight: at the end, and now.
  const double longest = 2 / (1 - rule.moments.beta2) - 1;
  const double length = longest - 2 * static_cast<double>(t) * power / correction;
  rule.rectified = length > 5;
  rule.step_size = o.lr() / (1 - u.power(rule.moments.beta1, t));
  if (rule.rectified)
    rule.step_size *= std::sqrt(correction * (length - 4) * (length - 2) * longest /
                                ((longest - 4) * (longest - 2) * length));
  const Tensor &m = u.buffer(state.exp_avg()), &v = u.buffer(state.exp_avg_sq());
  u.apply(rule, m, v);
}

XGRAD_DEFINE_OPTIMIZER(Adam);
XGRAD_OPTIMIZER_TEMPLATES(, AdamW, AdamWParamState);
XGRAD_DEFINE_OPTIMIZER(Adamax);
XGRAD_DEFINE_OPTIMIZER(NAdam);
XGRAD_DEFINE_OPTIMIZER(RAdam);

}  // namespace xgrad::optim
