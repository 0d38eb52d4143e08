// ModuleList: modules by position, without a forward of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// A list of modules, registered as "0", "1", ...; what they compute together is written by the module that
/// has it.
class XGRAD_API ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl() = default;
  template <class Head, class... Tail,
            std::enable_if_t<!std::is_base_of<ModuleListImpl, std::decay_t<Head>>::value, int> = 0>
  explicit ModuleListImpl(Head&& head, Tail&&... tail) {
    push_back(std::forward<Head>(head));
    (push_back(std::forward<Tail>(tail)), ...);
  }

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void reset() override {}

  void push_back(std::shared_ptr<Module> module);
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(std::shared_ptr<Module>(holder.ptr()));
  }
  template <class M, std::enable_if_t<std::is_base_of<Module, std::decay_t<M>>::value, int> = 0>
  void push_back(M&& module) {
    push_back(std::shared_ptr<Module>(std::make_shared<std::decay_t<M>>(std::forward<M>(module))));
  }
  /// Adds all modules of another container.
  template <class Container>
  void extend(const Container& container) {
    const std::vector<std::shared_ptr<Module>> added(container.begin(),
                                                     container.end());  // it may be this one
    for (const auto& module : added) push_back(module);
  }
  /// Puts a module before the one at `index`.
  void insert(std::size_t index, std::shared_ptr<Module> module);
  template <class M>
  void insert(std::size_t index, const ModuleHolder<M>& holder) {
    insert(index, std::shared_ptr<Module>(holder.ptr()));
  }

  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::shared_ptr<Module> ptr(std::size_t index) const;
  std::shared_ptr<Module> operator[](std::size_t index) const { return ptr(index); }
  /// The module at a position as an M. Throws TypeError when it is something else.
  template <class M>
  M& at(std::size_t index) const {
    M* module = ptr(index)->template as<M>();
    XGRAD_CHECK_AS(TypeError, module, "ModuleList: the module at ", index, " is a ", ptr(index)->name());
    return *module;
  }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};
XGRAD_LAYER(ModuleList);

}  // namespace xgrad::nn
