// ModuleList: what needs no template.
#include <xgrad/nn/containers/module_list.h>

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
  if (index == modules_.size()) return push_back(std::move(module));
  XGRAD_CHECK(module, "ModuleList: insert of a null pointer");
  modules_.insert(modules_.begin() + static_cast<std::ptrdiff_t>(index), std::move(module));
  for (std::size_t i = index; i + 1 < modules_.size(); ++i) replace_module(std::to_string(i), modules_[i]);
  register_module(std::to_string(modules_.size() - 1), modules_.back());
}

std::shared_ptr<Module> ModuleListImpl::ptr(std::size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < modules_.size(), "ModuleList: index ", index,
                 " is out of range: it has ", modules_.size(), " modules");
  return modules_[index];
}

}  // namespace xgrad::nn
