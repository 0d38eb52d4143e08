// Taking parameters apart and putting them together.
#include <xgrad/nn/utils/reparameterization.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/saved.h>

namespace xgrad::nn::detail {

Tensor Reparameterization::part(const Module& module, const char* suffix) const {
  const std::string name = name_ + suffix;
  const Tensor* found = module.parameters_.find(name);
  if (!found) found = module.buffers_.find(name);
  XGRAD_CHECK(found && found->defined(), op_, ": ", module.name(), " has no '", name, "' any more");
  return *found;
}

HookEntry Reparameterization::entry() {
  auto hook = [self = shared_from_this()](Module& module, const std::vector<Tensor>&,
                                          const std::vector<Tensor>&) -> HookResult {
    ops::become(self->weight_, self->compute(module, module.is_training()));
    return nullopt;
  };
  return {autograd::new_hook_number(), std::make_shared<const Hook>(std::move(hook)), false,
          shared_from_this()};
}

void Reparameterization::apply(Module& module) {
  const Tensor* found = module.parameters_.find(name_);
  if (module.hooks_)
    for (const HookEntry& other : module.hooks_->of(HookKind::forward_pre))
      XGRAD_CHECK(!other.of || other.of->name_ != name_, op_, ": ", other.of->op_,
                  " is applied to the parameter '", name_, "' of ", module.name(),
                  " already; remove it first");
  XGRAD_CHECK_AS(ValueError, found && found->defined(), op_, ": ", module.name(), " has no parameter '",
                 name_, "' of its own");
  weight_ = *found;
  const Tensor value = split(module, weight_);
  module.unregister_parameter(name_);
  weight_.mutable_grad() = {};
  ops::become(weight_, value);
  if (!module.hooks_) module.hooks_ = std::make_shared<ModuleHooks>(module.hooks_);
  module.hooks_->of(HookKind::forward_pre).push_back(entry());
}

void Reparameterization::remove(Module& module, const char* op, const std::string& name) {
  std::vector<HookEntry> none;
  auto& hooks = module.hooks_ ? module.hooks_->of(HookKind::forward_pre) : none;
  const auto found = std::find_if(hooks.begin(), hooks.end(), [&](const HookEntry& entry) {
    return entry.of && entry.of->name_ == name && std::strcmp(entry.of->op_, op) == 0;
  });
  XGRAD_CHECK_AS(ValueError, found != hooks.end(), "remove_", op, ": ", op, " of '", name, "' not found in ",
                 module.name());
  const std::shared_ptr<Reparameterization> self = found->of;
  {
    const NoGradGuard no_grad;
    ops::become(self->weight_, self->compute(module, false));
  }
  self->unite(module);
  module.register_parameter(name, self->weight_);
  hooks.erase(found);
}

void Reparameterization::apply_again(Module& clone) {
  if (!clone.hooks_) return;
  std::vector<HookEntry> copied;
  auto& hooks = clone.hooks_->of(HookKind::forward_pre);
  copied.swap(hooks);
  for (const HookEntry& entry : copied)
    if (!entry.of)
      hooks.push_back(entry);
    else if (clone.parameters_.contains(entry.of->name_))  // else reset() has applied it
      entry.of->copy()->apply(clone);
}

}  // namespace xgrad::nn::detail
