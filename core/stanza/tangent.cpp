// What the tangent of a result becomes.
#include <xgrad/core/stanza/tangent.h>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad::ops {

namespace {

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

void settle_tangent(const Tensor& out, Tensor tangent, const Tensor* arriving, int n, bool in_place) {
  if (!tangent.defined()) tangent = zeros(out.sizes(), out.options());
  const bool may_share = in_place ? tangent.is_same(tangent_of(out)) : out.is_view();
  for (int i = 0; i < n && !may_share; ++i)
    if (arriving[i].defined() && share_memory(tangent, arriving[i])) tangent = tangent.clone();
  in_place ? update_tangent(out, tangent) : set_tangent(out, tangent);
}

Tensor fit_tangent(const Tensor& tangent, const Tensor& out) {
  const Tensor t = tangent.dtype() == out.dtype() ? tangent : tangent.to(out.dtype());
  return t.sizes() == out.sizes() ? t : t.expand(out.sizes());
}

Tensor add_tangents(const Tensor& a, const Tensor& b) {
  if (!a.defined()) return b;
  return b.defined() ? a.add(b) : a;
}

}  // namespace xgrad::ops
