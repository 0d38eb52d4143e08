// Optimizer: the groups of parameters and their gradients. What a step computes is each optimizer's own.
#include <xgrad/optim/optimizer.h>

#include <cstring>
#include <unordered_set>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>

namespace xgrad::optim {

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups,
                     std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  for (const OptimizerParamGroup& group : param_groups) Optimizer::add_param_group(group);
}
Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
                std::move(defaults)) {}
Optimizer::~Optimizer() = default;

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  std::unordered_set<const TensorImpl*> known;
  for (const OptimizerParamGroup& group : param_groups_)
    for (const Tensor& parameter : group.params()) known.insert(parameter.unsafeGetTensorImpl());
  for (const Tensor& parameter : param_group.params()) {
    XGRAD_CHECK_AS(ValueError, parameter.defined(), "add_param_group: a parameter is an undefined tensor");
    XGRAD_CHECK_AS(ValueError, parameter.is_leaf(),
                   "add_param_group: can't optimize a non-leaf Tensor: got one of shape ", parameter.sizes(),
                   " that an op has computed; use detach() and requires_grad_()");
    XGRAD_CHECK_AS(ValueError, known.insert(parameter.unsafeGetTensorImpl()).second,
                   "add_param_group: some parameters appear more than once: one of shape ",
                   parameter.sizes());
  }
  OptimizerParamGroup group = param_group;
  if (!group.has_options()) group.set_options(defaults_->clone());
  check_options(group.options());
  param_groups_.push_back(std::move(group));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  add_param_group(OptimizerParamGroup(parameters));
}

std::vector<Tensor> Optimizer::parameters() const {
  std::vector<Tensor> all;
  for (const OptimizerParamGroup& group : param_groups_)
    all.insert(all.end(), group.params().begin(), group.params().end());
  return all;
}

std::size_t Optimizer::size() const noexcept {
  std::size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

void Optimizer::zero_grad(bool set_to_none) {
  for (const OptimizerParamGroup& group : param_groups_)
    for (const Tensor& parameter : group.params()) {
      const auto* meta = parameter.impl().meta;
      if (!meta || !meta->grad.defined()) continue;
      Tensor& grad = parameter.mutable_grad();
      if (set_to_none) {
        grad.reset();
        continue;
      }
      if (grad.impl().requires_grad()) grad = grad.detach();
      TensorImpl& impl = grad.impl();
      if (impl.has(TensorImpl::kContiguous)) {
        std::memset(impl.data(), 0, grad.nbytes());
        impl.bump_version();
      } else {
        grad.zero_();
      }
    }
}

Tensor Optimizer::run_closure(const LossClosure& closure) {
  if (!closure) return {};
  AutoGradMode with_gradients(true);
  return closure();
}

}  // namespace xgrad::optim
