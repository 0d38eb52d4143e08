// How an op enters the graph: what is recorded, what carries a tangent, and what an op that overwrites its
// argument must ask first. Private to the library; what a node does in backward is in op_node.h.
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include <xgrad/core/stanza/op_node.h>

namespace xgrad {

namespace ops {

/// In the modes that look at graphs: keeps what is shown later (the value, where the op was called).
void annotate(autograd::Node& node, const Tensor& out);

/// The one place where a tensor gets the node of the op that made it.
void attach(autograd::Node* node, const Tensor& out);

// The only call of the constructor, so that it is compiled once for each op.
template <class F>
[[gnu::noinline]] autograd::Node* new_node(const F& f, const Argument* args, const Tensor& out,
                                           const Tensor* outputs) {
  return new OpNode<F>(f, args, out, outputs);
}

template <class F>
bool wants_record(const Argument* args) {
  if (!autograd::grad_enabled()) return false;
  bool wanted = false;
  for_each_derivative<F>([&](auto i) { wanted = wanted || args[i].requires_grad(); });
  return wanted;
}

/// A linear op applied to the tangent, recorded itself.
template <class F>
Tensor apply_linear(const F& f, const Tensor& tangent);

template <class F>
concept LinearKernel = requires {
  requires F::linear;
};

/// The tangents of the arguments; false when there is none.
bool collect_tangents(const Argument* args, int n, Tensor* tangents);

/// Forward mode: gives `out` the tangent that follows from those of the arguments. `node` is the op's, where
/// it is recorded.
template <class F>
[[gnu::noinline]] void push_tangents(const F& f, const Tensor& out, const Argument* args,
                                     const Tensor* outputs, autograd::Node* node, bool in_place = false) {
  Tensor arriving[F::arity], total;
  if (!out.is_floating_point() || !collect_tangents(args, F::arity, arriving)) return;
  if (!in_place && out.is_view() && views_tangent(out, *args[0].tensor)) return;
  const WithoutTangents pause;
  const auto value = [&](int slot) {
    return slot < F::arity ? as_tensor(args[slot]) : outputs[slot - F::arity];
  };
  for_each_derivative<F>([&](auto i) {
    if (!arriving[i].defined()) return;
    if constexpr (F::pointwise)
      total = add_tangents(total, derivative_over_tensors<F, i>(f, fit_tangent(arriving[i], out), value));
    else if constexpr (LinearKernel<F>)
      total = add_tangents(total, apply_linear(f, arriving[i]));
    else if constexpr (detail::Derivative<F, i>::states_tangent)
      total = add_tangents(total, derivative_over_tensors<F, i, true>(f, arriving[i], value));
    else
      total = add_tangents(
          total, apply_transposed([&](const Tensor& g) { return derivative_over_tensors<F, i>(f, g, value); },
                                  out, arriving[i]));
  });
  settle_tangent(out, std::move(total), arriving, F::arity, in_place);
  if (node) static_cast<OpNode<F>*>(node)->save_tangents(outputs);
}

/// Makes `out` the result of F over `args` in the graph, where a gradient is wanted.
template <class F>
void record(const F& f, Tensor& out, const Argument* args) {
  autograd::Node* node = nullptr;
  if (wants_record<F>(args) && is_floating_type(out.impl().dtype()))
    attach(node = new_node(f, args, out, &out), out);
  // After the node: a derivative that reads the result must find its history.
  if (carries_tangents()) push_tangents(f, out, args, &out, node);
}

/// The slots that the derivatives wanted of `args` need.
template <class F>
unsigned slots_to_save(const Argument* args) {
  unsigned needed = 0;
  if (autograd::grad_enabled())
    for_each_derivative<F>([&](auto i) {
      if (args[i].requires_grad())
        needed |= SavedSlots<typename detail::Derivative<F, i>::saved>::template mask<F::arity>();
    });
  return needed;
}

/// What must hold before `self` is changed in place by `op` of `args`, of which those in `saved` will be kept
/// if it is `recorded`. The caller bumps the version.
void prepare_inplace(const char* op, const Tensor& self, const Argument* args, int n, unsigned saved,
                     bool recorded);
template <class F>
void prepare_inplace(const Tensor& self, const Argument* args) {
  prepare_inplace(F::name.op, self, args, F::arity, slots_to_save<F>(args), wants_record<F>(args));
}

/// Whether an in-place op keeps the old value of `self` for a derivative.
template <class F>
bool saves_old_value(const Tensor& self, const Argument* args) {
  if (carries_tangents()) return true;
  const unsigned needed = slots_to_save<F>(args);
  for (int s = 0; s < F::arity; ++s)
    if ((needed >> s & 1) && args[s].tensor && args[s].tensor->is_same(self)) return true;
  return false;
}

void rebase(const Tensor& self, intrusive_ptr<autograd::Node> node);

/// The same after `self` was overwritten with F over `args`.
template <class F>
void record_inplace(const F& f, const Tensor& self, const Argument* args) {
  intrusive_ptr<autograd::Node> node;
  if (wants_record<F>(args)) {
    node = intrusive_ptr<autograd::Node>::adopt(new_node(f, args, self, &self));
    rebase(self, node);
  }
  if (carries_tangents()) push_tangents(f, self, args, &self, node.get(), true);
}

}  // namespace ops

/// Runs an op that is no elementwise formula and records it where a gradient is wanted.
template <class F, class... T>
auto differentiable(const F& f, const T&... tensors) {
  static_assert(sizeof...(T) == F::arity && F::arity > 0);
  const Argument args[] = {Argument(tensors)...};
  const bool recording = autograd::grad_enabled(), wanted = recording && ops::wants_record<F>(args);
  auto result = [&] {
    const ops::PlainScope scope;
    return f.forward(tensors...);
  }();
  if constexpr (std::is_same_v<decltype(result), Tensor>) {
    if (!recording && result.impl().view_base) result.impl().set(TensorImpl::kNoGradView, true);
    autograd::Node* node = nullptr;
    if (wanted && result.is_floating_point())
      ops::attach(node = ops::new_node(f, args, result, &result), result);
    if (ops::carries_tangents()) ops::push_tangents(f, result, args, &result, node);
    return result;
  } else {
    Tensor& first = std::get<0>(result);
    const bool tangents = ops::carries_tangents();
    if ((wanted || tangents) && first.is_floating_point()) {
      const auto outputs =
          std::apply([](const auto&... t) { return std::array<Tensor, sizeof...(t)>{t...}; }, result);
      autograd::Node* node = nullptr;
      if (wanted) ops::attach(node = ops::new_node(f, args, first, outputs.data()), first);
      if (tangents) ops::push_tangents(f, first, args, outputs.data(), node);
    }
    return result;
  }
}

namespace ops {

template <class F>
Tensor apply_linear(const F& f, const Tensor& tangent) {
  return differentiable(f, tangent);
}

}  // namespace ops
}  // namespace xgrad
