// Hooks of modules: registration, a call with hooks, and the two nodes that a backward hook waits at.
#include <xgrad/nn/hooks.h>

#include <algorithm>

#include <xgrad/core/autograd/function.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/types/warning.h>
#include <xgrad/nn/module_hooks.h>

namespace xgrad::nn {

using autograd::variable_list;

RemovableHandle Module::add_hook(detail::HookKind kind, detail::Hook hook, bool prepend, bool always_call) {
  if (!hooks_) hooks_ = std::make_shared<detail::ModuleHooks>(hooks_);
  auto& list = hooks_->of(kind);
  const unsigned number = autograd::new_hook_number();
  list.insert(prepend ? list.begin() : list.end(),
              {number, std::make_shared<const detail::Hook>(std::move(hook)), always_call});
  return {hooks_, number};
}

void RemovableHandle::remove() {
  std::vector<detail::HookEntry> taken;  // ends, with what it holds, when the lists are in order again
  if (const auto hooks = hooks_.lock()) {
    for (auto& list : hooks->lists)
      if (autograd::take_hook(list, number_, taken)) break;
    hooks->leave_if_empty();
  }
}

namespace detail {

void ModuleHooks::leave_if_empty() {
  const auto is_empty = [](const auto& list) { return list.empty(); };
  if (of_module->get() == this && !backward_waits && std::all_of(lists.begin(), lists.end(), is_empty))
    of_module->reset();
}

HookedCall::HookedCall(Module& module) : module_(module), hooks_(module.hooks_) {}

HookedCall::~HookedCall() {
  if (!finished_) run_always_called();
}

variable_list HookedCall::values() const {
  variable_list values;
  for (const Tensor* tensor : tensors_) values.push_back(*tensor);
  return values;
}

void HookedCall::write(const variable_list& values) const {
  for (std::size_t i = 0; i < values.size(); ++i) *tensors_[i] = values[i];
}

void HookedCall::before() {
  inputs_ = values();
  const auto hooks = hooks_->of(HookKind::forward_pre);  // they may be added and removed meanwhile
  bool replaced = run_hooks(module_, "forward pre", "inputs", hooks, inputs_,
                            [&](const HookEntry& entry) { return (*entry.hook)(module_, inputs_, {}); });
  if (!hooks_->of(HookKind::backward).empty() || !hooks_->of(HookKind::backward_pre).empty()) {
    hooks_->backward_waits = true;
    backward_ = std::make_shared<BackwardHook>(module_.self_pointer(), hooks_);
    backward_->watch_inputs(inputs_);
    replaced = true;
  }
  if (replaced) write(inputs_);
  tensors_.clear();
}

void HookedCall::after() {
  variable_list outputs = values();
  const auto hooks = hooks_->of(HookKind::forward);
  bool replaced = run_hooks(module_, "forward", "outputs", hooks, outputs, [&](const HookEntry& entry) {
    if (entry.always_call) called_.push_back(entry.first);
    return (*entry.hook)(module_, inputs_, outputs);
  });
  if (backward_) {
    backward_->watch_outputs(outputs);
    replaced = true;
  }
  if (replaced) write(outputs);
  finished_ = true;
}

void HookedCall::run_always_called() noexcept try {
  const auto hooks = hooks_->of(HookKind::forward);
  for (const HookEntry& entry : hooks) {
    if (!entry.always_call || std::count(called_.begin(), called_.end(), entry.first) != 0) continue;
    try {
      (*entry.hook)(module_, inputs_, {});
    } catch (const std::exception& e) {
      XGRAD_WARN(module_.name(),
                 ": a forward hook with always_call threw while another error was under way: ", e.what());
    }
  }
} catch (...) {  // of a warning handler, or for want of memory: the first error is on its way
}

namespace {

struct BackwardHookFunction : autograd::Function<BackwardHookFunction> {
  static variable_list forward(autograd::AutogradContext* context, variable_list tensors) {
    context->set_materialize_grads(false);
    variable_list constant;
    std::copy_if(tensors.begin(), tensors.end(), std::back_inserter(constant),
                 [](const Tensor& t) { return !t.requires_grad(); });
    context->mark_non_differentiable(constant);
    return tensors;
  }
  static variable_list backward(autograd::AutogradContext*, variable_list gradients) { return gradients; }
};

// Leads the tensors through one node, which it returns, or null where no gradient will flow; `positions` are
// those of them that are defined.
intrusive_ptr<autograd::Node> watched(variable_list& tensors, std::vector<std::size_t>& positions) {
  variable_list defined;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].defined()) {
      positions.push_back(i);
      defined.push_back(tensors[i]);
    }
  if (!autograd::compute_requires_grad(defined)) return {};
  const variable_list passed = BackwardHookFunction::apply(std::move(defined));
  intrusive_ptr<autograd::Node> node;
  for (std::size_t i = 0; i < passed.size(); ++i) {
    tensors[positions[i]] = passed[i];
    if (!node) node = passed[i].grad_fn();
  }
  return node;
}

variable_list spread(const variable_list& values, const std::vector<std::size_t>& positions,
                     std::size_t size) {
  variable_list all(size);
  for (std::size_t i = 0; i < positions.size(); ++i) all[positions[i]] = values[i];
  return all;
}
variable_list picked(const variable_list& all, const std::vector<std::size_t>& positions) {
  variable_list values;
  for (const std::size_t i : positions) values.push_back(all[i]);
  return values;
}

}  // namespace

