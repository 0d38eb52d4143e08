// Module::state_dict and load_state_dict, and the rule that loading changes all or nothing. Files belong into
// io/.
#include <unordered_set>

#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/nn/state.h>

namespace xgrad::nn {

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + "\"";
  return text;
}

// Why `given` cannot be written into `own`, as a line of the error; empty when it can.
std::string problem_of(const std::string& name, const Tensor& own, const Tensor& given) {
  if (given.sizes() != own.sizes())
    return concat("\n  wrong shape of \"", name, "\": it is ", given.sizes(), ", the module has ",
                  own.sizes());
  try {
    ops::check_change("copy", own, false);
    return {};
  } catch (const Error& error) {
    return concat("\n  cannot write \"", name, "\": ", error.what());
  }
}

// What is to be written, with values that lie in the module's own memory copied before any of it changes.
std::vector<std::pair<Tensor, Tensor>> pairs_to_copy(const OrderedDict<std::string, Tensor>& own,
                                                     const OrderedDict<std::string, Tensor>& state) {
  std::unordered_set<const StorageImpl*> written;
  for (const auto& item : own) written.insert(item->impl().storage().get());
  std::vector<std::pair<Tensor, Tensor>> pairs;
  for (const auto& item : own)
    if (const Tensor* given = state.find(item.key()); given && given->defined())
      pairs.emplace_back(*item, written.count(given->impl().storage().get()) ? given->clone() : *given);
  return pairs;
}

}  // namespace

OrderedDict<std::string, Tensor> Module::state_dict() const {
  OrderedDict<std::string, Tensor> result = state();
  for (auto& item : result) *item = item->detach();
  return result;
}

IncompatibleKeys copy_state(const std::string& what, const OrderedDict<std::string, Tensor>& own,
                            const OrderedDict<std::string, Tensor>& state, bool strict) {
  const NoGradGuard no_grad;
  IncompatibleKeys keys;
  std::string misfits;
  for (const auto& item : own) {
    const Tensor* given = state.find(item.key());
    if (given && given->defined())
      misfits += problem_of(item.key(), *item, *given);
    else
      keys.missing_keys.push_back(item.key());
  }
  for (const auto& item : state)
    if (!own.contains(item.key())) keys.unexpected_keys.push_back(item.key());

  std::string problems;
  if (strict && !keys.missing_keys.empty()) problems += "\n  missing keys: " + listed(keys.missing_keys);
  if (strict && !keys.unexpected_keys.empty())
    problems += "\n  unexpected keys: " + listed(keys.unexpected_keys);
  problems += misfits;
  XGRAD_CHECK(problems.empty(), what, ":", problems);

  for (const auto& [to, from] : pairs_to_copy(own, state)) to.copy_(from);
  return keys;
}

IncompatibleKeys Module::load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict) {
  return copy_state("load_state_dict: the state does not fit " + name(), this->state(), state, strict);
}

}  // namespace xgrad::nn
