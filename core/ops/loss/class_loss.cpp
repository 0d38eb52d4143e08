// Losses over classes: nll_loss and cross_entropy. Derivatives of nll_loss are again picks of one element per
// target.
#include <xgrad/core/ops/loss/loss.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/loss/reduce_loss.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

// Where a loss over classes finds what it picks: input is [outer, classes, inner], target [outer, inner].
struct NllShape {
  const char* op;
  int64_t outer, classes, inner;
  int64_t ignore_index;
  int64_t reduction;
  DimVector input_sizes, target_sizes;
};

// What T computes in.
template <class T>
using Computed = decltype(T() * 1.f);

// Targets that one thread looks at; also the blocks of sums, so that these have the same bits for any number.
constexpr int64_t kBlock = 4096;

// Calls visit(position in target, position in input, weight) for each target from begin to end that counts.
// They are looked at here, where they are used: in backward they may be others than in forward.
template <class T, class Visit>
void each_target(const NllShape& s, const Tensor& target, const Tensor& weight, int64_t begin, int64_t end,
                 Visit&& visit) {
  const int64_t* t = target.data_ptr<int64_t>();
  const T* w = weight.defined() ? weight.data_ptr<T>() : nullptr;
  int64_t o = begin / s.inner, i = begin % s.inner;
  for (int64_t at = begin; at < end; ++at) {
    const int64_t c = t[at];
    if (c != s.ignore_index) {
      XGRAD_CHECK_AS(IndexError, c >= 0 && c < s.classes, s.op, ": Target ", c,
                     " is out of bounds: there are ", s.classes, " classes (0 to ", s.classes - 1, ")");
      visit(at, (o * s.classes + c) * s.inner + i, w ? Computed<T>(w[c]) : 1);
    }
    if (++i == s.inner) i = 0, ++o;
  }
}

template <class T, class Visit>
void each_target(const NllShape& s, const Tensor& target, const Tensor& weight, Visit&& visit) {
  kernels::parallel_for(0, s.outer * s.inner, kBlock, [&](int64_t begin, int64_t end) {
    each_target<T>(s, target, weight, begin, end, visit);
  });
}

