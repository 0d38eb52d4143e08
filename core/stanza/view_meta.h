// Views and the history of their base. Private to the library.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// A view whose base was changed in place has a new grad_fn: a view of the base as it is now.
void refresh_view_history(TensorImpl& view);

/// After an in-place op on `t`, computed by `node`: makes it t's history, and, when t is a view, rebases its
/// base.
void rebase_history(const Tensor& t, intrusive_ptr<Node> node);

/// Throws when `t` must not be changed in place now: a leaf that requires grad, a view of one, or, by an op
/// that is `recorded`, a view whose base would not learn of it.
void check_inplace(const char* op, const Tensor& t, bool recorded);

}  // namespace xgrad::autograd
