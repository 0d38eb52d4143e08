// L-BFGS: one step, over all parameters as one vector.
#include <xgrad/optim/lbfgs.h>

#include <algorithm>
#include <cmath>

#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/optim/checks.h>
#include <xgrad/optim/line_search.h>

namespace xgrad::optim {

namespace {

double largest(const Tensor& t) { return t.numel() == 0 ? 0 : t.abs().max().item<double>(); }

// The parameters and their loss, seen as a function of one vector.
class Objective {
 public:
  Objective(const std::vector<Tensor>& parameters, const Optimizer::LossClosure& closure, bool maximize)
      : parameters_(parameters), closure_(closure), maximize_(maximize) {}

  Tensor evaluate() {
    ++evaluations_;
    Tensor loss;
    {
      AutoGradMode with_gradients(true);
      loss = closure_();
    }
    XGRAD_CHECK(loss.defined(), "LBFGS: the closure must return the loss");
    value_ = maximize_ ? -loss.item<double>() : loss.item<double>();
    std::vector<Tensor> parts;
    for (const Tensor& p : parameters_)
      parts.push_back((p.grad().defined() ? p.grad() : zeros_like(p)).reshape({-1}));
    gradient_ = maximize_ ? -cat(parts) : cat(parts);
    return loss;
  }
  double value() const { return value_; }
  const Tensor& gradient() const { return gradient_; }
  int64_t evaluations() const { return evaluations_; }

  std::vector<Tensor> place() const {
    std::vector<Tensor> copies;
    for (const Tensor& p : parameters_) copies.push_back(p.clone());
    return copies;
  }
  void go_to(const std::vector<Tensor>& place) const {
    for (std::size_t i = 0; i < place.size(); ++i) parameters_[i].copy_(place[i]);
  }
  void move(double t, const Tensor& direction) const {
    int64_t at = 0;
    for (const Tensor& p : parameters_) {
      p.add_(direction.narrow(0, at, p.numel()).view(p.sizes()), t);
      at += p.numel();
    }
  }

  // Goes to the end of a line search along d, whose slope here is `slope`; the length of the way.
  double search(const Tensor& d, double t, double slope, double tolerance, int64_t max_steps) {
    const std::vector<Tensor> from = place();
    const LinePoint start{0, value_, gradient_, slope};
    const std::function<LinePoint(double)> along = [&](double length) {
      move(length, d);
      evaluate();
      go_to(from);
      return LinePoint{length, value_, gradient_, gradient_.dot(d).item<double>()};
    };
    const LinePoint end = strong_wolfe(along, start, t, largest(d), tolerance, max_steps);
    value_ = end.value;
    gradient_ = end.gradient;
    move(end.t, d);
    return end.t;
  }

