// Losses between an input and a target of equal shape: the elements, and their sum or mean as one node.
// Losses over classes stand in class_loss.cpp.
#include <xgrad/core/ops/loss/loss.h>

#include <xgrad/core/ops/loss/loss_formulas.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/warning.h>

namespace xgrad {

namespace {

// The sum or mean of an elementwise loss as one node, over the derivatives of the element.
template <class Element>
struct ReducedLoss : Kernel<2> {
  static constexpr OpName name = Element::name;
  Element element;
  bool mean;

  Tensor forward(const Tensor& x, const Tensor& t) const {
    const Tensor losses = xgrad::pointwise(element, x, t);
    return mean ? xgrad::mean(losses) : xgrad::sum(losses);
  }
  Tensor backward_0(const Tensor& g, const Tensor& x, const Tensor& t) const {
    return derivative<0>(g, x, t);
  }
  using saved_0 = Saved<In<0>, In<1>>;
  Tensor backward_1(const Tensor& g, const Tensor& x, const Tensor& t) const {
    return derivative<1>(g, x, t);
  }
  using saved_1 = Saved<In<0>, In<1>>;

  template <int I>
  Tensor derivative(const Tensor& g, const Tensor& x, const Tensor& t) const {
    constexpr bool uses_both = detail::Derivative<Element, I>::saved::count == 2;
    const double factor = mean ? 1.0 / static_cast<double>(x.numel()) : 1.0;
    if (ops::derivative_is_expression()) {
      const Tensor each = mean ? g * factor : g;
      if constexpr (uses_both)
        return detail::Derivative<Element, I>::call(element, each, x, t);
      else
        return detail::Derivative<Element, I>::call(element, each, x);
    }
    // A gradient of equal layout takes the short way through the executor, and its memory becomes the result;
    // for a large one that would be a pass more.
    const Scalar value = g.item<double>() * factor;
    const Tensor each =
        x.numel() <= 4096 ? full(x.sizes(), value, x.options()) : full({}, value, x.options());
    const Argument args[] = {each, x, t};
    return ops::run_derivative(ops::op_of<Element>, 1 + I, &element, args, uses_both ? 3 : 2, true);
  }
};

template <class Element>
Tensor reduced(const Element& element, const Tensor& x, const Tensor& t, int64_t reduction) {
  ops::check_reduction(Element::name.op, reduction);
  if (reduction == Reduction::None) return pointwise(element, x, t);
  return differentiable(ReducedLoss<Element>{{}, element, reduction == Reduction::Mean}, x, t);
}

struct Pair {
  Tensor input, target;
};

// Both in the common shape and dtype. Unequal shapes are allowed and hardly ever meant: [N, 1] and [N] give a
// loss over N * N pairs that goes down like any other. PyTorch warns in Python once per line, in C++ at each
// call; here it is once per op, since each instance of this template is a place of its own.
template <class Element>
Pair broadcast(const Tensor& input, const Tensor& target) {
  constexpr const char* op = Element::name.op;
  XGRAD_CHECK(input.defined() && target.defined(), op, ": an argument is an undefined tensor");
  Pair pair{input, target};
  // Of both as tensors of the common shape: a single value counts as much as the others.
  const ScalarType dtype = promote_types(input.dtype(), target.dtype());
  XGRAD_CHECK_AS(TypeError, is_floating_type(dtype), op, ": needs a floating-point tensor: input is ",
                 input.dtype(), ", target is ", target.dtype());
  if (input.dtype() != dtype) pair.input = input.to(dtype);
  if (target.dtype() != dtype) pair.target = target.to(dtype);
  if (input.sizes() != target.sizes()) {
    const DimVector sizes = broadcast_sizes(op, input.sizes(), target.sizes());
    XGRAD_WARN_ONCE(
        op, ": input and target should have the same shape, but are broadcast to ", sizes, ": input is ",
        input.sizes(), ", target is ", target.sizes(),
        input.numel() == target.numel() ? "; use view_as" : "; use expand_as where that is meant");
    pair = {pair.input.expand(sizes), pair.target.expand(sizes)};
  }
  return pair;
}

void check_same_shape(const char* op, const Tensor& input, const Tensor& target) {
  XGRAD_CHECK(input.defined() && target.defined(), op, ": an argument is an undefined tensor");
  XGRAD_CHECK_AS(ValueError, input.sizes() == target.sizes(), op,
                 ": input and target must have the same shape: input is ", input.sizes(), ", target is ",
                 target.sizes(), input.numel() == target.numel() ? "; use view_as" : "");
  XGRAD_CHECK_AS(TypeError, input.is_floating_point() && target.is_floating_point(), op,
                 ": needs floating-point tensors: input is ", input.dtype(), ", target is ", target.dtype(),
                 "; convert with to(...)");
}

void check_probabilities(const char* argument, const Tensor& t, const char* cure) {
  if (t.numel() == 0) return;
  NoGradGuard no_grad;
  const double least = amin(t).item<double>(), most = amax(t).item<double>();
  XGRAD_CHECK(least >= 0 && most <= 1, "binary_cross_entropy: all elements of ", argument,
              " should be between 0 and 1: found values from ", least, " to ", most, cure);
}

}  // namespace

Tensor ops::reduce_loss(const Tensor& losses, int64_t reduction) {
  return reduction == Reduction::None ? losses : reduction == Reduction::Mean ? mean(losses) : sum(losses);
}

void ops::check_reduction(const char* op, int64_t reduction) {
  XGRAD_CHECK_AS(ValueError, reduction >= Reduction::None && reduction <= Reduction::Sum, op,
                 ": reduction must be Reduction::None, Mean or Sum: got ", reduction);
}

Tensor mse_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  const Pair p = broadcast<MseElement>(input, target);
  return reduced(MseElement{}, p.input, p.target, reduction);
}

