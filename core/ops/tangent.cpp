// Tangents: where they are kept, and the transpose of a derivative.
#include <xgrad/core/ops/tangent.h>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/autograd/meta.h>
#include <xgrad/core/ops/arithmetic.h>
#include <xgrad/core/ops/op_node.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::ops {

Tensor tangent_of(const Tensor& t) {
  const autograd::AutogradMeta* meta = t.impl().meta;
  return meta && meta->tangent_level == autograd::this_thread_state.dual_level ? meta->tangent : Tensor();
}

void set_tangent(const Tensor& t, const Tensor& tangent) {
  autograd::AutogradMeta& meta = autograd::ensure_meta(t.impl());
  meta.tangent = tangent;
  meta.tangent_level = autograd::this_thread_state.dual_level;
}

bool collect_tangents(const Argument* args, int n, Tensor* tangents) {
  bool any = false;
  for (int i = 0; i < n; ++i) {
    if (!args[i].tensor || !args[i].tensor->is_floating_point()) continue;
    tangents[i] = tangent_of(*args[i].tensor);
    any = any || tangents[i].defined();
  }
  return any;
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
