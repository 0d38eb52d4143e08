// A stanza read as data: what the code that all ops share knows of one. Everything that depends on the
// formula itself is a function here, so that nodes, recording and forward mode are no templates. Private to
// the library.
#pragma once

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/elementwise/formula_list.h>
#include <xgrad/core/stanza/attributes.h>
#include <xgrad/core/stanza/registry.h>
#include <xgrad/core/stanza/symbol.h>
#include <xgrad/core/tape/node.h>
#include <xgrad/core/tape/saved.h>

namespace xgrad {

template <class F, class... T>
auto differentiable(const F& f, const T&... tensors);

namespace ops {

enum class DerivativeKind : uint8_t { none, passed, vanishes, computed };

/// A derivative as its saved list tells it. Slots are the inputs by position, then the outputs.
struct DerivativeInfo {
  DerivativeKind kind = DerivativeKind::none;
  bool states_tangent = false;
  int count = 0;
  const int* slots = nullptr;
  unsigned mask = 0;
};

/// Which inputs' gradients are wanted of a derivative of all.
class WantedInputs {
 public:
  explicit WantedInputs(const autograd::Edge* edges) : edges_(edges) {}
  explicit WantedInputs(std::size_t only) : only_(only) {}
  bool operator[](std::size_t input) const {
    return edges_ ? static_cast<bool>(edges_[input].function) : input == only_;
  }

 private:
  const autograd::Edge* edges_ = nullptr;
  std::size_t only_ = 0;
};

/// Where a derivative that is read over tensors finds what its saved list names.
class Values {
 public:
  virtual Tensor at(int slot) const = 0;

 protected:
  ~Values() = default;
};

/// Inputs and results of one op that a derivative can name.
inline constexpr int kMaxSlots = 26;

constexpr int count_bits(unsigned mask) {
  int n = 0;
  for (; mask != 0; mask &= mask - 1) ++n;
  return n;
}

struct Op {
  OpName name;
  int inputs;   // without the list
  bool list;    // a list follows them
  int results;  // those that have gradients; kMany: all
  bool pointwise, linear, joint;
  bool kinked;  // derivatives are constant between kinks; recorded, they depend on the input all the same
  unsigned optional;                  // inputs that may be absent
  unsigned differentiable;            // inputs that have a derivative
  const DerivativeInfo* derivatives;  // one per input; of a joint derivative, the only one
  unsigned formula_bytes;
  void (*copy)(void* to, const void* formula);
  void (*destroy)(void* formula);  // null where there is nothing to do

  /// Derivative `input` over tensors, or, with `transposed`, the transpose the stanza states.
  Tensor (*derivative)(const void* formula, int input, bool transposed, TensorList gradients, const Values&);
  /// A joint derivative; it writes the gradients that are wanted.
  void (*all)(const void* formula, const WantedInputs&, TensorList gradients, const Values&, Tensor* out);
  /// The op itself, recorded; for linear ones only.
  std::vector<Tensor> (*apply)(const void* formula, TensorList inputs);
  /// The numbers beside the tensors; null where there are none, or none are stated.
  void (*attributes)(const void* formula, Attributes&);
  /// Derivative `input` as an expression of the gradient and the slots; an empty name where it has none.
  Symbol (*text)(const void* formula, int input, const Symbol& gradient, const Symbol* slots);

  // Elementwise ops.
  Result result;
  bool exact_numbers;
  const kernels::RowSlots* row_slots;  // of each reading
  kernels::RowFn (*row)(int reading, ScalarType compute);

  const DerivativeInfo& derivative_of(int input) const { return derivatives[joint ? 0 : input]; }
  bool differentiates(int input) const { return input >= inputs || (differentiable >> input & 1) != 0; }

