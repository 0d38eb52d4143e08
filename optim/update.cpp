// The step of optimizers that change every parameter by itself: first all checks, then all changes.
#include <xgrad/optim/update.h>

#include <cmath>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/optim/formulas.h>

namespace xgrad::optim {

void Update::open(PerParameterOptimizer& optimizer) {
  optimizer_ = &optimizer;
  written_ = false;
}

void Update::close() noexcept {
  if (!written_)
    for (TensorImpl* parameter : new_states_) optimizer_->state_.erase(parameter);
  passes_.clear();
  counters_.clear();
  numbers_.clear();
  new_states_.clear();
  new_tensors_.clear();
}

void Update::begin(const Tensor& parameter, const OptimizerOptions& options) {
  parameter_ = &parameter;
  options_ = &options;
  const TensorImpl &p = parameter.impl(), &g = parameter.grad().impl();
  XGRAD_CHECK_AS(TypeError, is_floating_type(p.dtype()),
                 "step: a parameter must have a floating-point dtype: got ", p.dtype());
  XGRAD_CHECK_AS(ValueError, g.sizes() == p.sizes() && g.dtype() == p.dtype(),
                 "step: a gradient does not fit its parameter: the parameter is ", p.sizes(), " of dtype ",
                 p.dtype(), ", the gradient ", g.sizes(), " of dtype ", g.dtype());
}

void Update::write() {
  written_ = true;
  for (NewTensor& t : new_tensors_)
    if (t.place) *t.place = t.value;
  for (int64_t* step : counters_) ++*step;
  for (const NewNumber& number : numbers_) *number.place = number.value;
  for (const ops::PreparedPass& pass : passes_) pass.run();
}

OptimizerParamState& Update::find_state() {
  TensorImpl* parameter = parameter_->unsafeGetTensorImpl();
  const auto found = optimizer_->state_.find(parameter);
  if (found != optimizer_->state_.end()) return *found->second;
  std::unique_ptr<OptimizerParamState> state = optimizer_->new_state();
  new_states_.push_back(parameter);
  return *(optimizer_->state_[parameter] = std::move(state));
}

int64_t Update::count(int64_t& step) {
  counters_.push_back(&step);
  return step + 1;
}

double Update::power(double base, int64_t step) {
  for (const Power& known : powers_)
    if (known.base == base && known.step == step) return known.value;
  powers_[1] = powers_[0];
  powers_[0] = {base, std::pow(base, static_cast<double>(step)), step};
  return powers_[0].value;
}

const Tensor& Update::buffer(Tensor& t, double initial) {
  const Tensor& p = *parameter_;
  is_new_ = !t.defined();
  if (t.defined() && t.dtype() == p.dtype() && t.sizes() == p.sizes()) return t;
  XGRAD_CHECK_AS(ValueError, is_new_ || t.sizes() == p.sizes(),
                 "step: the state of a parameter belongs to another shape: the parameter is ", p.sizes(),
                 ", its state ", t.sizes(), "; erase it from state() to start anew");
  return replace(&t, is_new_ ? full_like(p, initial) : t.to(p.dtype()));
}

const Tensor& Update::replace(Tensor* place, Tensor value) {
  new_tensors_.push_back({place, std::move(value)});
  return new_tensors_.back().value;
}

void Update::move(double shrink, double size, Tensor along) {
  const Tensor& direction = replace(nullptr, std::move(along));
  const Tensor* const results[] = {parameter_};
  passes_.push_back(ops::prepare_pass(MoveRule{{}, shrink, size}, results, *parameter_, direction));
}

Tensor PerParameterOptimizer::step(LossClosure closure) {
  Tensor loss = run_closure(closure);
  const NoGradGuard no_grad;
  if (!update_) update_ = std::make_shared<Update>();
  Update& u = *update_;
  const struct Closing {
    Update& u;
    ~Closing() { u.close(); }
  } closing{u};
  u.open(*this);
  for (const OptimizerParamGroup& group : param_groups_) {
    check_class(group.options());
    group.options().check();
    for (const Tensor& parameter : group.params()) {
      if (!parameter.grad().defined()) continue;
      u.begin(parameter, group.options());
      update(u);
    }
  }
  u.write();
  has_stepped_ = true;
  return loss;
}

}  // namespace xgrad::optim
