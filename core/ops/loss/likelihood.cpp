// kl_div and poisson_nll_loss, written in ops that are there.
#include <xgrad/core/ops/loss/likelihood.h>

#include <numbers>

#include <xgrad/core/ops/loss/reduce_loss.h>

namespace xgrad {

Tensor kl_div(const Tensor& input, const Tensor& target, int64_t reduction, bool log_target) {
  XGRAD_CHECK(input.defined() && target.defined(), "kl_div: an argument is an undefined tensor");
  ops::check_reduction("kl_div", reduction);
  broadcast_sizes("kl_div", input.sizes(), target.sizes());
  const Tensor losses = log_target ? target.exp() * (target - input) : target.xlogy(target) - target * input;
  return ops::reduce_loss(losses, reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction) {
  XGRAD_CHECK(input.defined() && target.defined(), "poisson_nll_loss: an argument is an undefined tensor");
  ops::check_reduction("poisson_nll_loss", reduction);
  broadcast_sizes("poisson_nll_loss", input.sizes(), target.sizes());
  Tensor losses = log_input ? input.exp() - target * input : input - target * (input + eps).log();
  if (full) {
    const Tensor stirling = target * target.log() - target + 0.5 * (2 * std::numbers::pi * target).log();
    losses = losses + stirling.masked_fill(target.le(1), 0).to(losses.dtype());
  }
  return ops::reduce_loss(losses, reduction);
}

}  // namespace xgrad
