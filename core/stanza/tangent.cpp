// Tangents: where they are kept, and the transpose of a derivative.
#include <xgrad/core/stanza/tangent.h>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>

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

bool share_memory(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() && a.impl().storage() == b.impl().storage();
}

// After a change in place: views of `t`, and what `t` is a view of, see the new tangent too.
void update_tangent(const Tensor& t, const Tensor& tangent) {
  Tensor known = tangent_of(t);
  if (!known.defined() && t.is_view()) {
    const Tensor base = t._base();
    set_tangent(base, zeros(base.sizes(), base.options()));
    known = tangent_of(t);
  }
  if (known.is_same(tangent)) return;
  if (known.defined() && known.impl().storage()->use_count() > 1)
    known.copy_(tangent);
  else
    set_tangent(t, tangent);
}

}  // namespace

Tensor tangent_of(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  Tensor own = own_tangent(impl);
  if (own.defined() || !impl.view_base) return own;
  const Tensor whole = own_tangent(*impl.view_base);
  Tensor part = whole.defined() ? part_of(whole, *impl.view_base, impl) : Tensor();
  if (part.defined()) set_tangent(t, part);
  return part;
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

void settle_tangent(const Tensor& out, Tensor tangent, const Tensor* arriving, int n, bool in_place) {
  if (!tangent.defined()) tangent = zeros(out.sizes(), out.options());
  const bool may_share = in_place ? tangent.is_same(tangent_of(out)) : out.is_view();
  for (int i = 0; i < n && !may_share; ++i)
    if (share_memory(tangent, arriving[i])) tangent = tangent.clone();
  in_place ? update_tangent(out, tangent) : set_tangent(out, tangent);
}

void keep_output_tangent(const Tensor& copy, const Tensor& output) {
  const Tensor tangent = tangent_of(output);
  if (!tangent.defined()) return;
  set_tangent(copy, tangent);
  if (tangent.requires_grad()) autograd::this_thread_state.dual_outputs->add(copy);
}

Tensor apply_transposed(const std::function<Tensor(const Tensor&)>& derivative, const Tensor& out,
                        const Tensor& tangent) {
  const bool recorded = autograd::grad_enabled();
  const AutoGradMode recording(true);
  const Tensor gradient = zeros(out.sizes(), out.options()).requires_grad_();
  const Tensor image = derivative(gradient);
  if (!image.defined() || !image.requires_grad()) return Tensor();
  return autograd::grad({image}, {gradient}, {tangent}, true, recorded, true)[0];
}

Tensor fit_tangent(const Tensor& tangent, const Tensor& out) {
  const Tensor t = tangent.dtype() == out.dtype() ? tangent : tangent.to(out.dtype());
  return t.sizes() == out.sizes() ? t : t.expand(out.sizes());
}

Tensor add_tangents(const Tensor& a, const Tensor& b) {
  if (!a.defined()) return b;
  return b.defined() ? a + b : a;
}

}  // namespace xgrad::ops
