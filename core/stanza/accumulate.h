// The sums of gradients, as the engine needs them, and when the memory of a tensor may be used again. Private
// to the library.
#pragma once

#include <xgrad/core/tape/node.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::ops {

/// Whether a result may take over `t`, or the memory of `t`, without anybody having asked for it: the library
/// allocated that memory, nobody else sees it, and `t` is nothing but its elements. Somebody else is another
/// handle than the caller's, or another tensor over the same memory, unless it is the base of a view that
/// covers and alone holds it.
inline bool reusable(const TensorImpl& t) {
  const bool covers = t.view_base && t.view_base->use_count() == 1 && t.numel() == t.view_base->numel();
  return t.use_count() == 1 && t.storage()->use_count() == (covers ? 2 : 1) && !t.storage()->is_borrowed() &&
         t.has(TensorImpl::kContiguous) && !t.meta && !t.grad_fn && !t.has(TensorImpl::kRequiresGrad) &&
         t.has(TensorImpl::kInference) == autograd::this_thread_state.inference_mode;
}

/// total += gradient: in place when one of the two is reusable and nothing is recorded.
void accumulate(Tensor& total, Tensor gradient);
/// A gradient fit to become a leaf's `.grad()`: itself where it is reusable, else a dense copy.
Tensor own_gradient(Tensor gradient);
/// Ones of the shape and dtype of `t`.
Tensor one_like(const Tensor& t);

}  // namespace xgrad::ops
