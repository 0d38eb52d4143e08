// Elementwise ops on Tensors: promotion, broadcasting, the choice of kernel, and the recording of the op.
// Private to the library; op files get it through stanza.h.
#pragma once

#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/kernels/elementwise/executor.h>
#include <xgrad/core/stanza/record.h>

namespace xgrad {

/// Specialised by XGRAD_FAMILY: where the kernels of formula F are.
template <class F>
struct KernelsOf;

namespace ops {

/// What the code that is shared by all formulas knows of one.
struct PointwiseOp {
  OpName name;
  Result result;
  kernels::FormulaRows rows;
};
template <class F>
PointwiseOp pointwise_op() {
  return {F::name, F::result, KernelsOf<F>::get()};
}

/// The forward of a formula over `args`, without recording. With `out` it writes there.
Tensor run_forward(const PointwiseOp& op, const void* formula, const Argument* args, int n,
                   const Tensor* out = nullptr);
/// Whether `t` is a temporary into whose memory a result of the same shape and dtype may be written: nothing
/// else holds it, and nothing is recorded.
bool may_overwrite(const Tensor& t, const Tensor& other);
/// A derivative: args[0] is the gradient, which may give up its memory when `reuse`.
Tensor run_derivative(const PointwiseOp& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse);

}  // namespace ops

/// Applies an elementwise formula to tensors and numbers, and records it where a gradient is wanted.
template <class F, class... A>
Tensor pointwise(const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity);
  const Argument args[] = {Argument(a)...};
  Tensor out = ops::run_forward(ops::pointwise_op<F>(), &f, args, F::arity);
  if constexpr (detail::has_derivative<F>) ops::record(f, out, args);
  return out;
}

/// The same for two tensors of which `dying` is a temporary: its memory becomes the result's where that is
/// possible.
template <class F>
Tensor pointwise_over(const F& f, Tensor& dying, const Tensor& a, const Tensor& b) {
  if (!ops::may_overwrite(dying, &dying == &a ? b : a)) return pointwise(f, a, b);
  const Argument args[] = {a, b};
  ops::run_forward(ops::pointwise_op<F>(), &f, args, 2, &dying);
  return std::move(dying);
}

/// The same, with the result written into `self`.
template <class F, class... A>
Tensor& pointwise_(const Tensor& self, const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity);
  Argument args[] = {Argument(a)...};
  ops::prepare_inplace<F>(self, args);
  // A derivative that needs the old values of self gets a copy: they are about to be overwritten.
  Tensor old;
  if constexpr (detail::has_derivative<F>)
    if (ops::saves_old_value<F>(self, args)) {
      old = self.clone();
      for (Argument& each : args) each.replace(self, old);
    }
  ops::run_forward(ops::pointwise_op<F>(), &f, args, F::arity, &self);
  self.impl().bump_version();
  if constexpr (detail::has_derivative<F>) ops::record_inplace(f, self, args);
  return const_cast<Tensor&>(self);
}

}  // namespace xgrad
