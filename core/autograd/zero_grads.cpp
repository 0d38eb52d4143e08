// What zero_grad of a module and of an optimizer is.
#include <xgrad/core/autograd/zero_grads.h>

#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>

namespace xgrad {

void zero_grads(TensorList tensors, bool set_to_none) {
  const NoGradGuard no_grad;
  if (!set_to_none)
    for (const Tensor& t : tensors)
      if (t.grad().defined()) ops::check_change("zero", t.grad(), false);
  for (const Tensor& t : tensors) {
    if (!t.grad().defined()) continue;
    Tensor& grad = t.mutable_grad();
    if (set_to_none) {
      grad.reset();
      continue;
    }
    if (grad.requires_grad()) grad = grad.detach();
    grad.zero_();
  }
}

}  // namespace xgrad
