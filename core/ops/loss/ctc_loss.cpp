// ctc_loss: the forward recursion over the time steps, for all samples and all places of their targets at
// once.
#include <algorithm>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/loss/likelihood.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

// In place of the logarithm of 0: no sum of such numbers is near any other, and their differences are
// numbers.
constexpr double kNever = -1e30;

struct Ctc {
  Tensor log_probs;  // [T, N, C], float or double
  Tensor places;     // [N, 2 S + 1]: blank, class, blank, ..., as far as the longest target
  std::vector<int64_t> input_lengths, target_lengths;
};

std::vector<int64_t> per_sample(const char* what, IntArrayRef lengths, int64_t samples, int64_t most) {
  std::vector<int64_t> all(lengths.begin(), lengths.end());
  XGRAD_CHECK_AS(ValueError, static_cast<int64_t>(all.size()) == samples, "ctc_loss: ", what,
                 " must hold one length per sample: it has ", all.size(), ", the batch ", samples);
  for (const int64_t length : all)
    XGRAD_CHECK_AS(ValueError, length >= 0 && length <= most, "ctc_loss: Expected ", what,
                   " to be between 0 and ", most, ", but got ", length);
  return all;
}

Ctc checked(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
            IntArrayRef target_lengths, int64_t blank) {
  XGRAD_CHECK(log_probs.defined() && targets.defined(), "ctc_loss: an argument is an undefined tensor");
  XGRAD_CHECK_AS(ValueError, log_probs.dim() == 2 || log_probs.dim() == 3,
                 "ctc_loss: log_probs must be [T, N, C] or [T, C]: it is ", log_probs.sizes());
  XGRAD_CHECK(log_probs.numel() > 0, "ctc_loss: log_probs must not be empty: it is ", log_probs.sizes());
  XGRAD_CHECK_AS(TypeError, log_probs.is_floating_point() && !targets.is_floating_point(),
                 "ctc_loss: needs floating-point log_probs and integers as targets: log_probs is ",
                 log_probs.dtype(), ", targets is ", targets.dtype());
  Ctc c{log_probs.dim() == 2 ? log_probs.unsqueeze(1) : log_probs, {}, {}, {}};
  if (c.log_probs.element_size() < 4) c.log_probs = c.log_probs.to(kFloat);
  const int64_t samples = c.log_probs.size(1), classes = c.log_probs.size(2);
  XGRAD_CHECK_AS(ValueError, blank >= 0 && blank < classes, "ctc_loss: blank must be in label range: it is ",
                 blank, ", there are ", classes, " classes");
  c.input_lengths = per_sample("input_lengths", input_lengths, samples, c.log_probs.size(0));
  const bool joined = targets.dim() == 1;
  XGRAD_CHECK_AS(ValueError, targets.dim() == 1 || (targets.dim() == 2 && targets.size(0) == samples),
                 "ctc_loss: targets must be [N, S] or one vector: it is ", targets.sizes(), ", the batch ",
                 samples);
  c.target_lengths = per_sample("target_lengths", target_lengths, samples,
                                targets.dim() == 1 ? targets.size(0) : targets.size(1));
  int64_t total = 0, longest = 0;
  for (const int64_t length : c.target_lengths) {
    total += length;
    longest = std::max(longest, length);
  }
  XGRAD_CHECK_AS(ValueError, !joined || total == targets.size(0), "ctc_loss: targets has ", targets.numel(),
                 " classes, the target_lengths together are ", total);
  const Tensor from = targets.to(kLong).contiguous();
  c.places = full({samples, 2 * longest + 1}, blank, kLong);
  const int64_t row = joined || samples == 0 ? 0 : from.numel() / samples;
  const int64_t* read = from.data_ptr<int64_t>();
  int64_t* write = c.places.data_ptr<int64_t>();
  for (int64_t n = 0, at = 0; n < samples; ++n) {
    const int64_t length = c.target_lengths[static_cast<std::size_t>(n)];
    for (int64_t s = 0; s < length; ++s) {
      const int64_t value = read[(joined ? at : n * row) + s];
      XGRAD_CHECK_AS(IndexError, value >= 0 && value < classes, "ctc_loss: Target ", value,
                     " is out of bounds: there are ", classes, " classes (0 to ", classes - 1, ")");
      write[n * (2 * longest + 1) + 2 * s + 1] = value;
    }
    at += length;
  }
  return c;
}

