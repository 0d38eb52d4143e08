// Sequential: what needs no template.
#include <xgrad/nn/containers/functional.h>
#include <xgrad/nn/containers/sequential.h>

namespace xgrad::nn {

std::shared_ptr<Module> SequentialImpl::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  const auto children = named_children();
  for (std::size_t i = 0; i < modules_.size(); ++i)
    copy->push_back(children[i].key(), modules_[i].clone(device));
  copy->train(is_training());
  return copy;
}

void SequentialImpl::add(std::string name, AnyModule module) {
  register_module(std::move(name), module.ptr());
  modules_.push_back(std::move(module));
}

const AnyModule& SequentialImpl::any_at(std::size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < modules_.size(), "Sequential: index ", index,
                 " is out of range: it has ", modules_.size(), " modules");
  return modules_[index];
}

Sequential::Sequential(std::initializer_list<NamedAnyModule> modules)
    : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}

template class Cloneable<SequentialImpl>;
XGRAD_DEFINE_LAYER(Functional);

}  // namespace xgrad::nn
