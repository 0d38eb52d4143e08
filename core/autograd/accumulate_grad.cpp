// The end of a walk: how a gradient gets into a `.grad()`.
#include <optional>
#include <thread>

#include <xgrad/core/ops/pointwise/arithmetic_formulas.h>
#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/tensor/view.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::autograd {

namespace {

// Costs nothing while the process has one thread, which starts no other within the scope.
class Locked {
 public:
  explicit Locked(std::atomic_flag& flag) : flag_(XGRAD_SINGLE_THREADED ? nullptr : &flag) {
    if (flag_) whole_.emplace();
    while (flag_ && flag_->test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~Locked() {
    if (flag_) flag_->clear(std::memory_order_release);
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  std::atomic_flag* flag_;
  std::optional<NoFork> whole_;
};

void check_known(const TensorImpl& leaf, const Tensor& known) {
  XGRAD_CHECK(known.sizes() == leaf.sizes() && known.dtype() == leaf.dtype(),
              "backward: the .grad() of a tensor of shape ", leaf.sizes(), " and dtype ", leaf.dtype(),
              " was set to one of shape ", known.sizes(), " and dtype ", known.dtype(),
              ", to which no gradient can be added; reset it first");
  if (grad_enabled()) return;
  XGRAD_CHECK(
      !known.is_inference() || this_thread_state.inference_mode,
      "backward: the .grad() of a tensor of shape ", leaf.sizes(),
      " is an inference tensor, which cannot be changed outside InferenceMode; reset or clone() it first");
  XGRAD_CHECK(known.impl().has(TensorImpl::kContiguous) || !ops::repeats_elements(known),
              "backward: several elements of the .grad() of a tensor of shape ", leaf.sizes(),
              " share one place in memory: its strides are ", known.strides(),
              " (an expanded tensor); clone() it first");
}

// To what a leaf has, which users hold: in place unless the sum is recorded.
void add_to(Tensor& known, const Tensor& gradient) {
  if (grad_enabled()) {
    known = known.add(gradient);
  } else if (ops::carries_tangents()) {
    known.add_(gradient);
  } else {
    const Tensor* const results[] = {&known};
    ops::prepare_pass(Add{}, results, known, gradient).run();
  }
}

}  // namespace

void AccumulateGrad::run(Tensor* grads_in, Tensor*) {
  if (!collects()) return;
  GradUpdate update{std::move(grads_in[0]), {}, nullptr};
  prepare(update);
  commit(update);
}

bool AccumulateGrad::collects() const {
  XGRAD_CHECK(!variable_->grad_fn,
              "backward: leaf variable has been moved into the graph interior: a tensor of shape ",
              variable_->sizes(), " was changed in place by ", variable_->grad_fn->name(),
              " after it was used as a leaf; use the out-of-place form of the op");
  return variable_->has(TensorImpl::kRequiresGrad);
}

void AccumulateGrad::check_shape(const Tensor& gradient) const {
  XGRAD_CHECK(!gradient.defined() || gradient.sizes() == variable_->sizes(), "backward: a gradient of shape ",
              gradient.sizes(), " arrives at a tensor of shape ", variable_->sizes(),
              "; what does a hook, or a node of your own, return?");
}

void AccumulateGrad::prepare(GradUpdate& update) const {
  if (!update.gradient.defined()) return;
  check_shape(update.gradient);
  if (update.gradient.dtype() != variable_->dtype()) update.gradient = update.gradient.to(variable_->dtype());
  AutogradMeta& meta = *variable_->meta;
  Tensor known;
  {
    const Locked lock(meta.accumulating);
    known = meta.grad;
  }
  if (!known.defined()) {
    update.total = ops::own_gradient(std::move(update.gradient));
    return;
  }
  check_known(*variable_, known);
  if (__builtin_expect(this_thread_state.anomaly_mode, 0) && !variable_->grad_fn)
    check_zero_grad(*variable_, known);
  update.known = known.unsafeGetTensorImpl();
  if (grad_enabled()) update.total = known + update.gradient;
}

// What `prepare` found is still so, unless another thread was faster at this leaf. A .grad() that goes is
// left to the caller, who may hold a lock.
void AccumulateGrad::commit(GradUpdate& update) {
  if (!update.gradient.defined() && !update.total.defined()) return;
  AutogradMeta& meta = *variable_->meta;
  const Locked lock(meta.accumulating);
  meta.version_at_accumulation = variable_->version();
  if (update.total.defined() && meta.grad.unsafeGetTensorImpl() == update.known) {
    std::swap(meta.grad, update.total);
    return;
  }
  Tensor& gradient = update.gradient.defined() ? update.gradient : update.total;
  if (meta.grad.defined())
    add_to(meta.grad, gradient);
  else
    meta.grad = ops::own_gradient(std::move(gradient));
}

}  // namespace xgrad::autograd
