// Elementwise ops on Tensors: promotion, broadcasting, the choice of kernel, and the recording of the op.
// Private to the library; op files get it through stanza.h.
#pragma once

#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/kernels/elementwise/executor.h>
#include <xgrad/core/stanza/record.h>

namespace xgrad {

namespace ops {

/// The forward of a formula over `args`, without recording. With `out` it writes there.
Tensor run_forward(const Op& op, const void* formula, const Argument* args, int n,
                   const Tensor* out = nullptr);
/// Whether `t` is a temporary into whose memory a result of the same shape and dtype may be written: nothing
/// else holds it, and nothing is recorded.
bool may_overwrite(const Tensor& t, const Tensor& other);
/// A derivative: args[0] is the gradient, which may give up its memory when `reuse`.
Tensor run_derivative(const Op& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse);

/// The forward, recorded where a gradient is wanted; over `self` in the second form.
Tensor pointwise(const Op& op, const void* formula, const Argument* args);
void pointwise_(const Op& op, const void* formula, const Tensor& self, Argument* args);

}  // namespace ops

/// Applies an elementwise formula to tensors and numbers, and records it where a gradient is wanted.
template <class F, class... A>
Tensor pointwise(const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity);
  (void)&ops::registered<F>;
  const Argument args[] = {Argument(a)...};
  return ops::pointwise(ops::op_of<F>, &f, args);
}

/// The same for two tensors of which `dying` is a temporary: its memory becomes the result's where that is
/// possible.
template <class F>
Tensor pointwise_over(const F& f, Tensor& dying, const Tensor& a, const Tensor& b) {
  if (!ops::may_overwrite(dying, &dying == &a ? b : a)) return pointwise(f, a, b);
  const Argument args[] = {a, b};
  ops::run_forward(ops::op_of<F>, &f, args, 2, &dying);
  return std::move(dying);
}

/// The same, with the result written into `self`.
template <class F, class... A>
Tensor& pointwise_(const Tensor& self, const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity);
  (void)&ops::registered<F>;
  Argument args[] = {Argument(a)...};
  ops::pointwise_(ops::op_of<F>, &f, self, args);
  return const_cast<Tensor&>(self);
}

}  // namespace xgrad
