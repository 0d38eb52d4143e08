// The hooks of one module. Private to the library.
#pragma once

#include <array>
#include <atomic>

#include <xgrad/nn/module.h>

namespace xgrad::nn::detail {

struct HookEntry {
  unsigned first;  // its number, by which autograd finds it too
  std::shared_ptr<const Hook> hook;
  bool always_call = false;
  std::shared_ptr<Reparameterization> of =
      {};  // what computes a parameter out of others, and is a hook for that
};

struct ModuleHooks {
  explicit ModuleHooks(std::shared_ptr<ModuleHooks>& module) : of_module(&module) {}
  ModuleHooks(const ModuleHooks& other, std::shared_ptr<ModuleHooks>& module)
      : of_module(&module), lists(other.lists) {}
  /// A module whose last hook went is as it was before the first.
  void leave_if_empty();
  std::vector<HookEntry>& of(HookKind kind) { return lists[static_cast<std::size_t>(kind)]; }

  std::shared_ptr<ModuleHooks>* of_module;   // where the module keeps this
  std::atomic<bool> backward_waits = false;  // a call that goes by this whether the module is still there
  std::array<std::vector<HookEntry>, 4> lists;
};

/// Runs hooks in their order over `values`; each may replace them, with as many. Whether one did. `what` it
/// is that they return, for the error.
template <class Call>
bool run_hooks(const Module& module, const char* kind, const char* what, const std::vector<HookEntry>& hooks,
               std::vector<Tensor>& values, Call&& call) {
  bool replaced = false;
  for (const HookEntry& entry : hooks) {
    HookResult result = call(entry);
    if (!result) continue;
    XGRAD_CHECK(result->size() == values.size(), module.name(), ": a ", kind, " hook returned ",
                result->size(), " tensors for ", values.size(), " ", what,
                "; return as many, or nothing to leave them as they are");
    values = std::move(*result);
    replaced = true;
  }
  return replaced;
}

/// The part of one call that waits for backward: two identities, around what the module computed, whose nodes
/// see the gradients of all outputs, and of all inputs, at once.
class BackwardHook : public std::enable_shared_from_this<BackwardHook> {
 public:
  BackwardHook(std::shared_ptr<Module> module, const std::shared_ptr<ModuleHooks>& hooks)
      : module_(std::move(module)),
        alive_(hooks),
        hooks_(hooks->of(HookKind::backward)),
        pre_hooks_(hooks->of(HookKind::backward_pre)) {}
  void watch_inputs(std::vector<Tensor>& inputs);
  void watch_outputs(std::vector<Tensor>& outputs);

 private:
  std::vector<Tensor> before(std::vector<Tensor> gradients);
  std::vector<Tensor> after(const std::vector<Tensor>& gradients);
  void run_without_inputs();
  void check_alive() const;

  const std::shared_ptr<Module> module_;
  const std::weak_ptr<ModuleHooks> alive_;  // as long as the module is, which may be a value
  const std::vector<HookEntry> hooks_, pre_hooks_;
  std::vector<std::size_t> inputs_, outputs_;  // which of the tensors the nodes see
  std::size_t num_inputs_ = 0, num_outputs_ = 0;
  bool inputs_require_grad_ = false;
  optional<std::vector<Tensor>> grad_outputs_;
};

}  // namespace xgrad::nn::detail
