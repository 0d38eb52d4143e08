// AnyModule: a module of any class with any `forward`, as containers keep it.
#pragma once

#include <any>
#include <memory>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <xgrad/nn/module.h>

namespace xgrad::nn {

namespace detail {
/// The name of a type as one writes it.
XGRAD_API std::string type_name(const std::type_info& type);
}  // namespace detail

/// A value of any type, as it passes between modules whose types are not known.
class AnyValue {
 public:
  AnyValue() = default;
  template <class T, std::enable_if_t<!std::is_same<std::decay_t<T>, AnyValue>::value, int> = 0>
  explicit AnyValue(T&& value) : value_(std::forward<T>(value)) {}

  /// The value if it is a T, or null.
  template <class T>
  T* try_get() {
    return std::any_cast<T>(&value_);
  }
  /// The value. Throws TypeError when it is of another type.
  template <class T>
  T get() {
    T* value = try_get<T>();
    XGRAD_CHECK_AS(TypeError, value, "AnyValue: it holds ", detail::type_name(type_info()), ", not ",
                   detail::type_name(typeid(T)));
    return *value;
  }
  const std::type_info& type_info() const noexcept { return value_.type(); }

 private:
  std::any value_;
};

namespace detail {

/// TypeError: the module does not take arguments of these types.
[[noreturn]] XGRAD_API void refuse(const Module& module, const AnyValue* values, std::size_t count);

template <class>
struct SignatureOf;
#define XGRAD_SIGNATURE_OF(qualifiers)                \
  template <class R, class M, class... A>             \
  struct SignatureOf<R (M::*)(A...) qualifiers> {     \
    using Result = std::decay_t<R>;                   \
    using Arguments = std::tuple<std::decay_t<A>...>; \
  };
XGRAD_SIGNATURE_OF()
XGRAD_SIGNATURE_OF(const)
XGRAD_SIGNATURE_OF(noexcept)
XGRAD_SIGNATURE_OF(const noexcept)
#undef XGRAD_SIGNATURE_OF

template <class M, class = void>
struct ForwardSignature {
  static constexpr bool known = false;  // overloaded, a template, or none
};
template <class M>
struct ForwardSignature<M, std::void_t<decltype(&M::forward)>> : SignatureOf<decltype(&M::forward)> {
  static constexpr bool known = true;
};

template <class M, class Indices, class = void>
struct TakesTensors : std::false_type {};
template <class M, std::size_t... I>
struct TakesTensors<M, std::index_sequence<I...>,
                    std::void_t<decltype(std::declval<M&>().forward((void(I), std::declval<Tensor&>())...))>>
    : std::true_type {};

template <class R, class F>
AnyValue any_result(F&& call) {
  static_assert(!std::is_void<R>::value, "forward of a module in a container must return a value");
  return AnyValue(static_cast<R>(call()));
}

// forward of M over n type-erased arguments: with tensors alone default arguments and overloads of forward
// count, otherwise its exact signature. False when the arguments do not fit.
template <class M, std::size_t... I>
bool call_with_tensors(M& module, AnyValue* values, AnyValue& result, std::index_sequence<I...> indices) {
  if constexpr (TakesTensors<M, decltype(indices)>::value) {
    Tensor* tensors[sizeof...(I) + 1] = {values[I].template try_get<Tensor>()..., nullptr};
    for (std::size_t i = 0; i < sizeof...(I); ++i)
      if (!tensors[i]) return false;
    using R = std::decay_t<decltype(module.forward(*tensors[I]...))>;
    result = any_result<R>([&] { return nn::call(module, *tensors[I]...); });
    return true;
  } else {
    (void)module, (void)values, (void)result;
    return false;
  }
}

template <class M, std::size_t... I>
bool call_exactly(M& module, AnyValue* values, AnyValue& result, std::index_sequence<I...>) {
  using Arguments = typename ForwardSignature<M>::Arguments;
  [[maybe_unused]] const std::tuple<std::tuple_element_t<I, Arguments>*...> found{
      values[I].template try_get<std::tuple_element_t<I, Arguments>>()...};
  if (!(true && ... && (std::get<I>(found) != nullptr))) return false;
  result = any_result<typename ForwardSignature<M>::Result>(
      [&] { return nn::call(module, *std::get<I>(found)...); });
  return true;
}

template <class M>
bool call_forward(Module& base, AnyValue* values, std::size_t count, AnyValue& result) {
  M& module = static_cast<M&>(base);
  switch (count) {
    case 1:
      if (call_with_tensors(module, values, result, std::make_index_sequence<1>())) return true;
      break;
    case 2:
      if (call_with_tensors(module, values, result, std::make_index_sequence<2>())) return true;
      break;
    case 3:
      if (call_with_tensors(module, values, result, std::make_index_sequence<3>())) return true;
      break;
    case 4:
      if (call_with_tensors(module, values, result, std::make_index_sequence<4>())) return true;
      break;
    default:
      break;
  }
  if constexpr (ForwardSignature<M>::known) {
    constexpr std::size_t n = std::tuple_size<typename ForwardSignature<M>::Arguments>::value;
    return n == count && call_exactly(module, values, result, std::make_index_sequence<n>());
  } else {
    return false;
  }
}

}  // namespace detail

/// Holds a module of any class; its `forward` may take any number of arguments of any types.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M, std::enable_if_t<std::is_base_of<Module, M>::value, int> = 0>
  explicit AnyModule(std::shared_ptr<M> module)
      : module_(std::move(module)), type_(&typeid(M)), forward_(&detail::call_forward<M>) {}
  template <class M, std::enable_if_t<std::is_base_of<Module, std::decay_t<M>>::value, int> = 0>
  explicit AnyModule(M&& module) : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}

  bool is_empty() const noexcept { return module_ == nullptr; }
  const std::type_info& type_info() const {
    check();
    return *type_;
  }
  const std::shared_ptr<Module>& ptr() const {
    check();
    return module_;
  }
  /// The module as an M (or as what the holder M holds). Throws TypeError when it is something else.
  template <class M>
  auto ptr() const {
    using Contained = typename ContainedOf<M>::type;
    auto module = std::dynamic_pointer_cast<Contained>(ptr());
    XGRAD_CHECK_AS(TypeError, module, "AnyModule: it holds a ", module_->name(), ", not a ",
                   detail::type_name(typeid(Contained)));
    return module;
  }
  /// That module, or a holder of it where M is a holder.
  template <class M>
  decltype(auto) get() const {
    if constexpr (std::is_base_of<Module, M>::value)
      return (*ptr<M>());
    else
      return M(ptr<M>());
  }
  /// A copy of the holder around a clone of the module.
  AnyModule clone(const optional<Device>& device = nullopt) const {
    AnyModule copy = *this;
    if (module_) copy.module_ = module_->clone(device);
    return copy;
  }

  /// Calls forward of the module, and its hooks. Throws TypeError when these arguments do not fit it.
  template <class... A>
  AnyValue any_forward(A&&... arguments) {
    // One more, for an array without elements is none.
    AnyValue values[sizeof...(A) + 1] = {to_value(std::forward<A>(arguments))...};
    return any_forward_array(values, sizeof...(A));
  }
  template <class R = Tensor, class... A>
  R forward(A&&... arguments) {
    return any_forward(std::forward<A>(arguments)...).template get<R>();
  }

 private:
  template <class M, class = void>
  struct ContainedOf {
    using type = M;
  };
  template <class M>
  struct ContainedOf<M, std::void_t<typename M::ContainedType>> {
    using type = typename M::ContainedType;
  };
  template <class A>
  static AnyValue to_value(A&& argument) {
    if constexpr (std::is_same<std::decay_t<A>, AnyValue>::value)
      return std::forward<A>(argument);
    else
      return AnyValue(std::forward<A>(argument));
  }
  AnyValue any_forward_array(AnyValue* values, std::size_t count) {
    check();
    AnyValue result;
    if (!forward_(*module_, values, count, result)) detail::refuse(*module_, values, count);
    return result;
  }
  void check() const { XGRAD_CHECK(module_, "AnyModule: it is empty"); }

  std::shared_ptr<Module> module_;
  const std::type_info* type_ = nullptr;
  bool (*forward_)(Module&, AnyValue*, std::size_t, AnyValue&) = nullptr;
};

}  // namespace xgrad::nn
