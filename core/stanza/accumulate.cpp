// Sums of gradients.
#include <xgrad/core/stanza/accumulate.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>

#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/state.h>

namespace xgrad::ops {

namespace {

// Whether nobody else sees the elements of `t`: it alone holds its memory, or a base that it alone holds and
// covers.
bool unshared(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  const bool covers =
      impl.view_base && impl.view_base->use_count() == 1 && impl.numel() == impl.view_base->numel();
  return t.use_count() == 1 && impl.storage()->use_count() == (covers ? 2 : 1) && t.is_contiguous();
}

}  // namespace

void accumulate(Tensor& total, Tensor gradient) {
  if (!gradient.defined()) return;
  if (!total.defined())
    total = std::move(gradient);
  else if (!autograd::grad_enabled() && unshared(total))
    total.add_(gradient);
  else if (!autograd::grad_enabled() && unshared(gradient))
    total = gradient.add_(total);
  else
    total = total + gradient;
}

void accumulate_leaf(Tensor& total, Tensor gradient) {
  if (autograd::grad_enabled())
    total = total + gradient;
  else
    total.add_(gradient);
}

Tensor own_gradient(Tensor gradient) {
  if (autograd::grad_enabled()) return gradient.clone(MemoryFormat::Contiguous);
  const bool own = unshared(gradient) && !gradient.impl().grad_fn;
  const bool is_view = gradient.impl().view_base != nullptr;
  if (!own || (is_view && carries_tangents())) return gradient.clone(MemoryFormat::Contiguous);
  return is_view ? gradient.detach() : gradient;
}

Tensor one_like(const Tensor& t) {
  Tensor one = new_tensor(t.dtype(), t.sizes());
  if (t.dtype() == kFloat && t.numel() == 1)
    *one.data_ptr<float>() = 1;
  else
    one.fill_(1);
  return one;
}

Tensor fit_gradient(Tensor gradient, IntArrayRef sizes, ScalarType dtype) {
  if (gradient.sizes() != sizes) gradient = sum_to_size(gradient, sizes);
  return gradient.dtype() == dtype ? gradient : gradient.to(dtype);
}

}  // namespace xgrad::ops
