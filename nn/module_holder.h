// ModuleHolder: a shared module that is used like a value, and the macro that makes one.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <xgrad/core/types/error.h>

namespace xgrad::nn {

template <class M, class... A>
decltype(auto) call(M& module, A&&... inputs);  // in module.h

namespace detail {
struct ModuleHolderBase {};
template <class T>
inline constexpr bool is_module_holder = std::is_base_of<ModuleHolderBase, std::decay_t<T>>::value;
}  // namespace detail

/// Shares a `Contained` module. Constructed from the arguments of Contained's constructor, from a shared_ptr,
/// or from nullptr for none yet. Copies share the module; `holder->clone()` copies it.
template <class Contained>
class ModuleHolder : detail::ModuleHolderBase {
 public:
  using ContainedType = Contained;
  using Impl = Contained;

  ModuleHolder() : impl_(std::make_shared<Contained>()) {}
  ModuleHolder(std::nullptr_t) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {}
  template <class Head, class... Tail,
            std::enable_if_t<!(sizeof...(Tail) == 0 &&
                               (std::is_base_of<ModuleHolder, std::decay_t<Head>>::value ||
                                std::is_convertible<Head, std::shared_ptr<Contained>>::value)),
                             int> = 0>
  explicit ModuleHolder(Head&& head, Tail&&... tail)
      : impl_(std::make_shared<Contained>(std::forward<Head>(head), std::forward<Tail>(tail)...)) {}

  explicit operator bool() const noexcept { return !is_empty(); }
  bool is_empty() const noexcept { return impl_ == nullptr; }
  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  /// The module. Throws Error when the holder is empty.
  Contained* get() {
    check();
    return impl_.get();
  }
  const Contained* get() const {
    check();
    return impl_.get();
  }
  const std::shared_ptr<Contained>& ptr() const {
    check();
    return impl_;
  }

  /// Calls `forward`, and the module's hooks around it.
  template <class... A>
  decltype(auto) operator()(A&&... a) {
    return nn::call(*get(), std::forward<A>(a)...);
  }
  template <class I>
  decltype(auto) operator[](I&& index) {
    return (*get())[std::forward<I>(index)];
  }

 private:
  void check() const {
    XGRAD_CHECK(impl_, "ModuleHolder: it is empty, for it was made from nullptr; assign a module first");
  }

  std::shared_ptr<Contained> impl_;
};

}  // namespace xgrad::nn

/// Declares `Name`, the holder of `ImplType`.
#define XGRAD_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::xgrad::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::xgrad::nn::ModuleHolder<ImplType>::ModuleHolder; \
  }

/// Declares `Name`, the holder of `NameImpl`.
#define XGRAD_MODULE(Name) XGRAD_MODULE_IMPL(Name, Name##Impl)
