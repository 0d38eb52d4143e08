// Views and the history of their base. Private to the library.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// A view whose base was changed in place has a new grad_fn: a view of the base as it is now. Throws for a
/// view that was no view of it in the graph: made under no_grad, or by a Function.
void refresh_view_history(TensorImpl& view);

/// After an in-place op on `t`, computed by `node`, whose input `changed` was `t` (one past the
/// last: none): makes it t's history, and,
/// when t is a view, rebases its base.
void rebase_history(const Tensor& t, intrusive_ptr<Node> node, std::size_t changed = 0);

/// Throws when `t` must not be changed in place now: a leaf that requires grad, a view of one, or, by an op
/// that is `recorded`, a view
/// whose base would not learn of it.
void check_inplace(const char* op, const Tensor& t, bool recorded);

}  // namespace xgrad::autograd
