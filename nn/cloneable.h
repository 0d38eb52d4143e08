// Cloneable: how a module states that it can be copied.
#pragma once

#include <memory>

#include <xgrad/nn/module.h>
#include <xgrad/nn/module_holder.h>

namespace xgrad::nn {

/// Base of modules that `clone` can copy: `struct NetImpl : Cloneable<NetImpl>`. `reset` registers all
/// parameters, buffers and submodules anew, with fresh values; the constructor calls it too.
template <class Derived>
class XGRAD_API Cloneable : public Module {
 public:
  using Module::Module;

  virtual void reset() = 0;

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;

 private:
  void clone_(Module& other, const optional<Device>& device) final;
};

// Not inline: what is inline is made in every program, whatever `extern template` says.

template <class Derived>
std::shared_ptr<Module> Cloneable<Derived>::clone(const optional<Device>& device) const {
  auto copy = std::make_shared<Derived>(static_cast<const Derived&>(*this));
  copy->parameters_.clear();
  copy->buffers_.clear();
  copy->children_.clear();
  copy->reset();
  static_cast<Module&>(*copy).copy_state_of(*this, device);
  return copy;
}

template <class Derived>
void Cloneable<Derived>::clone_(Module& other, const optional<Device>& device) {
  auto clone = std::dynamic_pointer_cast<Derived>(other.clone(device));
  XGRAD_CHECK(clone, "clone: the submodule of ", this->name(), " became a module of another class");
  static_cast<Derived&>(*this) = *clone;
}

}  // namespace xgrad::nn

/// XGRAD_MODULE for the layers of the library: the code of their base class is made once (XGRAD_DEFINE_LAYER)
/// and not in every program, and a program has no holder of a layer that it does not use.
#define XGRAD_LAYER(Name)                \
  using Name = ModuleHolder<Name##Impl>; \
  extern template class Cloneable<Name##Impl>
#define XGRAD_DEFINE_LAYER(Name) template class Cloneable<Name##Impl>
