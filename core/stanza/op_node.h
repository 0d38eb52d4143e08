// The node of an op whose stanza states its derivatives: one template serves all. Private to the library.
#pragma once

#include <array>
#include <memory>
#include <tuple>
#include <utility>

#include <xgrad/core/kernels/elementwise/formula.h>
#include <xgrad/core/stanza/registry.h>
#include <xgrad/core/stanza/symbol.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/saved.h>
#include <xgrad/core/tape/state.h>

namespace xgrad {

template <class F>
struct KernelsOf;

namespace ops {

struct PointwiseOp;
template <class F>
PointwiseOp pointwise_op();
Tensor run_derivative(const PointwiseOp& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse);

/// Brings a gradient to the shape and dtype of the input it belongs to: broadcast dimensions are summed.
Tensor fit_gradient(Tensor gradient, IntArrayRef sizes, ScalarType dtype);
/// A number as a tensor without dimensions that is weakest in promotion.
Tensor wrapped_number(const Scalar& number);
[[noreturn]] void undefined_argument(const char* op);
/// Zeros of the shape and dtype of `t`.
Tensor zeros_of(const Tensor& t);

/// Whether the saved list names input I, output or not; slots are inputs by position, then the outputs.
template <class List>
struct SavedSlots;
template <class List>
requires std::is_base_of_v<Saved<>, List>
struct SavedSlots<List> {
  template <int>
  static constexpr unsigned mask() {
    return 0;
  }
  template <int>
  static constexpr std::array<int, 0> slots() {
    return {};
  }
};
template <class... What>
requires(sizeof...(What) > 0) struct SavedSlots<Saved<What...>> {
  template <int Arity>
  static constexpr unsigned mask() {
    return (0u | ... | (1u << slot<Arity, What>()));
  }
  template <int Arity, class W>
  static constexpr int slot() {
    return W::position >= 0 ? W::position : Arity - 1 - W::position;
  }
  template <int Arity>
  static constexpr std::array<int, sizeof...(What)> slots() {
    return {slot<Arity, What>()...};
  }
};

/// Calls f(integral_constant<int, i>) for every input with a derivative.
template <class F, class Fn>
void for_each_derivative(Fn&& fn) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          if constexpr (detail::Derivative<F, static_cast<int>(I)>::exists)
            fn(std::integral_constant<int, I>{});
        }(),
        ...);
  }
  (std::make_index_sequence<F::arity>{});
}

/// All slots any derivative of F may need, and how many outputs may be saved.
template <class F>
constexpr unsigned all_saved_slots() {
  unsigned mask = 0;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (
        [&] {
          if constexpr (detail::Derivative<F, static_cast<int>(I)>::exists)
            mask |= SavedSlots<typename detail::Derivative<F, static_cast<int>(I)>::saved>::template mask<
                F::arity>();
        }(),
        ...);
  }
  (std::make_index_sequence<F::arity>{});
  return mask;
}
constexpr int count_bits(unsigned m) {
  int n = 0;
  for (; m; m &= m - 1) ++n;
  return n;
}

/// What the gradient of a result must be like: kernels read its memory. (An elementwise derivative broadcasts
/// whatever comes.) Hooks and nodes of users may hand on anything.
struct ResultShape {
  DimVector sizes;
  ScalarType dtype = ScalarType::Undefined;

  Tensor fitting(const char* node, Tensor gradient) const {
    const TensorImpl& g = gradient.impl();
    if (g.dtype() == dtype && g.sizes() == IntArrayRef(sizes)) return gradient;
    return refit(node, gradient);
  }
  Tensor refit(const char* node, const Tensor& gradient) const;
};

inline Tensor as_tensor(const Argument& a) { return a.tensor ? *a.tensor : wrapped_number(a.number); }

/// Derivative I of F read over tensors, for a gradient, or its transpose for a tangent; `value(slot)` gives
/// the inputs and outputs it needs.
template <class F, int I, bool transposed = false, class Value>
Tensor derivative_over_tensors(const F& f, const Tensor& gradient, [[maybe_unused]] const Value& value) {
  using List = typename detail::Derivative<F, I>::saved;
  if constexpr (std::is_same_v<List, Passed>) {
    return gradient;
  } else if constexpr (std::is_same_v<List, Vanishes>) {
    return Tensor();
  } else {
    [[maybe_unused]] static constexpr auto slots = SavedSlots<List>::template slots<F::arity>();
    return [&]<std::size_t... K>(std::index_sequence<K...>)->Tensor {
      if constexpr (transposed)
        return detail::Derivative<F, I>::tangent(f, gradient, value(slots[K])...);
      else
        return detail::Derivative<F, I>::call(f, gradient, value(slots[K])...);
    }
    (std::make_index_sequence<List::count>{});
  }
}

template <class F>
class OpNode final : public autograd::Node {
  static constexpr int N = F::arity;
  static constexpr unsigned kSlots = all_saved_slots<F>();
  static constexpr int kSaved = count_bits(kSlots);
  // Slots are kept densely: this is where slot s is.
  static constexpr int place(int s) { return count_bits(kSlots & ((1u << s) - 1)); }

