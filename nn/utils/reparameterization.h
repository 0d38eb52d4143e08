// A parameter that is computed from others before each forward: what weight_norm and spectral_norm have in
// common. Private to the library.
#pragma once

#include <string>

#include <xgrad/nn/module_hooks.h>

namespace xgrad::nn::detail {

/// Takes the parameter `name` of a module apart into others, and before each forward lets its tensor become
/// what is computed from these: the members of the module that hold it need not know.
class Reparameterization : public std::enable_shared_from_this<Reparameterization> {
 public:
  Reparameterization(const char* op, std::string name) : op_(op), name_(std::move(name)) {}
  virtual ~Reparameterization() = default;
  Reparameterization& operator=(const Reparameterization&) = delete;

  /// Takes the parameter apart. Throws when the module does not have it, or does this to it already.
  void apply(Module& module);
  /// Puts the parameter together again. Throws ValueError when `op` was not applied to it.
  static void remove(Module& module, const char* op, const std::string& name);
  /// What was applied to the module that `clone` is being made of is applied to it.
  static void apply_again(Module& clone);

 protected:
  Reparameterization(const Reparameterization&) = default;
  virtual std::shared_ptr<Reparameterization> copy() const = 0;
  /// Registers what stands for `weight`, and returns what this is until the first forward.
  virtual Tensor split(Module& module, const Tensor& weight) = 0;
  virtual Tensor compute(Module& module, bool training) = 0;
  /// Takes out what `split` has registered.
  virtual void unite(Module& module) = 0;
  /// What `split` has registered, by its suffix.
  Tensor part(const Module& module, const char* suffix) const;

  const char* const op_;
  const std::string name_;

 private:
  HookEntry entry();

  Tensor weight_;  // the very tensor that the members of the module hold
};

}  // namespace xgrad::nn::detail
