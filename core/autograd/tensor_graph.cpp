// A tensor's place in a graph: whether it requires a gradient, what has arrived, hooks, and how it prints
// with its history.
#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/autograd/walk.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/format.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

namespace {

const Tensor none;

}  // namespace

bool Tensor::is_leaf() const {
  TensorImpl& t = impl();
  if (t.view_base) autograd::refresh_view_history(t);
  return t.grad_fn == nullptr;
}

const Tensor& Tensor::set_requires_grad(bool r) const {
  if (!defined() && !r) return *this;
  TensorImpl& t = impl();
  XGRAD_CHECK_AS(TypeError, !r || is_floating_type(t.dtype()),
                 "requires_grad_: only Tensors of floating point dtype can require gradients: self is ",
                 t.dtype(), "; convert it with to(kFloat)");
  XGRAD_CHECK(!r || !t.has(TensorImpl::kInference) || autograd::this_thread_state.inference_mode,
              "requires_grad_: Setting requires_grad=True on inference tensor outside InferenceMode is not "
              "allowed: self is ",
              t.sizes(), "; clone() it first");
  XGRAD_CHECK(r || !t.grad_fn,
              "requires_grad_: you can only change requires_grad flags of leaf variables; to stop the "
              "gradient here use detach()");
  if (!t.grad_fn) t.set(TensorImpl::kRequiresGrad, r);
  return *this;
}

const Tensor& Tensor::grad() const {
  const TensorImpl& t = impl();
  return t.meta ? t.meta->grad : detail::undefined();
}

Tensor& Tensor::mutable_grad() const { return autograd::ensure_meta(impl()).grad; }

intrusive_ptr<autograd::Node> Tensor::grad_fn() const {
  TensorImpl& t = impl();
  if (t.view_base) autograd::refresh_view_history(t);
  return intrusive_ptr<autograd::Node>(t.grad_fn);
}

void Tensor::backward(const Tensor& gradient, optional<bool> retain_graph, bool create_graph,
                      optional<TensorList> inputs) const {
  if (!inputs)
    return autograd::backward_from(*this, gradient, retain_graph.value_or(create_graph), create_graph);
  XGRAD_CHECK(!inputs->empty(),
              "backward: 'inputs' argument to backward cannot be empty; leave it out to reach every leaf");
  autograd::backward({*this}, {gradient}, retain_graph, create_graph, inputs->vec());
}

void Tensor::retain_grad() const {
  TensorImpl& t = impl();
  XGRAD_CHECK(t.requires_grad(), "retain_grad: can't retain_grad on a Tensor that has requires_grad=False");
  autograd::AutogradMeta& meta = autograd::ensure_meta(t);
  const auto node = grad_fn();
  if (!node || meta.retains_grad) return;
  autograd::NodeExtras& extras = node->ensure_extras();
  const std::lock_guard lock(extras.mutex);
  extras.retain_grad.push_back(&t);
  meta.retains_grad = true;
}

bool Tensor::retains_grad() const { return impl().meta && impl().meta->retains_grad; }

unsigned Tensor::add_hook(std::function<Tensor(const Tensor&)> hook) const {
  TensorImpl& t = impl();
  XGRAD_CHECK(t.requires_grad(),
              "register_hook: cannot register a hook on a tensor that doesn't require gradient");
  if (const auto node = grad_fn()) {
    autograd::NodeExtras& extras = node->ensure_extras();
    const std::lock_guard lock(extras.mutex);
    extras.tensor_hooks.push_back({{autograd::new_hook_number(), std::move(hook)}, t.output_nr});
    return extras.tensor_hooks.back().first;
  }
  return autograd::ensure_meta(t).hooks.emplace_back(autograd::new_hook_number(), std::move(hook)).first;
}

void Tensor::remove_hook(unsigned position) const {
  TensorImpl& t = impl();
  if (const auto node = grad_fn(); node && node->extras()) {
    autograd::NodeExtras& extras = *node->extras();
    std::vector<autograd::NodeExtras::OutputHook> taken;  // ends, with what it holds, when the lock is open
    const std::lock_guard lock(extras.mutex);
    if (autograd::take_hook(extras.tensor_hooks, position, taken)) return;
  } else if (!node && t.meta) {
    std::vector<std::pair<unsigned, autograd::TensorHook>> taken;
    if (autograd::take_hook(t.meta->hooks, position, taken)) return;
  }
  throw IndexError(concat("remove_hook: the tensor has no hook ", static_cast<int64_t>(position),
                          "; register_hook returned its number"));
}

Tensor& Tensor::detach_() const {
  TensorImpl& t = impl();
  XGRAD_CHECK(!t.view_base || !t.requires_grad(),
              "detach_: can't detach views in-place; use detach() instead");
  if (t.grad_fn) autograd::create_gradient_edge(*this, nullptr);
  t.set(TensorImpl::kRequiresGrad, false);
  t.output_nr = 0;
  return const_cast<Tensor&>(*this);
}

std::string detail::python_text(const Tensor& t) {
  if (!t.defined()) return "None";
  Suffix suffix;
  if (const auto node = t.grad_fn())
    suffix.grad_fn = node->name();
  else
    suffix.requires_grad = t.requires_grad();
  return format_array(
      {t.data_ptr(), t.dtype(), static_cast<int>(t.dim()), t.sizes().data(), t.strides().data()}, suffix);
}

}  // namespace xgrad
