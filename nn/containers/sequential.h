// Sequential: modules one after the other.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// A module with the name it is to have in a container: `{"fc1", Linear(3, 4)}`.
class NamedAnyModule {
 public:
  template <class M>
  NamedAnyModule(std::string name, M&& module) : name_(std::move(name)), module_(std::forward<M>(module)) {}
  NamedAnyModule(std::string name, AnyModule module) : name_(std::move(name)), module_(std::move(module)) {}
  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

/// Passes its input through its modules in their order. Modules without a name are called "0", "1", ...
class XGRAD_API SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl() = default;
  template <class Head, class... Tail,
            std::enable_if_t<!std::is_base_of<SequentialImpl, std::decay_t<Head>>::value, int> = 0>
  explicit SequentialImpl(Head&& head, Tail&&... tail) {
    push_back(std::forward<Head>(head));
    (push_back(std::forward<Tail>(tail)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
    for (auto& item : modules) push_back(item.key(), std::move(*item));
  }
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
    for (const NamedAnyModule& item : modules) push_back(item.name(), item.module());
  }

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void reset() override {}

  /// The last module's result; the arguments go to the first module.
  template <class R = Tensor, class... A>
  R forward(A&&... inputs) {
    XGRAD_CHECK(!is_empty(), "Sequential: forward needs at least one module");
    AnyValue value = modules_[0].any_forward(std::forward<A>(inputs)...);
    for (std::size_t i = 1; i < modules_.size(); ++i) value = modules_[i].any_forward(std::move(value));
    return value.get<R>();
  }

  /// Adds a module at the end: a holder, a shared_ptr, a module by value, or an AnyModule.
  template <class M, std::enable_if_t<!std::is_same<std::decay_t<M>, NamedAnyModule>::value, int> = 0>
  void push_back(M&& module) {
    push_back(std::to_string(modules_.size()), std::forward<M>(module));
  }
  template <class M>
  void push_back(std::string name, M&& module) {
    add(std::move(name), AnyModule(std::forward<M>(module)));
  }
  void push_back(const NamedAnyModule& module) { add(module.name(), module.module()); }
  /// Adds all modules of another container.
  template <class Container>
  void extend(const Container& container) {
    const std::vector<AnyModule> added(container.begin(), container.end());  // it may be this one
    for (const AnyModule& module : added) push_back(module);
  }

  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  /// The module at a position as an M.
  template <class M>
  auto& at(std::size_t index) const {
    return *any_at(index).template ptr<M>();
  }
  std::shared_ptr<Module> ptr(std::size_t index) const { return any_at(index).ptr(); }
  template <class M>
  auto ptr(std::size_t index) const {
    return any_at(index).template ptr<M>();
  }
  std::shared_ptr<Module> operator[](std::size_t index) const { return ptr(index); }

 private:
  void add(std::string name, AnyModule module);
  const AnyModule& any_at(std::size_t index) const;

  std::vector<AnyModule> modules_;
};

extern template class Cloneable<SequentialImpl>;

/// Holds a SequentialImpl: `Sequential(Linear(3, 4), ReLU())`, or `Sequential({{"fc1", Linear(3, 4)}, {"act",
/// ReLU()}})`.
class XGRAD_API Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using Impl = SequentialImpl;
  using ModuleHolder<SequentialImpl>::ModuleHolder;

  Sequential() = default;
  Sequential(std::initializer_list<NamedAnyModule> modules);
};

}  // namespace xgrad::nn