void BackwardHook::check_alive() const {
  XGRAD_CHECK(!alive_.expired(),
              "backward: a module with backward hooks is gone before its backward; keep it, or keep it in a "
              "holder or std::shared_ptr, which the graph then shares");
}

void BackwardHook::watch_inputs(variable_list& inputs) {
  num_inputs_ = inputs.size();
  const auto node = watched(inputs, inputs_);
  inputs_require_grad_ = static_cast<bool>(node);
  if (node)
    node->add_post_hook([self = shared_from_this()](const variable_list& out, const variable_list&) {
      return self->after(out);
    });
}

void BackwardHook::watch_outputs(variable_list& outputs) {
  num_outputs_ = outputs.size();
  if (const auto node = watched(outputs, outputs_))
    node->add_pre_hook(
        [self = shared_from_this()](variable_list gradients) { return self->before(std::move(gradients)); });
}

variable_list BackwardHook::before(variable_list gradients) {
  check_alive();
  variable_list all = spread(gradients, outputs_, num_outputs_);
  run_hooks(*module_, "full backward pre", "gradients of outputs", pre_hooks_, all,
            [&](const HookEntry& entry) { return (*entry.hook)(*module_, all, {}); });
  grad_outputs_ = all;
  if (!inputs_require_grad_) {
    run_without_inputs();
    grad_outputs_.reset();
  }
  return picked(all, outputs_);
}

void BackwardHook::run_without_inputs() {
  if (hooks_.empty()) return;
  XGRAD_WARN_ONCE("register_full_backward_hook: no input of ", module_->name(),
                  " requires a gradient: its hooks run with those of the outputs alone");
  const variable_list none(num_inputs_);
  for (const HookEntry& entry : hooks_) {
    const HookResult result = (*entry.hook)(*module_, none, *grad_outputs_);
    XGRAD_CHECK(
        !result || std::none_of(result->begin(), result->end(), [](const Tensor& t) { return t.defined(); }),
        module_->name(),
        ": a full backward hook returned gradients of inputs none of which requires "
        "one; return nothing");
  }
}

variable_list BackwardHook::after(const variable_list& gradients) {
  // Without them it came here past the module's outputs, as in a second derivative.
  if (!grad_outputs_) return gradients;
  check_alive();
  variable_list all = spread(gradients, inputs_, num_inputs_);
  run_hooks(*module_, "full backward", "gradients of inputs", hooks_, all,
            [&](const HookEntry& entry) { return (*entry.hook)(*module_, all, *grad_outputs_); });
  grad_outputs_.reset();
  return picked(all, inputs_);
}

}  // namespace detail
}  // namespace xgrad::nn
