// Saving values for backward and getting them back, with the checks users rely on.
#include <xgrad/core/tape/saved.h>

#include <new>

#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/tangents.h>
#include <xgrad/core/tensor/data_change.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

SavedValue::SavedValue(SavedValue&& o) noexcept : version_(o.version_), kind_(o.kind_) {
  if (holds_tensor())
    new (&tensor_) Tensor(std::move(o.tensor_));
  else
    integer_ = o.integer_;  // the bits of a floating number too
}

namespace {

// A tensor that is not a leaf of the graph can get a new history by a change in place, and that may lead to
// the very node that saves it: a cycle that nothing would free. The node keeps another tensor over the same
// data, with the history and the tangent of now.
bool may_get_history(const TensorImpl& t) {
  const bool is_leaf = t.has(TensorImpl::kRequiresGrad) && !t.grad_fn;
  return !is_leaf && is_floating_type(t.dtype());
}

}  // namespace

namespace ops {

Tensor with_history_of_now(const Tensor& t) {
  TensorImpl& from = t.impl();
  Tensor copy(intrusive_ptr<TensorImpl>::adopt(from.shallow_copy()));
  copy.impl().set(TensorImpl::kWrapped, from.has(TensorImpl::kWrapped));
  if (from.requires_grad()) {
    autograd::Edge edge = autograd::gradient_edge(t);
    copy.impl().output_nr = edge.input_nr;
    copy.impl().grad_fn = edge.function.detach();
  }
  if (carries_tangents())
    if (const Tensor tangent = tangent_of(t); tangent.defined())
      set_tangent(copy, with_history_of_now(tangent));
  return copy;
}

void become(const Tensor& t, const Tensor& value) {
  const Tensor next = with_history_of_now(value);
  TensorImpl &from = next.impl(), &to = t.impl();
  const Tensor tangent = carries_tangents() ? tangent_of(next) : Tensor();
  DataChange data(t, value);
  autograd::replace_history(to, intrusive_ptr<autograd::Node>(from.grad_fn));
  data.commit();
  to.set(TensorImpl::kRequiresGrad, false);
  to.output_nr = from.output_nr;
  if (to.meta) to.meta->tangent = {};
  if (tangent.defined()) set_tangent(t, tangent);
}

}  // namespace ops

void SavedValue::save_input(const Argument& a) {
  if (a.tensor && !a.tensor->defined()) {
    kind_ = Kind::absent;
  } else if (a.tensor) {
    XGRAD_CHECK(!a.tensor->is_inference(),
                "Inference tensors cannot be saved for backward: a tensor of shape ", a.tensor->sizes(),
                " was made under InferenceMode; clone() it first");
    new (&tensor_)
        Tensor(may_get_history(a.tensor->impl()) ? ops::with_history_of_now(*a.tensor) : *a.tensor);
    version_ = tensor_.impl().version();
    kind_ = Kind::input;
  } else if (a.number.isFloatingPoint()) {
    floating_ = a.number.toDouble();
    kind_ = Kind::floating;
  } else {
    integer_ = a.number.toLong();
    kind_ = a.number.isBoolean() ? Kind::boolean : Kind::integer;
  }
}

void SavedValue::save_output(const Tensor& t) {
  new (&tensor_) Tensor(intrusive_ptr<TensorImpl>::adopt(t.impl().shallow_copy()));
  tensor_.impl().output_nr = t.impl().output_nr;
  version_ = t.impl().version();
  kind_ = Kind::output;
}

void SavedValue::follow_change(const Tensor& t) {
  if (!holds_tensor() || tensor_.impl().storage() != t.impl().storage()) return;
  if (kind_ == Kind::output) tensor_.impl().output_nr = t.impl().output_nr;
  version_ = t.impl().version();
}

void SavedValue::save_tangent(const Tensor& t) const {
  if (kind_ == Kind::output) ops::keep_output_tangent(tensor_, t);
}

Argument SavedValue::unpack(const autograd::Node& node, Tensor& scratch) const {
  if (kind_ == Kind::floating) return Scalar(floating_);
  if (kind_ == Kind::integer) return Scalar(integer_);
  if (kind_ == Kind::boolean) return Scalar(integer_ != 0);
  if (kind_ == Kind::absent) return scratch;
  XGRAD_CHECK(
      kind_ != Kind::released, node.name(),
      ": Trying to backward through the graph a second time, but what it saved was freed by the first; call "
      "backward(..., retain_graph=true) the first time, or compute the result again");
  TensorImpl& impl = tensor_.impl();
  if (__builtin_expect(impl.version() != version_, 0))
    fail(
        "backward: one of the variables needed for gradient computation has been modified by an inplace "
        "operation: ",
        node.name(), " needs a tensor of shape ", impl.sizes(), " at version ", version_, ", found version ",
        impl.version(), "; use the out-of-place form of the op, or clone() before it");
  if (kind_ == Kind::output && autograd::grad_enabled()) {
    scratch = Tensor(intrusive_ptr<TensorImpl>::adopt(impl.shallow_copy()));
    scratch.impl().output_nr = impl.output_nr;
    scratch.impl().grad_fn = intrusive_ptr<autograd::Node>(const_cast<autograd::Node*>(&node)).detach();
    if (ops::carries_tangents()) ops::set_tangent(scratch, ops::tangent_of(tensor_));
    return scratch;
  }
  return tensor_;
}

}  // namespace xgrad
