// Elementwise ops on Tensors: promotion, broadcasting, the choice of kernel, and the recording of the op.
// Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/kernels/elementwise/executor.h>
#include <xgrad/core/stanza/record.h>

namespace xgrad {

namespace ops {

/// The forward of a formula over `args`, without recording: new results, or written into those that are
/// there.
void run_forward(const Op& op, const void* formula, const Argument* args, Tensor* results);
void run_forward_into(const Op& op, const void* formula, const Argument* args, const Tensor* results);
/// Whether `t` is a temporary into whose memory a result of the same shape and dtype may be written: nothing
/// else holds it, and nothing is recorded.
bool may_overwrite(const Tensor& t, const Tensor& other);
/// A derivative: args[0] is the gradient, which may give up its memory when `reuse`.
Tensor run_derivative(const Op& op, int reading, const void* formula, const Argument* args, int n,
                      bool reuse);

/// The forward, recorded where a gradient is wanted; over `self` in the second form.
Tensor pointwise(const Op& op, const void* formula, const Argument* args);
void pointwise_(const Op& op, const void* formula, const Tensor& self, Argument* args);
/// The forward of a formula over tensors that are there, not recorded, in two steps: all that may fail is
/// done when it is made, so that of several passes all or none are run. The tensors must live until then.
class PreparedPass {
 public:
  static constexpr unsigned kFormulaBytes = 96;

  PreparedPass(const Op& op, const void* formula, const Tensor* const* results, const Tensor* const* args);
  void run() const;

 private:
  const Op* op_;
  kernels::RowFn row_;
  ScalarType common_;
  bool plain_;  // all arrays are of one layout
  TensorImpl *args_[kernels::kMaxInputs], *results_[kernels::kMaxResults];
  alignas(8) unsigned char formula_[kFormulaBytes];
};

/// The pass of F over `args` into `results`, as many as its forward has.
template <class F, class... A>
PreparedPass prepare_pass(const F& f, const Tensor* const* results, const A&... args) {
  static_assert(sizeof...(A) == F::arity, "a formula is called with as many arguments as it has inputs");
  static_assert(sizeof(F) <= PreparedPass::kFormulaBytes && std::is_trivially_copyable_v<F>,
                "the formula of a pass holds a few numbers");
  const Tensor* const pointers[] = {&args...};
  return {op_of<F>, &f, results, pointers};
}

}  // namespace ops

/// Applies an elementwise formula to tensors and numbers, and records it where a gradient is wanted.
template <class F, class... A>
Tensor pointwise(const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity, "a formula is called with as many arguments as it has inputs");
  (void)&ops::registered<F>;
  const Argument args[] = {Argument(a)...};
  return ops::pointwise(ops::op_of<F>, &f, args);
}

/// The same for two tensors of which `dying` is a temporary: its memory becomes the result's where that is
/// possible. `function` is what the op does else, with its checks.
template <class F>
Tensor pointwise_over(const F& f, Tensor& dying, const Tensor& a, const Tensor& b, auto&& function) {
  if (!ops::may_overwrite(dying, &dying == &a ? b : a)) return function(a, b);
  const Argument args[] = {a, b};
  ops::run_forward_into(ops::op_of<F>, &f, args, &dying);
  return std::move(dying);
}

/// The same, with the result written into `self`.
template <class F, class... A>
Tensor& pointwise_(const Tensor& self, const F& f, const A&... a) {
  static_assert(sizeof...(A) == F::arity, "a formula is called with as many arguments as it has inputs");
  (void)&ops::registered<F>;
  Argument args[] = {Argument(a)...};
  ops::pointwise_(ops::op_of<F>, &f, self, args);
  return const_cast<Tensor&>(self);
}

/// Writes the results of a formula over tensors into tensors that are there, in one pass:
///   pointwise_into({p, m, v}, Adam{...}, p, g, m, v);
/// A result may be an argument. Nothing is recorded; where gradients are, no result may require one.
template <class F, class... A>
void pointwise_into(const Tensor (&results)[detail::result_count<F>], const F& f, const A&... args) {
  const Tensor* pointers[detail::result_count<F>];
  for (int i = 0; i < detail::result_count<F>; ++i) pointers[i] = &results[i];
  ops::prepare_pass(f, pointers, args...).run();
}

}  // namespace xgrad
