// Losses that are content once a margin is kept, written in ops that are there.
#include <xgrad/core/ops/loss/margin.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

void check_defined(const char* op, std::initializer_list<const Tensor*> tensors) {
  for (const Tensor* t : tensors) XGRAD_CHECK(t->defined(), op, ": an argument is an undefined tensor");
}

// The error of shapes that do not broadcast names the loss.
void check_broadcast(const char* op, std::initializer_list<const Tensor*> tensors) {
  check_defined(op, tensors);
  DimVector sizes;
  for (const Tensor* t : tensors) sizes = broadcast_sizes(op, sizes, t->sizes());
}

// Samples of classes: both [N, C], whatever was given.
struct Classes {
  Tensor input, target;
  DimVector losses;  // the shape of what the samples lose
};

Classes classes_of(const char* op, const Tensor& input, const Tensor& target, bool lists) {
  check_defined(op, {&input, &target});
  XGRAD_CHECK_AS(TypeError, target.dtype() == kLong, op, ": target must hold the classes as int64: it is ",
                 target.dtype(), "; convert it with to(kLong)");
  const bool one = input.dim() <= 1;
  const Tensor x = one ? input.reshape({1, -1}) : input;
  const Tensor t = lists ? (one ? target.reshape({1, -1}) : target) : target.reshape({-1});
  const bool fits = x.dim() == 2 && x.size(1) > 0 &&
                    (lists ? t.sizes() == x.sizes() : t.size(0) == x.size(0) && target.dim() <= 1);
  XGRAD_CHECK_AS(ValueError, fits, op, ": input must be [N, C] or [C] and target ",
                 lists ? "of the same shape" : "[N] or a number", ": input is ", input.sizes(),
                 ", target is ", target.sizes());
  const NoGradGuard no_grad;
  if (t.numel() > 0) {
    const int64_t least = t.min().item<int64_t>(), most = t.max().item<int64_t>();
    XGRAD_CHECK_AS(IndexError, (lists || least >= 0) && most < x.size(1), op, ": Target ",
                   most < x.size(1) ? least : most, " is out of bounds: there are ", x.size(1),
                   " classes (0 to ", x.size(1) - 1, ")");
  }
  return {x, t, lists ? DimVector(input.sizes().slice(0, one ? 0 : 1)) : DimVector(target.sizes())};
}

Tensor finish(const Classes& c, const Tensor& losses, int64_t reduction) {
  return ops::reduce_loss(losses.reshape(c.losses), reduction);
}

Tensor distance(const Tensor& a, const Tensor& b, double p, double eps) {
  return (a - b + eps).norm(Scalar(p), {-1});
}

}  // namespace