  /// The inputs whose gradients are wanted, without those of the list.
  unsigned wanting(const Argument* args) const {
    unsigned mask = 0;
    for (int i = 0; i < inputs; ++i) mask |= static_cast<unsigned>(args[i].requires_grad()) << i;
    return mask & differentiable;
  }
  /// The slots that their derivatives need.
  constexpr unsigned slots(unsigned wanting) const {
    if (joint) return derivatives->mask;
    unsigned mask = 0;
    for (const DerivativeInfo* d = derivatives; wanting != 0; ++d, wanting >>= 1)
      if ((wanting & 1) != 0) mask |= d->mask;
    return mask;
  }
};

/// What a formula says of itself, read while compiling.
namespace reflection {

using xgrad::detail::Derivative;
using xgrad::detail::Joint;
using xgrad::detail::TakesList;

/// The slots of a saved list.
template <int Arity, class W>
constexpr int slot() {
  return W::position >= 0 ? W::position : Arity - 1 - W::position;
}
template <class F, class List>
struct SavedSlots {
  static constexpr int count = 0;
  static constexpr std::array<int, 1> slots{};
  static constexpr unsigned mask = 0;
};
template <class F, class First, class... Rest>
struct SavedSlots<F, Saved<First, Rest...>> {
  static constexpr int count = 1 + sizeof...(Rest);
  static constexpr std::array<int, count> slots{slot<F::arity, First>(), slot<F::arity, Rest>()...};
  static constexpr unsigned mask =
      (1u << slot<F::arity, First>()) | (0u | ... | (1u << slot<F::arity, Rest>()));
};

template <class F, class List>
constexpr DerivativeInfo info_of(bool states_tangent) {
  using Slots = SavedSlots<F, List>;
  const DerivativeKind kind = std::is_same_v<List, Passed>     ? DerivativeKind::passed
                              : std::is_same_v<List, Vanishes> ? DerivativeKind::vanishes
                                                               : DerivativeKind::computed;
  return {kind, states_tangent, Slots::count, Slots::slots.data(), Slots::mask};
}

template <class F, int I>
constexpr DerivativeInfo info_of_input() {
  if constexpr (Derivative<F, I>::exists)
    return info_of<F, typename Derivative<F, I>::saved>(Derivative<F, I>::states_tangent);
  else
    return {};
}

/// Calls f(integral_constant<int, I>) for the I that is `input`.
template <class F, class Fn>
void for_input(int input, Fn&& fn) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (void)((static_cast<int>(I) == input ? (fn(std::integral_constant<int, static_cast<int>(I)>{}), true)
                                         : false) ||
           ...);
  }
  (std::make_index_sequence<F::arity>{});
}

/// Calls f(gradients..., saved...) as the stanza of F writes it.
template <class F, class List, class Fn>
auto call_with(TensorList gradients, [[maybe_unused]] const Values& values, Fn&& fn) {
  using Slots = SavedSlots<F, List>;
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    if constexpr (F::results == kMany)
      return fn(gradients, values.at(Slots::slots[K])...);
    else
      return [&]<std::size_t... G>(std::index_sequence<G...>) {
        return fn(gradients[G]..., values.at(Slots::slots[K])...);
      }
    (std::make_index_sequence<F::results>{});
  }
  (std::make_index_sequence<Slots::count>{});
}

template <class F>
struct Reading {
  static constexpr bool linear = requires { requires F::linear; };