 private:
  const std::vector<Tensor>& parameters_;
  const Optimizer::LossClosure& closure_;
  bool maximize_;
  double value_ = 0;
  Tensor gradient_;
  int64_t evaluations_ = 0;
};

// What the last step tells of the curvature.
void remember(LBFGSParamState& s, const Tensor& gradient, int64_t history_size) {
  const Tensor change = gradient - s.prev_flat_grad(), way = s.d() * s.t();
  const Tensor curvature = change.dot(way);
  if (!(curvature.item<double>() > 1e-10)) return;
  if (!s.ro().empty() && static_cast<int64_t>(s.ro().size()) >= history_size) {
    s.old_dirs().erase(s.old_dirs().begin());
    s.old_stps().erase(s.old_stps().begin());
    s.ro().erase(s.ro().begin());
  }
  s.old_dirs().push_back(change);
  s.old_stps().push_back(way);
  s.ro().push_back(1 / curvature);
  s.H_diag((curvature / change.dot(change)).item<double>());
}

// The inverse Hessian by -gradient, in two passes over what is remembered. Its factors are rounded as the
// parameters are, as Python's, for the way through a valley depends on their last digit.
Tensor newton_direction(const LBFGSParamState& s, const Tensor& gradient) {
  const std::size_t known = s.ro().size();
  std::vector<Tensor> weights(known);
  Tensor r = -gradient;
  for (std::size_t i = known; i-- > 0;) {
    weights[i] = s.old_stps()[i].dot(r) * s.ro()[i];
    r.add_(s.old_dirs()[i], -weights[i].item<double>());
  }
  r = r * s.H_diag();
  for (std::size_t i = 0; i < known; ++i)
    r.add_(s.old_stps()[i], (weights[i] - s.old_dirs()[i].dot(r) * s.ro()[i]).item<double>());
  return r;
}

void iterate(const LBFGSOptions& o, LBFGSParamState& s, Objective& f) {
  const int64_t max_eval = o.max_eval().value_or(o.max_iter() * 5 / 4);
  for (int64_t i = 1; i <= o.max_iter(); ++i) {
    const bool first = ++s.n_iter() == 1 || !s.d().defined();
    if (first) {
      s.d(-f.gradient());
    } else {
      remember(s, f.gradient(), o.history_size());
      s.d(newton_direction(s, f.gradient()));
    }
    s.prev_flat_grad(f.gradient());
    s.prev_loss(f.value());
    s.t(first ? std::min(1.0, 1 / f.gradient().abs().sum().item<double>()) * o.lr() : o.lr());
    const double slope = f.gradient().dot(s.d()).item<double>();
    if (slope > -o.tolerance_change()) return;
    if (o.line_search_fn()) {
      s.t(f.search(s.d(), s.t(), slope, o.tolerance_change(), max_eval - f.evaluations()));
    } else {
      f.move(s.t(), s.d());
      if (i != o.max_iter()) f.evaluate();
    }
    if (f.evaluations() >= max_eval || largest(f.gradient()) <= o.tolerance_grad()) return;
    if (largest(s.d() * s.t()) <= o.tolerance_change()) return;
    if (std::abs(f.value() - s.prev_loss()) < o.tolerance_change()) return;
  }
}

}  // namespace

void LBFGSOptions::check() const {
  check_not_negative("LBFGS", "learning rate", lr());
  const std::string search = line_search_fn().value_or("strong_wolfe");
  XGRAD_CHECK_AS(ValueError, search == "strong_wolfe",
                 "LBFGS: only 'strong_wolfe' is supported: line_search_fn is '", search, "'");
}

LBFGS::LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults)
    : Optimizer(std::move(param_groups), defaults.clone()) {
  XGRAD_CHECK_AS(ValueError, param_groups_.size() == 1,
                 "LBFGS: it doesn't support per-parameter options: got ", param_groups_.size(),
                 " parameter groups, expected 1");
}
LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

Tensor LBFGS::step(LossClosure closure) {
  XGRAD_CHECK_AS(ValueError, closure,
                 "LBFGS: step needs a closure that computes the loss and its gradients anew");
  XGRAD_CHECK_AS(ValueError, param_groups_.size() == 1, "LBFGS: it takes one group of parameters: got ",
                 param_groups_.size());
  const std::vector<Tensor>& parameters = param_groups_[0].params();
  has_stepped_ = true;
  if (parameters.empty()) return run_closure(closure);
  check_class(param_groups_[0].options());
  param_groups_[0].options().check();
  const auto& options = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  const NoGradGuard no_grad;
  LBFGSParamState state;
  const auto kept = state_.find(parameters[0].unsafeGetTensorImpl());
  if (kept != state_.end()) state = static_cast<const LBFGSParamState&>(*kept->second);
  Objective objective(parameters, closure, options.maximize());
  const std::vector<Tensor> before = objective.place();
  Tensor loss;
  try {
    loss = objective.evaluate();
    XGRAD_CHECK_AS(ValueError, !state.d().defined() || state.d().sizes() == objective.gradient().sizes(),
                   "LBFGS: the state belongs to other shapes: it is for ", state.d().sizes(),
                   " elements, the parameters have ", objective.gradient().sizes(),
                   "; erase it from state() to start anew");
    if (!(largest(objective.gradient()) <= options.tolerance_grad())) iterate(options, state, objective);
  } catch (...) {
    objective.go_to(before);
    throw;
  }
  state.func_evals() += objective.evaluations();
  state_[parameters[0].unsafeGetTensorImpl()] = state.clone();
  return loss;
}

std::unique_ptr<OptimizerParamState> LBFGS::new_state() const { return std::make_unique<LBFGSParamState>(); }

bool LBFGS::fits(const std::string& name, IntArrayRef sizes, const Tensor&) const {
  int64_t elements = 0;
  for (const Tensor& p : param_groups_[0].params()) elements += p.numel();
  return name == "ro" ? sizes.empty() : sizes.size() == 1 && sizes[0] == elements;
}

XGRAD_STATE_TEMPLATES(, LBFGSParamState);
XGRAD_OPTIONS_TEMPLATES(, LBFGSOptions);

}  // namespace xgrad::optim