// The sum of term(position in input, weight).
template <class T, class Term>
double sum_over_targets(const NllShape& s, const Tensor& target, const Tensor& weight, Term&& term) {
  const int64_t count = s.outer * s.inner, blocks = (count + kBlock - 1) / kBlock;
  std::vector<double> sums(static_cast<std::size_t>(blocks), 0);
  kernels::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; ++k) {
      double sum = 0;
      each_target<T>(s, target, weight, k * kBlock, std::min(count, (k + 1) * kBlock),
                     [&](int64_t, int64_t at, auto w) { sum += term(at, static_cast<double>(w)); });
      sums[static_cast<std::size_t>(k)] = sum;
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

template <class T>
double total_weight(const NllShape& s, const Tensor& target, const Tensor& weight) {
  return sum_over_targets<T>(s, target, weight, [](int64_t, double w) { return w; });
}

// -w[t] x[n, t], reduced.
Tensor pick(const NllShape& s, const Tensor& x, const Tensor& target, const Tensor& weight) {
  const bool all = s.reduction == Reduction::None;
  Tensor out = all ? zeros(s.target_sizes, x.options()) : new_tensor(x.dtype(), {});
  const Tensor from = x.contiguous();
  dispatch<Floats>("nll_loss", x.dtype(), [&]<class T>() {
    const T* in = from.data_ptr<T>();
    T* to = out.data_ptr<T>();
    if (all)
      return each_target<T>(s, target, weight,
                            [&](int64_t at, int64_t from_at, auto w) { to[at] = T(-w * in[from_at]); });
    const double sum = sum_over_targets<T>(
        s, target, weight, [&](int64_t at, double w) { return -w * static_cast<double>(in[at]); });
    *to = static_cast<T>(s.reduction == Reduction::Mean ? sum / total_weight<T>(s, target, weight) : sum);
  });
  return out;
}

// The transpose of `pick`: g goes to the picked elements, all others are 0.
Tensor put(const NllShape& s, const Tensor& g, const Tensor& target, const Tensor& weight) {
  Tensor out = zeros(s.input_sizes, g.options());
  const Tensor from = g.contiguous();
  dispatch<Floats>("nll_loss", g.dtype(), [&]<class T>() {
    const T* in = from.data_ptr<T>();
    T* to = out.data_ptr<T>();
    if (s.reduction == Reduction::None)
      return each_target<T>(s, target, weight,
                            [&](int64_t at, int64_t to_at, auto w) { to[to_at] = T(-w * in[at]); });
    const double total = s.reduction == Reduction::Mean ? total_weight<T>(s, target, weight) : 1.0;
    const auto each = static_cast<Computed<T>>(static_cast<double>(*in) / total);
    each_target<T>(s, target, weight, [&](int64_t, int64_t at, auto w) { to[at] = T(-w * each); });
  });
  return out;
}

struct Nll : Kernel<3> {
  static constexpr OpName name{"nll_loss", "NllLossBackward"};
  using optional = Inputs<2>;
  NllShape shape;

  Tensor forward(const Tensor& x, const Tensor& target, const Tensor& weight) const {
    return pick(shape, x, target, weight);
  }
  Tensor backward_0(const Tensor& g, const Tensor& target, const Tensor& weight) const;
  using saved_0 = Saved<In<1>, In<2>>;
};

struct NllPut : Kernel<3> {
  static constexpr OpName name{"nll_loss_backward", "NllLossBackwardBackward"};
  using optional = Inputs<2>;
  NllShape shape;

  Tensor forward(const Tensor& g, const Tensor& target, const Tensor& weight) const {
    return put(shape, g, target, weight);
  }
  Tensor backward_0(const Tensor& g, const Tensor& target, const Tensor& weight) const {
    return differentiable(Nll{{}, shape}, g, target, weight);
  }
  using saved_0 = Saved<In<1>, In<2>>;
};

Tensor Nll::backward_0(const Tensor& g, const Tensor& target, const Tensor& weight) const {
  return differentiable(NllPut{{}, shape}, g, target, weight);
}

NllShape nll_shape(const char* op, const Tensor& input, const Tensor& target, int64_t reduction,
                   int64_t ignore_index) {
  XGRAD_CHECK(input.defined() && target.defined(), op, ": an argument is an undefined tensor");
  ops::check_reduction(op, reduction);
  XGRAD_CHECK_AS(ValueError, input.dim() >= 1, op, ": input needs a dimension for the classes: input is ",
                 input.sizes());
  const std::size_t class_dim = input.dim() == 1 ? 0 : 1;
  NllShape s{op, 1, input.sizes()[class_dim], 1, ignore_index, reduction, input.sizes(), {}};
  for (std::size_t d = 0; d < input.sizes().size(); ++d) {
    if (d == class_dim) continue;
    (d < class_dim ? s.outer : s.inner) *= input.sizes()[d];
    s.target_sizes.push_back(input.sizes()[d]);
  }
  XGRAD_CHECK_AS(ValueError, target.sizes() == IntArrayRef(s.target_sizes), op,
                 ": target must have the shape of input without the classes: input is ", input.sizes(),
                 ", target is ", target.sizes(), " (expected ", s.target_sizes, ")");
  return s;
}

void check_weight(const char* op, const Tensor& input, const Tensor& weight, int64_t classes) {
  if (!weight.defined()) return;
  XGRAD_CHECK_AS(ValueError, weight.dim() == 1 && weight.size(0) == classes, op,
                 ": weight must hold one number per class: input is ", input.sizes(), " with ", classes,
                 " classes, weight is ", weight.sizes());
  XGRAD_CHECK_AS(TypeError, weight.dtype() == input.dtype(), op,
                 ": weight must have input's dtype: input is ", input.dtype(), ", weight is ",
                 weight.dtype());
}

Tensor as_classes(const char* op, const Tensor& target) {
  XGRAD_CHECK_AS(TypeError, target.dtype() == kLong || target.dtype() == kByte, op,
                 ": target must hold the classes as int64 (or uint8): it is ", target.dtype(),
                 "; convert it with to(kLong)");
  return target.to(kLong).contiguous();
}

Tensor nll(const char* op, const Tensor& input, const Tensor& target, const Tensor& weight, int64_t reduction,
           int64_t ignore_index) {
  const NllShape s = nll_shape(op, input, target, reduction, ignore_index);
  check_weight(op, input, weight, s.classes);
  const Tensor classes = as_classes(op, target);
  return differentiable(Nll{{}, s}, input, classes,
                        weight.defined() ? weight.detach().contiguous() : Tensor());
}

// weight[c] along the dimension of the classes of `like`.
Tensor along_classes(const Tensor& weight, const Tensor& like, int64_t class_dim) {
  DimVector sizes;
  for (int64_t d = 0; d < like.dim(); ++d) sizes.push_back(d == class_dim ? weight.size(0) : 1);
  return weight.view(sizes);
}

Tensor probability_loss(const Tensor& log_probability, const Tensor& target, const Tensor& weight,
                        int64_t class_dim, int64_t reduction, double smoothing) {
  const auto classes = static_cast<double>(log_probability.size(class_dim));
  Tensor wanted = smoothing > 0 ? target * (1 - smoothing) + smoothing / classes : target;
  if (weight.defined()) wanted = wanted * along_classes(weight, log_probability, class_dim);
  const Tensor losses = -(log_probability * wanted);
  if (reduction == Reduction::None) return losses.sum({class_dim});
  if (reduction == Reduction::Sum) return losses.sum();
  return losses.sum() / (static_cast<double>(log_probability.numel()) / classes);
}

// The part of the loss that wants all classes alike, before its factor.
Tensor uniform_loss(const Tensor& log_probability, const Tensor& target, const Tensor& weight,
                    int64_t class_dim, int64_t reduction, int64_t ignore_index) {
  const Tensor weighted = weight.defined()
                              ? log_probability * along_classes(weight, log_probability, class_dim)
                              : log_probability;
  const Tensor ignored = target.eq(ignore_index);
  Tensor losses = (-weighted.sum({class_dim})).masked_fill(ignored, 0);
  if (reduction == Reduction::None) return losses;
  if (reduction == Reduction::Sum) return losses.sum();
  const Tensor counted = ignored.logical_not();
  const Tensor total = weight.defined()
                           ? weight.index_select(0, target.to(kLong).masked_select(counted)).sum()
                           : counted.sum().to(losses.dtype());
  return losses.sum() / total;
}

}  // namespace