  static constexpr auto infos = [] {
    if constexpr (Joint<F>)
      return std::array<DerivativeInfo, 1>{info_of<F, typename F::saved_all>(false)};
    else
      return []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<DerivativeInfo, sizeof...(I) + 1>{info_of_input<F, static_cast<int>(I)>()...};
      }
    (std::make_index_sequence<F::arity>{});
  }();

  static const F& formula(const void* f) { return *static_cast<const F*>(f); }

  static void copy(void* to, const void* f) { new (to) F(formula(f)); }
  static void destroy(void* f) { static_cast<F*>(f)->~F(); }

  static Tensor derivative(const void* f, int input, [[maybe_unused]] bool transposed, TensorList gradients,
                           const Values& values) {
    Tensor result;
    for_input<F>(input, [&](auto i) {
      if constexpr (xgrad::detail::has_kernel<F, i>()) {
        using D = Derivative<F, i>;
        result = call_with<F, typename D::saved>(gradients, values, [&](const auto&... a) -> Tensor {
          if constexpr (D::states_tangent)
            if (transposed) return D::tangent(formula(f), a...);
          return D::call(formula(f), a...);
        });
      }
    });
    return result;
  }

  static void all(const void* f, const WantedInputs& wanted, TensorList gradients, const Values& values,
                  Tensor* out) {
    if constexpr (Joint<F>) {
      auto results = call_with<F, typename F::saved_all>(
          gradients, values, [&](const auto&... a) { return formula(f).backward_all(wanted, a...); });
      for (Tensor& t : results) *out++ = std::move(t);
    }
  }

  static std::vector<Tensor> apply([[maybe_unused]] const void* f, [[maybe_unused]] TensorList inputs) {
    if constexpr (linear) {
      auto result = [&] {
        if constexpr (TakesList<F>)
          return differentiable(formula(f), inputs);
        else
          return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return differentiable(formula(f), inputs[I]...);
          }
        (std::make_index_sequence<F::arity>{});
      }();
      if constexpr (F::results == kMany)
        return result;
      else if constexpr (F::results == 1)
        return {result};
      else
        return std::apply([](const auto&... t) { return std::vector<Tensor>{t...}; }, result);
    } else {
      return {};
    }
  }

  // Elementwise derivatives are read over symbols. What calls kernels states its text, where it has one to
  // show: `text(input, gradient, slots)`.
  static Symbol text(const void* f, int input, const Symbol& gradient, const Symbol* slots) {
    if constexpr (requires { formula(f).text(input, gradient, slots); }) {
      return formula(f).text(input, gradient, slots);
    } else {
      std::optional<Symbol> result;
      for_input<F>(input, [&](auto i) {
        if constexpr (F::pointwise && xgrad::detail::has_kernel<F, i>()) {
          using D = Derivative<F, i>;
          using Slots = SavedSlots<F, typename D::saved>;
          [&]<std::size_t... K>(std::index_sequence<K...>) {
            result.emplace(D::call(formula(f), gradient, slots[Slots::slots[K]]...));
          }
          (std::make_index_sequence<Slots::count>{});
        }
      });
      return result ? *result : Symbol("");
    }
  }

  static constexpr unsigned optional() {
    unsigned mask = 0;
    if constexpr (requires { typename F::optional; })
      for (int i = 0; i < F::arity; ++i) mask |= F::optional::contains(i) ? 1u << i : 0;
    return mask;
  }

  static constexpr Op op() {
    static_assert(*F::name.node == '\0' || Joint<F> ||
                      std::any_of(infos.begin(), infos.end(),
                                  [](const DerivativeInfo& d) { return d.kind != DerivativeKind::none; }),
                  "a stanza whose node has a name needs a derivative: `backward` with `saved` where there is "
                  "one input, `backward_0` with `saved_0`, ... where there are several, `backward_all` with "
                  "`saved_all`; or Passed or Vanishes as what is saved");
    static_assert(alignof(F) <= 8, "formulas lie behind their node, eight bytes apart");
    static_assert(std::all_of(infos.begin(), infos.end(),
                              [](const DerivativeInfo& d) { return d.mask >> kMaxSlots == 0; }),
                  "slots are bits of a part of a word");
    Op o{};
    o.name = F::name;
    o.inputs = F::arity;
    o.list = TakesList<F>;
    o.results = F::results;
    o.pointwise = F::pointwise;
    o.linear = linear;
    o.joint = Joint<F>;
    o.kinked = requires { requires F::kinked; };
    o.optional = optional();
    for (int i = 0; i < F::arity; ++i)
      if (infos[Joint<F> ? 0u : static_cast<unsigned>(i)].kind != DerivativeKind::none)
        o.differentiable |= 1u << i;
    o.derivatives = infos.data();
    o.formula_bytes = std::is_empty_v<F> ? 0 : sizeof(F);
    o.copy = &copy;
    o.destroy = std::is_trivially_destructible_v<F> ? nullptr : &destroy;
    o.derivative = &derivative;
    o.all = &all;
    o.apply = &apply;
    o.text = &text;
    if constexpr (requires(const F& f, Attributes& put) { f.attributes(put); })
      o.attributes = [](const void* f, Attributes& put) { formula(f).attributes(put); };
    if constexpr (F::pointwise) {
      o.result = F::result;
      o.exact_numbers = F::exact_numbers;
      o.row_slots = kernels::FormulaSlots<F>::readings;
      o.row = &KernelsOf<F>::find;
    }
    return o;
  }
};

}  // namespace reflection

/// The stanza F as data, and its entry in the registry.
template <class F>
inline constexpr Op op_of = reflection::Reading<F>::op();
template <class F>
inline const OpRegistration registered{op_of<F>};

}  // namespace ops
}  // namespace xgrad
