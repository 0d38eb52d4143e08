// Losses between an input and a target of equal shape: the elementwise formulas, and their sum or mean as one
// node. Losses over classes stand in class_loss.cpp.
#include <xgrad/core/stanza/stanza.h>

#include <xgrad/core/tape/grad_mode.h>
#ifndef XGRAD_ISA
#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/warning.h>
#endif

namespace xgrad {

XGRAD_FAMILY(Losses, struct MseElement, struct L1Element, struct SmoothL1Element, struct BceElement,
             struct BceLogitsElement, struct BceLogitsPosElement);

struct MseElement : Binary<Result::floating> {
  static constexpr OpName name{"mse_loss", "MseLossBackward"};
  static auto forward(const auto& x, const auto& t) {
    const auto d = x - t;
    return d * d;
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t) { return g * (2 * (x - t)); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& t) { return g * (2 * (t - x)); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct L1Element : Binary<Result::floating> {
  static constexpr OpName name{"l1_loss", "L1LossBackward"};
  static auto forward(const auto& x, const auto& t) { return abs(x - t); }
  static auto backward_0(const auto& g, const auto& x, const auto& t) { return g * sign(x - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& t) { return g * sign(t - x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct SmoothL1Element : Binary<Result::floating> {
  static constexpr OpName name{"smooth_l1_loss", "SmoothL1LossBackward"};
  double beta;
  auto forward(const auto& x, const auto& t) const {
    const auto d = abs(x - t);
    return where(d < beta, d * d * (0.5 / beta), d - 0.5 * beta);
  }
  auto slope(const auto& d) const { return where(abs(d) >= beta, sign(d), d * (1 / beta)); }
  auto backward_0(const auto& g, const auto& x, const auto& t) const { return g * slope(x - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  auto backward_1(const auto& g, const auto& x, const auto& t) const { return g * slope(t - x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct BceElement : Binary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy", "BinaryCrossEntropyBackward"};
  static auto forward(const auto& x, const auto& t) {
    return (t - 1) * maximum(log1p(-x), -100) - t * maximum(log(x), -100);
  }
  // Held above 0 where x is 0 or 1, so that the gradient stays finite.
  static auto backward_0(const auto& g, const auto& x, const auto& t) {
    const auto spread = (1 - x) * x;
    return g * ((x - t) / where(spread < 1e-12, 1e-12, spread));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x) { return g * (log1p(-x) - log(x)); }
  using saved_1 = Saved<In<0>>;
};

struct BceLogitsElement : Binary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward"};
  // No term exceeds the sum, so that no digits are lost however far out x is.
  static auto forward(const auto& x, const auto& t) {
    return where(x > 0, 1 - t, -t) * x + log1p(exp(-abs(x)));
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t) { return g * (1 / (1 + exp(-x)) - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x) { return g * -x; }
  using saved_1 = Saved<In<0>>;
};

struct BceLogitsPosElement : Ternary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward"};
  // log(1 + e^-x) without overflow.
  static auto softplus_of_negative(const auto& x) { return where(x < 0, -x, 0) + log1p(exp(-abs(x))); }
  static auto forward(const auto& x, const auto& t, const auto& p) {
    return where(x > 0, 1 - t, -p * t) * x + (1 + (p - 1) * t) * log1p(exp(-abs(x)));
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t, const auto& p) {
    return g * ((1 - t) / (1 + exp(-x)) - p * t / (1 + exp(x)));
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_1(const auto& g, const auto& x, const auto& p) {
    return g * ((p - 1) * softplus_of_negative(x) - x);
  }
  using saved_1 = Saved<In<0>, In<2>>;
  static auto backward_2(const auto& g, const auto& x, const auto& t) {
    return g * (t * softplus_of_negative(x));
  }
  using saved_2 = Saved<In<0>, In<1>>;
};

#ifndef XGRAD_ISA

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
  const ScalarType dtype = result_type(input, target);
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
  const Pair p = broadcast<L1Element>(input, target);
  return reduced(L1Element{}, p.input, p.target, reduction);
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, int64_t reduction, double beta) {
  XGRAD_CHECK_AS(ValueError, beta >= 0, "smooth_l1_loss: beta must not be negative: got ", beta);
  const Pair p = broadcast<SmoothL1Element>(input, target);
  if (beta == 0) return reduced(L1Element{}, p.input, p.target, reduction);
  return reduced(SmoothL1Element{{}, beta}, p.input, p.target, reduction);
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const Tensor& weight,
                            int64_t reduction) {
  check_same_shape("binary_cross_entropy", input, target);
  check_probabilities("input", input, "; for logits use binary_cross_entropy_with_logits");
  check_probabilities("target", target, "");
  const Pair p = broadcast<BceElement>(input, target);
  if (!weight.defined()) return reduced(BceElement{}, p.input, p.target, reduction);
  ops::check_reduction("binary_cross_entropy", reduction);
  const DimVector sizes = broadcast_sizes("binary_cross_entropy", weight.sizes(), input.sizes());
  XGRAD_CHECK(IntArrayRef(sizes) == input.sizes(),
              "binary_cross_entropy: weight does not broadcast to input: weight is ", weight.sizes(),
              ", input is ", input.sizes());
  return ops::reduce_loss(pointwise(BceElement{}, p.input, p.target) * weight, reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target, const Tensor& weight,
                                        const Tensor& pos_weight, int64_t reduction) {
  const char* op = "binary_cross_entropy_with_logits";
  check_same_shape(op, input, target);
  const Pair p = broadcast<BceLogitsElement>(input, target);
  if (!weight.defined() && !pos_weight.defined())
    return reduced(BceLogitsElement{}, p.input, p.target, reduction);
  ops::check_reduction(op, reduction);
  Tensor losses = pos_weight.defined() ? pointwise(BceLogitsPosElement{}, p.input, p.target, pos_weight)
                                       : pointwise(BceLogitsElement{}, p.input, p.target);
  if (weight.defined()) losses = losses * weight;
  return ops::reduce_loss(losses, reduction);
}

#endif

XGRAD_KERNELS(Losses)

}  // namespace xgrad
