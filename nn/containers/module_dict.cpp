// ModuleDict: what needs no template.
#include <xgrad/nn/containers/module_dict.h>

namespace xgrad::nn {

std::shared_ptr<Module> ModuleDictImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<ModuleDictImpl>();
  for (const auto& item : items_) copy->insert(item.key(), item.value()->clone(device));
  copy->train(is_training());
  return copy;
}

std::vector<std::string> ModuleDictImpl::keys() const { return items_.keys(); }
std::vector<std::shared_ptr<Module>> ModuleDictImpl::values() const { return items_.values(); }
ModuleDictImpl::Pairs ModuleDictImpl::items() const { return items_.pairs(); }

void ModuleDictImpl::insert(const std::string& key, std::shared_ptr<Module> module) {
  if (contains(key)) {
    items_[key] = replace_module(key, std::move(module));
  } else {
    items_.insert(key, register_module(key, std::move(module)));
  }
}

std::shared_ptr<Module> ModuleDictImpl::pop(const std::string& key) {
  std::shared_ptr<Module> module = items_[key];
  unregister_module(key);
  items_.erase(key);
  return module;
}

void ModuleDictImpl::clear() {
  for (const std::string& key : keys()) pop(key);
}

XGRAD_DEFINE_LAYER(ModuleDict);

}  // namespace xgrad::nn
