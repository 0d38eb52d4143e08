// Module: what all layers and models are. Only what every module has; layers stand in layers/, containers in
// containers/.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/ordered_dict.h>
#include <xgrad/nn/hooks.h>
#include <xgrad/nn/module_holder.h>

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::nn {

/// What `load_state_dict` without `strict` left out.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};

/// Base of layers and models: a tree of named modules with named parameters (which learn) and buffers (which
/// do not).
///
/// Subclass it, register parameters and submodules in the constructor, and write `forward`. A module can be a
/// plain value, be shared (`std::make_shared`), or have a holder (XGRAD_MODULE). A copy of a module shares
/// its tensors and its shared submodules; `clone` makes an independent one. A module with submodules that are
/// members by value cannot be copied or moved, since they would be left behind: it throws Error then.
class XGRAD_API Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction =
      std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  Module() = default;
  /// With the name to print; otherwise it is that of the class, without `Impl`.
  explicit Module(std::string name) : name_(std::move(name)) {}
  Module(const Module& other);
  Module& operator=(const Module& other);
  virtual ~Module() = default;

  /// The name of the class: "Linear".
  std::string name() const;

  // ---- what it consists of
  /// Makes `tensor` a parameter and returns it; an undefined tensor reserves the name.
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  /// Makes `tensor` part of what is converted and, when `persistent`, saved, but not of what is learned.
  Tensor& register_buffer(std::string name, Tensor tensor, bool persistent = true);
  /// Makes `module` a submodule and returns it. Throws Error when it is this module or contains it.
  template <class M>
  std::shared_ptr<M> register_module(std::string name, std::shared_ptr<M> module) {
    add_child(std::move(name), module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(std::string name, ModuleHolder<M> holder) {
    return register_module(std::move(name), holder.ptr());
  }
  /// Makes a member that is held by value a submodule. It must live as long as this module.
  template <class M, std::enable_if_t<std::is_base_of<Module, M>::value, int> = 0>
  M& register_module(std::string name, M& member) {
    add_child(std::move(name), std::shared_ptr<Module>(std::shared_ptr<Module>(), &member));
    return member;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    replace_child(name, module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, ModuleHolder<M> holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name);
  /// Takes a parameter out and returns it; what else holds the tensor keeps it.
  Tensor unregister_parameter(const std::string& name);
  /// The same for a buffer.
  Tensor unregister_buffer(const std::string& name);

  /// All parameters, each once, in the order of registration, those of this module before those of its
  /// submodules.
  std::vector<Tensor> parameters(bool recurse = true) const;
  /// The same with their names: "fc1.weight". One that has several names comes under its first, or under all
  /// without `remove_duplicate`.
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true, bool remove_duplicate = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true, bool remove_duplicate = true) const;
  /// This module and all below it, each once. One that is held by value is not kept alive by its pointer.
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(
      const std::string& name_prefix = std::string(), bool include_self = true,
      bool remove_duplicate = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  /// Calls a function for this module and then for all below it.
  void apply(const ModuleApplyFunction& function);
  void apply(const ConstModuleApplyFunction& function) const;
  void apply(const NamedModuleApplyFunction& function, const std::string& name_prefix = std::string());
  void apply(const ConstNamedModuleApplyFunction& function,
             const std::string& name_prefix = std::string()) const;
  void apply(const ModulePointerApplyFunction& function) const;
  void apply(const NamedModulePointerApplyFunction& function,
             const std::string& name_prefix = std::string()) const;

  // ---- modes and gradients
  /// Training or evaluation, for this module and all below it; layers such as Dropout behave differently.
  virtual void train(bool on = true);
  void eval() { train(false); }
  virtual bool is_training() const noexcept { return is_training_; }
  /// Drops all gradients, or fills them with zeros.
  virtual void zero_grad(bool set_to_none = true);
  /// Turns the recording of gradients for all parameters on or off.
  void requires_grad_(bool on = true);

  /// Whether `save` can write it, so that a program may ask before: every module of xgrad can be written.
  virtual bool is_serializable() const { return true; }

  // ---- conversion and state
  /// Converts the floating-point parameters, their gradients and the floating-point buffers, in place.
  virtual void to(Device device, ScalarType dtype, bool non_blocking = false);
  virtual void to(ScalarType dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);
  /// An independent copy. Throws Error unless the module derives from Cloneable.
  virtual std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const;
  /// All parameters and persistent buffers by name, in Python's order, a shared one under each of its names.
  /// The tensors share memory with the module, without history.
  OrderedDict<std::string, Tensor> state_dict() const;
  /// Copies values by name into the parameters and buffers; of a shared one the last name counts. One Error
  /// lists all that does not fit: wrong shapes, what cannot be written, and, when `strict`, missing and
  /// unexpected names; nothing has been written then.
  IncompatibleKeys load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict = true);
  /// The same into and from an archive (`<xgrad/io/archive.h>`); a class that keeps more overrides both and
  /// calls these. Values are written when all of the outermost module is known to fit.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

  // ---- hooks
  // They run when the module is called, by `Linear fc(3, 4); fc(x)`, by a container, or by `nn::call(module,
  // x)`; `forward` alone calls none. A hook sees the tensors that go in and come out, also those inside an
  // optional, pair, tuple or vector, one after the other. It returns nothing, or what takes their place: as
  // many tensors, or a tensor where there is one. They run in the order of registration, `prepend` before all
  // so far; what a hook registers or removes counts from the next call on. A hook belongs to the copies of a
  // module too, the handle to this one alone.

  /// hook(module, inputs), before forward: may replace the inputs.
  template <class F>
  RemovableHandle register_forward_pre_hook(F hook, bool prepend = false) {
    return add_hook(detail::HookKind::forward_pre, with_one_list(std::move(hook)), prepend);
  }
  /// hook(module, inputs, outputs), after forward: may replace the outputs. With `always_call` also when
  /// something has thrown, with the outputs there are; what it throws itself is a warning then.
  template <class F>
  RemovableHandle register_forward_hook(F hook, bool prepend = false, bool always_call = false) {
    return add_hook(detail::HookKind::forward, with_two_lists(std::move(hook)), prepend, always_call);
  }
  /// hook(module, grad_outputs), in backward, before the gradients reach the module: may replace them.
  template <class F>
  RemovableHandle register_full_backward_pre_hook(F hook, bool prepend = false) {
    return add_hook(detail::HookKind::backward_pre, with_one_list(std::move(hook)), prepend);
  }
  /// hook(module, grad_inputs, grad_outputs), when the gradients of the inputs are there: may replace these.
  /// When no input requires one, it runs with undefined ones, before the gradients reach the module.
  template <class F>
  RemovableHandle register_full_backward_hook(F hook, bool prepend = false) {
    return add_hook(detail::HookKind::backward, with_two_lists(std::move(hook)), prepend);
  }
  bool has_hooks() const noexcept { return hooks_ != nullptr; }

  // ---- printing
  /// Prints as Python does: the name, `extra_repr`, and the submodules indented below each other.
  virtual void pretty_print(std::ostream& stream) const;
  /// What stands between the parentheses: `in_features=3, out_features=4, bias=True`.
  virtual std::string extra_repr() const { return {}; }

  /// This as a module of another class, or null.
  template <class M, std::enable_if_t<!detail::is_module_holder<M>, int> = 0>
  M* as() noexcept {
    return dynamic_cast<M*>(this);
  }
  template <class M, std::enable_if_t<!detail::is_module_holder<M>, int> = 0>
  const M* as() const noexcept {
    return dynamic_cast<const M*>(this);
  }
  template <class H, std::enable_if_t<detail::is_module_holder<H>, int> = 0>
  typename H::ContainedType* as() noexcept {
    return dynamic_cast<typename H::ContainedType*>(this);
  }
  template <class H, std::enable_if_t<detail::is_module_holder<H>, int> = 0>
  const typename H::ContainedType* as() const noexcept {
    return dynamic_cast<const typename H::ContainedType*>(this);
  }

 protected:
  OrderedDict<std::string, Tensor> parameters_{"Parameter"};

 private:
  template <class Derived>
  friend class Cloneable;
  friend class detail::HookedCall;
  friend class detail::Reparameterization;

  template <class F>
  static detail::Hook with_one_list(F hook) {
    return [hook = std::move(hook)](Module& module, const std::vector<Tensor>& list,
                                    const std::vector<Tensor>&) mutable {
      return detail::hook_result(hook, module, list);
    };
  }
  template <class F>
  static detail::Hook with_two_lists(F hook) {
    return [hook = std::move(hook)](Module& module, const std::vector<Tensor>& first,
                                    const std::vector<Tensor>& second) mutable {
      return detail::hook_result(hook, module, first, second);
    };
  }
  RemovableHandle add_hook(detail::HookKind kind, detail::Hook hook, bool prepend, bool always_call = false);
  void add_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  void check_new_name(const char* what, const std::string& name) const;
  void check_child(const char* what, const std::string& name, const std::shared_ptr<Module>& module) const;
  OrderedDict<std::string, Tensor> state() const;
  /// Takes over the values of `other`, an instance of the same class.
  virtual void clone_(Module& other, const optional<Device>& device);
  void copy_state_of(const Module& other, const optional<Device>& device);
  std::shared_ptr<Module> self_pointer() const;
  void convert(const TensorOptions& options);

  OrderedDict<std::string, Tensor> buffers_{"Buffer"};
  OrderedDict<std::string, std::shared_ptr<Module>> children_{"Submodule"};
  std::set<std::string> not_persistent_;        // names of buffers
  std::shared_ptr<detail::ModuleHooks> hooks_;  // null until the first is registered
  std::string name_;                            // empty: that of the class
  bool is_training_ = true;
  bool is_child_ = false;  // was ever made a submodule: only then can a new submodule contain it
};

/// Calls `forward` of a module, and its hooks around it: what `module(inputs...)` is in Python.
template <class M, class... A>
decltype(auto) call(M& module, A&&... inputs) {
  using R = decltype(module.forward(std::forward<A>(inputs)...));
  if constexpr (std::is_base_of<Module, M>::value)
    if (__builtin_expect(module.has_hooks(), 0))
      return detail::call_hooked<R, M, A...>(module, std::forward<A>(inputs)...);
  return module.forward(std::forward<A>(inputs)...);
}

/// Prints as Python's `print(module)`.
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Module& module);
template <class Contained>
std::ostream& operator<<(std::ostream& stream, const ModuleHolder<Contained>& holder) {
  return stream << static_cast<const Module&>(*holder);
}

}  // namespace xgrad::nn
