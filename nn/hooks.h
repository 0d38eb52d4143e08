// Hooks of modules: what runs before and after a module's forward and backward, how it is taken out again,
// and the call of a module that has some. `module.h` has the functions that register them.
#pragma once

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::nn {

class Module;

namespace detail {

enum class HookKind : uint8_t { forward_pre, forward, backward_pre, backward };
/// What takes the place of the tensors that the hook was given, or nothing.
using HookResult = optional<std::vector<Tensor>>;
using Hook = std::function<HookResult(Module&, const std::vector<Tensor>&, const std::vector<Tensor>&)>;
struct ModuleHooks;
class BackwardHook;
class Reparameterization;

/// The result of a hook that returns nothing, a tensor, or a list of tensors, which may be optional.
template <class F, class... A>
HookResult hook_result(F& hook, A&... arguments) {
  using R = std::decay_t<decltype(hook(arguments...))>;
  if constexpr (std::is_void<R>::value) {
    hook(arguments...);
    return nullopt;
  } else if constexpr (std::is_base_of<Tensor, R>::value) {
    Tensor one = hook(arguments...);
    return one.defined() ? HookResult({std::move(one)}) : nullopt;
  } else {
    return hook(arguments...);
  }
}

}  // namespace detail

/// Takes one hook out of its module. It may outlive both.
class XGRAD_API RemovableHandle {
 public:
  RemovableHandle() = default;
  RemovableHandle(std::weak_ptr<detail::ModuleHooks> hooks, unsigned number)
      : hooks_(std::move(hooks)), number_(number) {}
  /// The hook does not run again; a call in which it is to run still runs it. A second time does nothing.
  void remove();

 private:
  std::weak_ptr<detail::ModuleHooks> hooks_;
  unsigned number_ = 0;
};

namespace detail {

/// One call of a module with hooks: first `add` for each tensor that goes in and `before`, then `add` for
/// each that came out and `after`. Both write through the tensors added. If there is no `after`, something
/// has thrown.
class XGRAD_API HookedCall {
 public:
  explicit HookedCall(Module& module);
  HookedCall(const HookedCall&) = delete;
  HookedCall& operator=(const HookedCall&) = delete;
  ~HookedCall();
  void add(Tensor& tensor) { tensors_.push_back(&tensor); }
  void before();
  void after();

 private:
  bool run(HookKind kind, std::vector<Tensor>& values);
  void run_always_called() noexcept;
  std::vector<Tensor> values() const;
  void write(const std::vector<Tensor>& values) const;

  Module& module_;
  const std::shared_ptr<ModuleHooks> hooks_;
  std::vector<Tensor*> tensors_;
  std::vector<Tensor> inputs_;
  std::shared_ptr<BackwardHook> backward_;
  std::vector<unsigned> called_;  // of those that are always called
  bool finished_ = false;
};

/// The tensors that hooks see of an argument or result: itself, or those in an optional, pair, tuple or
/// vector.
template <class T>
struct TensorsIn {
  static constexpr bool any = false;
};
template <class T>
void add_tensors(T& value, HookedCall& call) {
  if constexpr (TensorsIn<std::decay_t<T>>::any) TensorsIn<std::decay_t<T>>::add(value, call);
}
template <>
struct TensorsIn<Tensor> {
  static constexpr bool any = true;
  static void add(Tensor& tensor, HookedCall& call) { call.add(tensor); }
};
template <class T>
struct TensorsIn<optional<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void add(optional<T>& value, HookedCall& call) {
    if (value) add_tensors(*value, call);
  }
};
template <class T>
struct TensorsIn<std::vector<T>> {
  static constexpr bool any = TensorsIn<T>::any;
  static void add(std::vector<T>& values, HookedCall& call) {
    for (T& value : values) add_tensors(value, call);
  }
};
template <class... T>
struct TensorsIn<std::tuple<T...>> {
  static constexpr bool any = (false || ... || TensorsIn<T>::any);
  static void add(std::tuple<T...>& values, HookedCall& call) {
    std::apply([&](T&... value) { (add_tensors(value, call), ...); }, values);
  }
};
template <class A, class B>
struct TensorsIn<std::pair<A, B>> {
  static constexpr bool any = TensorsIn<A>::any || TensorsIn<B>::any;
  static void add(std::pair<A, B>& values, HookedCall& call) {
    add_tensors(values.first, call);
    add_tensors(values.second, call);
  }
};

/// An argument as it waits for the hooks: a copy where they may replace something in it.
template <class A>
using Held = std::conditional_t<TensorsIn<std::decay_t<A>>::any, std::decay_t<A>, A&&>;

template <class R, class M, class... A>
R call_hooked(M& module, Held<A>... held) {
  HookedCall call(module);
  (add_tensors(held, call), ...);
  call.before();
  if constexpr (std::is_void<R>::value) {
    module.forward(static_cast<A&&>(held)...);
    call.after();
  } else if constexpr (std::is_reference<R>::value) {
    R result = module.forward(static_cast<A&&>(held)...);
    std::decay_t<R> seen = result;  // what it refers to is somebody's: hooks see it and replace nothing
    add_tensors(seen, call);
    call.after();
    return static_cast<R>(result);
  } else {
    std::decay_t<R> result = module.forward(static_cast<A&&>(held)...);
    add_tensors(result, call);
    call.after();
    return result;
  }
}

}  // namespace detail
}  // namespace xgrad::nn
