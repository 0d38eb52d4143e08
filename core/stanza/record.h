// How an op enters the graph: what is recorded, what carries a tangent, and what an op that overwrites its
// argument must ask first. Private to the library; what a node does in backward is in op_node.h.
#pragma once

#include <initializer_list>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/core/stanza/op_node.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/observer.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

namespace ops {

/// Makes `outputs` the results of `op` over `args` in the graph, where a gradient is wanted, and gives them
/// their tangents. Those behind the first op.results have no gradient, and neither have integers.
void record(const Op& op, const void* formula, const Argument* args, int count, const Tensor* outputs,
            int results);

/// Throws when `self` must not be changed in place now by `op`, which is `recorded`.
void check_change(const char* op, const Tensor& self, bool recorded);

/// A change of `self` in place by an op over `args`: see InplaceChange. An argument that lies in the memory
/// of `self`, and whose value of before a derivative needs, becomes a copy.
class OpChange {
 public:
  OpChange(const Op& op, const void* formula, const Tensor& self, Argument* args);
  void commit();

 private:
  const Op& op_;
  const void* formula_;
  const Tensor& self_;
  Argument* args_;
  unsigned wanting_;
  autograd::InplaceChange change_;
  std::vector<Tensor> copies_;
  OpNode* node_ = nullptr;
};

/// Changes `self` in place with F over `args`, which write() does, and records it where a gradient is wanted.
template <class F, class Write>
Tensor& change_in_place(const F& f, const Tensor& self, Argument* args, Write&& write) {
  (void)&registered<F>;
  OpChange change(op_of<F>, &f, self, args);
  write();
  change.commit();
  return const_cast<Tensor&>(self);
}

/// The arguments of a stanza with a list: those of the list come behind the others.
class ArgumentList {
 public:
  template <class... T>
  explicit ArgumentList(const T&... inputs) {
    (add(inputs), ...);
  }
  const Argument* data() const { return args_.data(); }
  int size() const { return static_cast<int>(args_.size()); }

 private:
  void add(const Tensor& t) { args_.emplace_back(t); }
  void add(TensorList list) { args_.insert(args_.end(), list.begin(), list.end()); }

  std::vector<Argument> args_;
};

/// Throws when an input that is not optional is undefined.
inline void check_defined(const Op& op, const Argument* args, int count) {
  for (int i = 0; i < count; ++i)
    if (__builtin_expect(!args[i].tensor->defined(), 0) && (i >= op.inputs || !(op.optional >> i & 1)))
      undefined_argument(op.name.op);
}
/// Whether the thread records, no argument asks for it and nobody looks on: then record() has nothing to do.
inline bool is_untracked(const Argument* args, int count) {
  const autograd::ThreadState& modes = autograd::this_thread_state;
  bool tracked = !modes.recording || modes.forward_ad || modes.observer;
  for (int i = 0; i < count; ++i) tracked |= args[i].requires_grad();
  return !tracked;
}
/// Whether an op of `self` is recorded or carries a tangent, or somebody looks on: else its forward is all of
/// it.
inline bool is_watched(const Tensor& self) {
  const autograd::ThreadState& modes = autograd::this_thread_state;
  return (modes.recording && self.requires_grad()) || modes.forward_ad || modes.observer;
}
/// Says of views that they were made where nobody recorded.
void mark_unrecorded(const Tensor* outputs, int count);

}  // namespace ops

/// Runs an op that is no elementwise formula and records it where a gradient is wanted.
template <class F, class... T>
auto differentiable(const F& f, const T&... inputs) {
  constexpr const ops::Op& op = ops::op_of<F>;
  (void)&ops::registered<F>;
  const auto run = [&](const Argument* args, int count) {
    ops::check_defined(op, args, count);
    auto result = [&] {
      const ops::OpScope scope(op);
      return f.forward(inputs...);
    }();
    using R = decltype(result);
    if (ops::is_untracked(args, count)) return result;
    if constexpr (std::is_same_v<R, Tensor>)
      ops::record(op, &f, args, count, &result, 1);
    else if constexpr (F::results == kMany)
      ops::record(op, &f, args, count, result.data(), static_cast<int>(result.size()));
    else
      std::apply(
          [&](const auto&... t) {
            const Tensor outputs[] = {t...};
            ops::record(op, &f, args, count, outputs, static_cast<int>(sizeof...(t)));
          },
          result);
    return result;
  };
  if constexpr (detail::TakesList<F>) {
    const ops::ArgumentList args(inputs...);
    return run(args.data(), args.size());
  } else {
    static_assert(sizeof...(T) == F::arity);
    const Argument args[] = {Argument(inputs)...};
    return run(args, F::arity);
  }
}

}  // namespace xgrad
