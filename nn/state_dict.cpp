// Module::state_dict and load_state_dict. Files belong into io/.
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/nn/module.h>

namespace xgrad::nn {

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + "\"";
  return text;
}

// Parameters and buffers of every module, a shared one under each of its names.
void add_state(const Module& module, const std::string& prefix, OrderedDict<std::string, Tensor>& state) {
  const auto add = [&](const OrderedDict<std::string, Tensor>& tensors) {
    for (const auto& item : tensors) state.insert(prefix + item.key(), *item);
  };
  add(module.named_parameters(false));
  add(module.named_buffers(false));
  for (const auto& child : module.named_children())
    add_state(*child.value(), prefix + child.key() + ".", state);
}

}  // namespace

OrderedDict<std::string, Tensor> Module::state_dict() const {
  OrderedDict<std::string, Tensor> state("Key");
  add_state(*this, "", state);
  for (auto& item : state) *item = item->detach();
  return state;
}

IncompatibleKeys Module::load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict) {
  OrderedDict<std::string, Tensor> own("Key");
  add_state(*this, "", own);
  IncompatibleKeys keys;
  std::string shapes;
  for (const auto& item : own) {
    const Tensor* given = state.find(item.key());
    if (!given || !given->defined())
      keys.missing_keys.push_back(item.key());
    else if (given->sizes() != item->sizes())
      shapes += concat("\n  wrong shape of \"", item.key(), "\": it is ", given->sizes(), ", the module has ",
                       item->sizes());
  }
  for (const auto& item : state)
    if (!own.contains(item.key())) keys.unexpected_keys.push_back(item.key());

  std::string problems;
  if (strict && !keys.missing_keys.empty()) problems += "\n  missing keys: " + listed(keys.missing_keys);
  if (strict && !keys.unexpected_keys.empty())
    problems += "\n  unexpected keys: " + listed(keys.unexpected_keys);
  problems += shapes;
  XGRAD_CHECK(problems.empty(), "load_state_dict: the state does not fit ", name(), ":", problems);

  NoGradGuard no_grad;
  for (auto& item : own)
    if (const Tensor* given = state.find(item.key()); given && given->defined()) item->copy_(*given);
  return keys;
}

}  // namespace xgrad::nn