Tensor soft_margin_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  check_broadcast("soft_margin_loss", {&input, &target});
  ops::check_reduction("soft_margin_loss", reduction);
  XGRAD_CHECK_AS(TypeError, input.is_floating_point(),
                 "soft_margin_loss: input must be floating-point: it is ", input.dtype());
  return ops::reduce_loss(-log_sigmoid(input * target).to(input.dtype()), reduction);
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin, int64_t reduction) {
  check_broadcast("hinge_embedding_loss", {&input, &target});
  ops::check_reduction("hinge_embedding_loss", reduction);
  const Tensor apart = (margin - input).clamp_min(0), zero = zeros({}, input.options());
  return ops::reduce_loss(where(target.ne(1), apart, zero) + where(target.ne(-1), input, zero), reduction);
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                           int64_t reduction) {
  const char* op = "margin_ranking_loss";
  check_broadcast(op, {&input1, &input2, &target});
  ops::check_reduction(op, reduction);
  XGRAD_CHECK_AS(ValueError, input1.dim() == input2.dim() && input1.dim() == target.dim(), op,
                 ": All input tensors should have same dimension: input1 is ", input1.sizes(), ", input2 is ",
                 input2.sizes(), ", target is ", target.sizes());
  return ops::reduce_loss((margin - target * (input1 - input2)).clamp_min(0), reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                             int64_t reduction) {
  const char* op = "cosine_embedding_loss";
  check_defined(op, {&input1, &input2, &target});
  ops::check_reduction(op, reduction);
  XGRAD_CHECK_AS(ValueError, target.dim() <= 1, op, ": 0D or 1D target tensor expected: target is ",
                 target.sizes());
  XGRAD_CHECK_AS(ValueError, input1.dim() == target.dim() + 1 && input2.dim() == target.dim() + 1, op,
                 ": inputs must have a dimension more than target: input1 is ", input1.sizes(),
                 ", input2 is ", input2.sizes(), ", target is ", target.sizes());
  check_broadcast(op, {&input1, &input2});
  constexpr double kEpsilon = 1e-12;  // keeps the gradient finite where an input is 0
  const Tensor a = input1.square().sum({-1}) + kEpsilon, b = input2.square().sum({-1}) + kEpsilon;
  const Tensor cosine = (input1 * input2).sum({-1}) / (a * b).sqrt(), zero = zeros({}, cosine.options());
  check_broadcast(op, {&cosine, &target});
  const Tensor near = where(target.eq(1), 1 - cosine, zero);
  const Tensor far = where(target.eq(-1), (cosine - margin).clamp_min(0), zero);
  return ops::reduce_loss(near + far, reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin, double p, double eps, bool swap, int64_t reduction) {
  const char* op = "triplet_margin_loss";
  check_broadcast(op, {&anchor, &positive, &negative});
  ops::check_reduction(op, reduction);
  XGRAD_CHECK_AS(ValueError, anchor.dim() == positive.dim() && anchor.dim() == negative.dim(), op,
                 ": anchor, positive and negative must have equally many dimensions: anchor is ",
                 anchor.sizes(), ", positive is ", positive.sizes(), ", negative is ", negative.sizes());
  const Tensor near = distance(anchor, positive, p, eps);
  Tensor far = distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, distance(positive, negative, p, eps));
  return ops::reduce_loss((margin + near - far).clamp_min(0), reduction);
}

namespace {

// Without NaN, as PyTorch's loops compare.
Tensor positive_part(const Tensor& x) { return x.masked_fill(x.gt(0).logical_not(), 0); }

}  // namespace

Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const Scalar& p, const Scalar& margin,
                         const optional<Tensor>& given_weight, int64_t reduction) {
  const Tensor weight = given_weight.value_or(Tensor());
  const char* op = "multi_margin_loss";
  ops::check_reduction(op, reduction);
  const double power = p.to<double>();
  XGRAD_CHECK_AS(ValueError, power == 1 || power == 2, op, ": only p == 1 and p == 2 supported: p is ",
                 power);
  const Classes c = classes_of(op, input, target, false);
  const int64_t classes = c.input.size(1);
  XGRAD_CHECK_AS(ValueError, !weight.defined() || (weight.dim() == 1 && weight.size(0) == classes), op,
                 ": weight must hold one number per class: input is ", input.sizes(), " with ", classes,
                 " classes, weight is ", weight.sizes());
  const Tensor at = c.target.unsqueeze(1);
  Tensor excess = positive_part(margin - c.input.gather(1, at) + c.input);
  if (power == 2) excess = excess.square();
  if (weight.defined()) excess = excess * weight.index_select(0, c.target).unsqueeze(1);
  return finish(c, excess.scatter(1, at, 0).sum({1}) / static_cast<double>(classes), reduction);
}

Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  const char* op = "multilabel_margin_loss";
  ops::check_reduction(op, reduction);
  const Classes c = classes_of(op, input, target, true);
  const auto classes = static_cast<double>(c.input.size(1));
  // The first -1 ends a list; no more columns are looked at than the longest has.
  const Tensor listed = c.target.lt(0).cumsum(1).eq(0);
  const int64_t longest = listed.numel() == 0 ? 0 : listed.sum({1}).max().item<int64_t>();
  const Tensor valid = listed.narrow(1, 0, longest);
  const Tensor at = c.target.narrow(1, 0, longest).masked_fill(valid.logical_not(), 0);
  const Tensor others = zeros_like(c.target).scatter_add(1, at, valid.to(kLong)).eq(0);
  const Tensor excess = positive_part(1 - c.input.gather(1, at).unsqueeze(2) + c.input.unsqueeze(1));
  const Tensor counted = valid.unsqueeze(2).logical_and(others.unsqueeze(1));
  return finish(c, excess.masked_fill(counted.logical_not(), 0).sum({1, 2}) / classes, reduction);
}

}  // namespace xgrad