Tensor nll_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& weight, int64_t reduction,
                int64_t ignore_index) {
  return nll("nll_loss", input, target, weight.value_or(Tensor()), reduction, ignore_index);
}
Tensor nll_loss2d(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                  int64_t reduction, int64_t ignore_index) {
  XGRAD_CHECK(input.dim() == 4, "nll_loss2d: input must be [N, C, H, W]: input is ", input.sizes());
  return nll_loss_nd(input, target, weight, reduction, ignore_index);
}
Tensor nll_loss_nd(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                   int64_t reduction, int64_t ignore_index) {
  return nll("nll_loss", input, target, weight.value_or(Tensor()), reduction, ignore_index);
}

Tensor cross_entropy_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& given_weight,
                          int64_t reduction, int64_t ignore_index, double label_smoothing) {
  const Tensor weight = given_weight.value_or(Tensor());
  const char* op = "cross_entropy";
  XGRAD_CHECK(input.defined() && target.defined(), op, ": an argument is an undefined tensor");
  ops::check_reduction(op, reduction);
  XGRAD_CHECK_AS(ValueError, label_smoothing >= 0 && label_smoothing <= 1, op,
                 ": label_smoothing must be between 0 and 1: got ", label_smoothing);
  XGRAD_CHECK_AS(ValueError, input.dim() >= 1, op, ": input needs a dimension for the classes: input is ",
                 input.sizes());
  const int64_t class_dim = input.dim() == 1 ? 0 : 1;
  const bool probabilities = input.sizes() == target.sizes();
  if (probabilities) {
    XGRAD_CHECK_AS(TypeError, target.is_floating_point(), op,
                   ": a target in the shape of input holds probabilities and must be "
                   "floating-point: it is ",
                   target.dtype());
    XGRAD_CHECK_AS(
        ValueError, ignore_index < 0, op,
        ": ignore_index is not supported for a floating-point target, which holds probabilities: it is ",
        ignore_index);
    check_weight(op, input, weight, input.size(class_dim));
    return probability_loss(log_softmax(input, class_dim), target, weight, class_dim, reduction,
                            label_smoothing);
  }
  const NllShape shape = nll_shape(op, input, target, reduction, ignore_index);
  const Tensor log_probability = log_softmax(input, class_dim);
  Tensor loss = nll(op, log_probability, target, weight, reduction, ignore_index);
  if (label_smoothing == 0) return loss;
  const Tensor uniform = uniform_loss(log_probability, target, weight, class_dim, reduction, ignore_index);
  return loss * (1 - label_smoothing) + uniform * (label_smoothing / static_cast<double>(shape.classes));
}

}  // namespace xgrad
