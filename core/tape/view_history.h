// Views and the history of their base. Private to the library.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// A view whose base was changed in place has a new grad_fn: a view of the base as it is now. Throws for a
/// view that was no view of it in the graph: made under no_grad, or by a Function.
void refresh_view_history(TensorImpl& view);

/// A change of a tensor in place, in the one order in which nothing is half done when something fails: what
/// may fail comes first (the checks, and the nodes, for which there may be no memory), then the caller
/// writes, and `commit` counts the change and puts the new history in its place. Without `commit` nothing has
/// happened.
class InplaceChange {
 public:
  /// Throws when `t` must not be changed in place now: an inference tensor, a leaf that requires grad, a view
  /// of one, or, by an op that is `recorded`, a view whose base would not learn of it.
  InplaceChange(const char* op, const Tensor& t, bool recorded);
  /// `node` computes the new value, and its input `changed` (one past the last: none) is the tensor before
  /// the change. The base of a view learns of it.
  void record(intrusive_ptr<Node> node, std::size_t changed = 0);
  /// `node` computes what the tensor is from now on: another part of its memory, which does not change.
  void record_view(intrusive_ptr<Node> node);
  void commit() noexcept;

 private:
  TensorImpl& impl_;
  TensorImpl* heir_ = nullptr;  // who gets the history: the tensor, or its base
  intrusive_ptr<Node> node_;
};

}  // namespace xgrad::autograd