Tensor l1_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  if (!is_floating_type(promote_types(input.dtype(), target.dtype()))) {
    ops::check_reduction("l1_loss", reduction);
    return ops::reduce_loss(abs(sub(input, target)), reduction);
  }
  const Pair p = broadcast<L1Element>(input, target);
  return reduced(L1Element{}, p.input, p.target, reduction);
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, int64_t reduction, double beta) {
  XGRAD_CHECK_AS(ValueError, beta >= 0, "smooth_l1_loss: beta must not be negative: got ", beta);
  const Pair p = broadcast<SmoothL1Element>(input, target);
  if (beta == 0) return reduced(L1Element{}, p.input, p.target, reduction);
  return reduced(SmoothL1Element{{}, beta}, p.input, p.target, reduction);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, int64_t reduction, double delta) {
  XGRAD_CHECK_AS(ValueError, delta > 0, "huber_loss: does not support non-positive values for delta: got ",
                 delta);
  XGRAD_CHECK_AS(TypeError, input.is_floating_point(), "huber_loss: needs a floating-point input: input is ",
                 input.dtype());
  const Pair p = broadcast<HuberElement>(input, target);
  return reduced(HuberElement{{}, delta}, p.input, p.target, reduction).to(input.dtype());
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const optional<Tensor>& given_weight,
                            int64_t reduction) {
  const Tensor weight = given_weight.value_or(Tensor());
  check_same_shape("binary_cross_entropy", input, target);
  XGRAD_CHECK_AS(TypeError, input.dtype() == target.dtype(),
                 "binary_cross_entropy: target must have input's dtype: input is ", input.dtype(),
                 ", target is ", target.dtype(), "; convert it with to(", input.dtype(), ")");
  check_probabilities("input", input, "; for logits use binary_cross_entropy_with_logits");
  check_probabilities("target", target, "");
  const Pair p = broadcast<BceElement>(input, target);
  if (!weight.defined()) return reduced(BceElement{}, p.input, p.target, reduction);
  ops::check_reduction("binary_cross_entropy", reduction);
  const DimVector sizes = broadcast_sizes("binary_cross_entropy", weight.sizes(), input.sizes());
  XGRAD_CHECK(IntArrayRef(sizes) == input.sizes(),
              "binary_cross_entropy: weight does not broadcast to input: weight is ", weight.sizes(),
              ", input is ", input.sizes());
  return ops::reduce_loss((pointwise(BceElement{}, p.input, p.target) * weight).to(input.dtype()), reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const optional<Tensor>& given_weight,
                                        const optional<Tensor>& given_pos_weight, int64_t reduction) {
  const Tensor weight = given_weight.value_or(Tensor());
  const Tensor pos_weight = given_pos_weight.value_or(Tensor());
  const char* op = "binary_cross_entropy_with_logits";
  check_same_shape(op, input, target);
  const Pair p = broadcast<BceLogitsElement>(input, target);
  // The losses have the dtype of the target, whatever those of the others.
  if (!weight.defined() && !pos_weight.defined() && p.target.dtype() == target.dtype())
    return reduced(BceLogitsElement{}, p.input, p.target, reduction);
  ops::check_reduction(op, reduction);
  Tensor losses = pos_weight.defined() ? pointwise(BceLogitsPosElement{}, p.input, p.target, pos_weight)
                                       : pointwise(BceLogitsElement{}, p.input, p.target);
  if (weight.defined()) losses = losses * weight;
  return ops::reduce_loss(losses.to(target.dtype()), reduction);
}

}  // namespace xgrad