// The row that comes from `by` places before.
Tensor shifted(const Tensor& row, int64_t by) {
  const int64_t kept = std::max<int64_t>(0, row.size(1) - by);
  const Tensor before = full({row.size(0), row.size(1) - kept}, kNever, row.options());
  return cat({before, row.narrow(1, 0, kept)}, 1);
}

// -log of the probability of each target, [N]; about -kNever where there is none.
Tensor losses_of(const Ctc& c) {
  const int64_t steps = c.log_probs.size(0), samples = c.log_probs.size(1), width = c.places.size(1);
  const Tensor emitted = c.log_probs.gather(2, c.places.unsqueeze(0).expand({steps, samples, width}));
  // A blank may be skipped between two classes that differ.
  const Tensor skips =
      width > 2
          ? cat({zeros({samples, 2}, kBool), c.places.narrow(1, 2, width - 2)
                                                 .ne(c.places.narrow(1, 0, width - 2))
                                                 .logical_and(arange(2, width, kLong).remainder(2).eq(1))},
                1)
          : zeros({samples, width}, kBool);
  const Tensor begins = arange(width, kLong).lt(2).expand({samples, width});
  const Tensor lengths = tensor(c.input_lengths, kLong).unsqueeze(1);
  const Tensor never = full({}, kNever, c.log_probs.options());
  Tensor alpha =
      where(arange(width, kLong).eq(0).expand({samples, width}), zeros({}, never.options()), never);
  for (int64_t t = 0; t < steps; ++t) {
    const Tensor skipped = t == 0 ? never.expand({samples, width}) : where(skips, shifted(alpha, 2), never);
    const Tensor next = logsumexp(stack({alpha, shifted(alpha, 1), skipped}, 0), {0}) + emitted[t];
    alpha = where(lengths.gt(t), t == 0 ? where(begins, emitted[0], never) : next, alpha);
  }
  // It ends in the last class or in the blank behind it.
  const Tensor last = tensor(c.target_lengths, kLong).unsqueeze(1) * 2;
  const Tensor in_class = where(last.gt(0), alpha.gather(1, (last - 1).clamp_min(0)), never);
  return -logsumexp(cat({alpha.gather(1, last), in_class}, 1), {1});
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
                IntArrayRef target_lengths, int64_t blank, int64_t reduction, bool zero_infinity) {
  ops::check_reduction("ctc_loss", reduction);
  const Ctc c = checked(log_probs, targets, input_lengths, target_lengths, blank);
  const int64_t steps = c.log_probs.size(0);
  Tensor losses = losses_of(c);
  // PyTorch's gradient is that of the input of the log_softmax. The term is 0; its gradient is the softmax.
  const Tensor counts = arange(steps, kLong).unsqueeze(1).lt(tensor(c.input_lengths, kLong).unsqueeze(0));
  Tensor softmax = c.log_probs.exp().sum({2}).masked_fill(counts.logical_not(), 0).sum({0});
  softmax = softmax.masked_fill(softmax.isfinite().logical_not(), 0);  // of what are no log-probabilities
  losses = losses + (softmax - softmax.detach());
  losses = losses.masked_fill(losses.gt(-kNever / 2), zero_infinity ? 0 : HUGE_VAL).to(log_probs.dtype());
  if (reduction == Reduction::Mean)
    losses = losses / tensor(c.target_lengths, kLong).clamp_min(1).to(log_probs.dtype());
  return ops::reduce_loss(log_probs.dim() == 2 ? losses.squeeze(0) : losses, reduction);
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, int64_t blank, int64_t reduction, bool zero_infinity) {
  const auto numbers = [](const char* what, const Tensor& t) {
    XGRAD_CHECK_AS(TypeError, t.defined() && is_integral_type(t.dtype(), false), "ctc_loss: ", what,
                   " must be integral");
    const Tensor flat = t.to(kLong).reshape({-1}).contiguous();
    return std::vector<int64_t>(flat.data_ptr<int64_t>(), flat.data_ptr<int64_t>() + flat.numel());
  };
  return ctc_loss(log_probs, targets, numbers("input_lengths", input_lengths),
                  numbers("target_lengths", target_lengths), blank, reduction, zero_infinity);
}

}  // namespace xgrad
