// Tangents: a tensor's own, and those of views.
#include <xgrad/core/tape/tangents.h>

#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad::ops {

namespace {

Tensor own_tangent(const TensorImpl& t) {
  const autograd::AutogradMeta* meta = t.meta;
  return meta && meta->tangent_level == autograd::this_thread_state.dual_level ? meta->tangent : Tensor();
}

// Where `view` looks in its base, seen in the tangent of the base; undefined where that does not reach.
Tensor part_of(const Tensor& whole, const TensorImpl& base, const TensorImpl& view) {
  if (base.storage() != view.storage()) return Tensor();
  const int64_t offset = whole.storage_offset() + view.storage_offset() - base.storage_offset();
  const auto available = static_cast<int64_t>(whole.impl().storage()->nbytes() / whole.element_size());
  if (offset < 0 || extent(Geometry(view.sizes(), view.strides(), offset)) > available) return Tensor();
  const WithoutTangents pause;
  return whole.as_strided(view.sizes(), view.strides(), offset);
}

Tensor laid_out_like(const Tensor& t, const Tensor& tangent) {
  if (!tangent.defined() || tangent.strides() == t.strides()) return tangent;
  const WithoutTangents pause;
  const Tensor memory = zeros({extent(Geometry(t.sizes(), t.strides(), 0))}, tangent.options());
  const Tensor result = memory.as_strided(t.sizes(), t.strides(), 0);
  return result.copy_(tangent);
}

}  // namespace

Tensor tangent_of(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  Tensor own = own_tangent(impl);
  if (own.defined() || !impl.view_base) return own;
  const Tensor whole = own_tangent(*impl.view_base);
  // Not kept: threads may meet at one view.
  return whole.defined() ? part_of(whole, *impl.view_base, impl) : Tensor();
}

bool views_tangent(const Tensor& view, const Tensor& of) {
  if (tangent_of(view).defined()) return true;
  const Tensor whole = tangent_of(of),
               part = whole.defined() ? part_of(whole, of.impl(), view.impl()) : Tensor();
  if (part.defined()) set_tangent(view, part);
  return part.defined();
}

void set_tangent(const Tensor& t, const Tensor& tangent) {
  autograd::AutogradMeta& meta = autograd::ensure_meta(t.impl());
  meta.tangent = laid_out_like(t, tangent);
  meta.tangent_level = autograd::this_thread_state.dual_level;
}

void keep_output_tangent(const Tensor& copy, const Tensor& output) {
  const Tensor tangent = tangent_of(output);
  if (!tangent.defined()) return;
  if (tangent.requires_grad())
    autograd::this_thread_state.dual_outputs->add(copy, tangent);
  else
    set_tangent(copy, tangent);
}

}  // namespace xgrad::ops
