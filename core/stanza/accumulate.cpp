// Sums of gradients.
#include <xgrad/core/stanza/accumulate.h>

#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>

#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::ops {

void accumulate(Tensor& total, Tensor gradient) {
  if (!gradient.defined()) return;
  if (!total.defined())
    total = std::move(gradient);
  else if (!autograd::grad_enabled() && reusable(total.impl()))
    total.add_(gradient);
  else if (!autograd::grad_enabled() && reusable(gradient.impl()))
    total = gradient.add_(total);
  else
    total = total.add(gradient);
}

Tensor own_gradient(Tensor gradient) {
  if (autograd::grad_enabled()) return gradient.clone(MemoryFormat::Contiguous);
  const bool is_view = gradient.impl().view_base != nullptr;
  if (!reusable(gradient.impl()) || (is_view && carries_tangents()))
    return gradient.clone(MemoryFormat::Contiguous);
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
  if (gradient.sizes() != sizes) gradient = gradient.sum_to_size(sizes);
  return gradient.dtype() == dtype ? gradient : gradient.to(dtype);
}

}  // namespace xgrad::ops
