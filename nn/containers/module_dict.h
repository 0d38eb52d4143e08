// ModuleDict: modules by name, without a forward of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// Modules by name, in the order in which they came; what they compute together is written by the module that
/// has it.
class XGRAD_API ModuleDictImpl : public Cloneable<ModuleDictImpl> {
 public:
  using Items = OrderedDict<std::string, std::shared_ptr<Module>>;
  using Pairs = std::vector<std::pair<std::string, std::shared_ptr<Module>>>;

  ModuleDictImpl() = default;
  explicit ModuleDictImpl(const Pairs& modules) { update(modules); }
  explicit ModuleDictImpl(const Items& modules) { update(modules); }

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void reset() override {}

  std::vector<std::string> keys() const;
  std::vector<std::shared_ptr<Module>> values() const;
  Pairs items() const;
  std::size_t size() const noexcept { return items_.size(); }
  bool empty() const noexcept { return items_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return items_.contains(key); }
  Items::Iterator begin() { return items_.begin(); }
  Items::ConstIterator begin() const { return items_.begin(); }
  Items::Iterator end() { return items_.end(); }
  Items::ConstIterator end() const { return items_.end(); }

  /// Adds a module, or puts it in the place of the one of that name.
  void insert(const std::string& key, std::shared_ptr<Module> module);
  template <class M>
  void insert(const std::string& key, const ModuleHolder<M>& holder) {
    insert(key, std::shared_ptr<Module>(holder.ptr()));
  }
  void update(const Pairs& modules) {
    for (const auto& [key, module] : modules) insert(key, module);
  }
  /// Of an OrderedDict or a ModuleDict. (A template, so that `{{"a", module}}` is Pairs.)
  template <class Container>
  void update(const Container& modules) {
    for (const auto& item : modules) insert(item.key(), item.value());
  }
  /// Takes a module out and returns it. Throws Error when there is none of that name.
  std::shared_ptr<Module> pop(const std::string& key);
  void clear();

  std::shared_ptr<Module> operator[](const std::string& key) const { return items_[key]; }
  /// The module of a name as an M. Throws TypeError when it is something else.
  template <class M>
  M& at(const std::string& key) const {
    M* module = items_[key]->template as<M>();
    XGRAD_CHECK_AS(TypeError, module, "ModuleDict: the module '", key, "' is a ", items_[key]->name());
    return *module;
  }

 private:
  Items items_{"Module"};
};
XGRAD_LAYER(ModuleDict);

}  // namespace xgrad::nn