 public:
  /// Edges to the arguments that require a gradient, and the values their derivatives need.
  OpNode(const F& f, const Argument* args, const Tensor& out, const Tensor* outputs)
      : Node(InlineEdges{}, edges_, N), f_(f) {
    unsigned needed = 0;
    for_each_derivative<F>([&](auto i) {
      if (!args[i].requires_grad()) return;
      edges_[i] = autograd::gradient_edge(*args[i].tensor);
      needed |= SavedSlots<typename detail::Derivative<F, i>::saved>::template mask<N>();
      const Tensor& t = *args[i].tensor;
      if constexpr (F::pointwise)
        if (t.sizes() != out.sizes() || t.dtype() != out.dtype()) {
          if (!shapes_) shapes_.reset(new InputShape[N]);
          shapes_[i] = {t.sizes(), t.dtype(), true};
        }
    });
    if constexpr (!F::pointwise) result_ = {out.sizes(), out.dtype()};
    (void)&registration_;
    add_input_metadata();
    number_after_edges();
    needed_ = needed;
    for (int s = 0; s < N; ++s)
      if (needed >> s & 1) saved_[place(s)].save_input(args[s]);
    save_outputs(outputs);
  }

  void save_outputs(const Tensor* outputs) {
    for (int s = N; s < N + 4; ++s)
      if (needed_ >> s & 1) saved_[place(s)].save_output(outputs[s - N]);
  }

  /// Forward mode: what is saved of the outputs gets their tangents, once these are known.
  void save_tangents(const Tensor* outputs) {
    for (int s = N; s < N + 4; ++s)
      if (needed_ >> s & 1) saved_[place(s)].save_tangent(outputs[s - N]);
  }

  void run(Tensor* grads_in, Tensor* grads_out) override {
    Tensor gradient = std::move(grads_in[0]);
    if (!gradient.defined()) return;
    if constexpr (!F::pointwise) gradient = result_.fitting(F::name.node, std::move(gradient));
    int last = -1;
    for (int i = 0; i < N; ++i)
      if (edges_[i].function) last = i;
    for_each_derivative<F>([&](auto i) {
      if (edges_[i].function) grads_out[i] = derivative<i>(gradient, i == last);
    });
  }

  std::string name() const override { return F::name.node; }

  void release_variables() override {
    for (SavedValue& s : saved_) s.release();
  }

  std::vector<std::string> formulas(bool local) const override {
    std::vector<std::string> texts(N);
    if constexpr (F::pointwise) for_each_derivative<F>([&](auto i) { texts[i] = formula_text<i>(local); });
    return texts;
  }

 private:
  struct InputShape {
    DimVector sizes;
    ScalarType dtype = ScalarType::Undefined;
    bool differs = false;
  };

  struct Nothing {};

  template <int I>
  Tensor derivative(Tensor& gradient, bool is_last) {
    using List = typename detail::Derivative<F, I>::saved;
    Tensor result;
    if constexpr (std::is_same_v<List, Passed>)
      result = is_last ? std::move(gradient) : gradient;
    else if constexpr (std::is_same_v<List, Vanishes>)
      result = zeros_of(gradient);
    else
      result = computed_derivative<I>(gradient, is_last);
    if (shapes_ && shapes_[I].differs)
      result = fit_gradient(std::move(result), shapes_[I].sizes, shapes_[I].dtype);
    return result;
  }

  template <int I>
  Tensor computed_derivative(Tensor& gradient, bool is_last) {
    if constexpr (F::pointwise)
      if (!derivative_is_expression()) return fused_derivative<I>(gradient, is_last);
    return derivative_over_tensors<F, I>(f_, gradient, [&](int slot) {
      Tensor scratch;
      return as_tensor(saved_[place(slot)].unpack(*this, scratch));
    });
  }

  template <int I>
  Tensor fused_derivative(Tensor& gradient, bool is_last) {
    using List = typename detail::Derivative<F, I>::saved;
    [[maybe_unused]] static constexpr auto slots = SavedSlots<List>::template slots<N>();
    const Tensor own = is_last ? std::move(gradient) : gradient;
    Argument args[1 + List::count] = {own};
    Tensor scratch[1 + List::count];
    for (int k = 0; k < List::count; ++k) args[1 + k] = saved_[place(slots[k])].unpack(*this, scratch[k]);
    return run_derivative(pointwise_op<F>(), 1 + I, &f_, args, 1 + List::count, is_last);
  }

  template <int I>
  std::string formula_text(bool local) const {
    using List = typename detail::Derivative<F, I>::saved;
    const Symbol grad = local ? Symbol::unit() : Symbol("grad");
    if constexpr (std::is_same_v<List, Passed>)
      return grad.text();
    else if constexpr (std::is_same_v<List, Vanishes>)
      return "0";
    else
      return computed_text<I>(grad);
  }

  template <int I>
  std::string computed_text(const Symbol& grad) const {
    using List = typename detail::Derivative<F, I>::saved;
    [[maybe_unused]] static constexpr auto slots = SavedSlots<List>::template slots<N>();
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return detail::Derivative<F, I>::call(f_, grad, Symbol(argument_name(slots[K], N))...).text();
    }
    (std::make_index_sequence<List::count>{});
  }

  // Every op that can be recorded enters the registry by the mere existence of its node.
  static inline const OpRegistration registration_{F::name.op, F::name.node, N, F::pointwise};

  F f_;
  [[no_unique_address]] std::conditional_t<F::pointwise, Nothing, ResultShape> result_;
  unsigned needed_ = 0;
  autograd::Edge edges_[N];
  std::unique_ptr<InputShape[]> shapes_;
  std::array<SavedValue, kSaved> saved_;
};

}  // namespace ops
}  // namespace xgrad
