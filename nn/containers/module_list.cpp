// ModuleList: what needs no template.
#include <xgrad/nn/containers/module_list.h>

#include <algorithm>

namespace xgrad::nn {

std::shared_ptr<Module> ModuleListImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& module : modules_) copy->push_back(module->clone(device));
  copy->train(is_training());
  return copy;
}

void ModuleListImpl::push_back(std::shared_ptr<Module> module) {
  modules_.push_back(register_module(std::to_string(modules_.size()), std::move(module)));
}

void ModuleListImpl::insert(std::size_t index, std::shared_ptr<Module> module) {
  XGRAD_CHECK_AS(IndexError, index <= modules_.size(), "ModuleList: index ", index,
                 " is out of range: it has ", modules_.size(), " modules");
  push_back(std::move(module));
  std::rotate(modules_.begin() + static_cast<std::ptrdiff_t>(index), modules_.end() - 1, modules_.end());
  for (std::size_t i = index; i < modules_.size(); ++i) replace_module(std::to_string(i), modules_[i]);
}

std::shared_ptr<Module> ModuleListImpl::ptr(std::size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < modules_.size(), "ModuleList: index ", index,
                 " is out of range: it has ", modules_.size(), " modules");
  return modules_[index];
}

XGRAD_DEFINE_LAYER(ModuleList);

}  // namespace xgrad::nn
