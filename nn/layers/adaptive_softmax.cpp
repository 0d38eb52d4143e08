// The adaptive softmax: a head over frequent classes and clusters, and a tail for each cluster.
#include <xgrad/nn/layers/adaptive_softmax.h>

#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/containers/sequential.h>

namespace xgrad::nn {

namespace {

constexpr const char* kName = "AdaptiveLogSoftmaxWithLoss";

void check_target(const Tensor& input, const Tensor& target, int64_t in_features, int64_t n_classes) {
  XGRAD_CHECK(input.dim() == target.dim() + 1 && target.dim() <= 1 &&
                  (target.dim() == 0 || input.size(0) == target.size(0)) && input.size(-1) == in_features,
              kName, ": input must be [N, ", in_features, "] and target [N], or input [", in_features,
              "] and target []: input is ", input.sizes(), ", target ", target.sizes());
  if (target.numel() == 0) return;
  const auto low = target.min().item<int64_t>(), high = target.max().item<int64_t>();
  XGRAD_CHECK_AS(IndexError, low >= 0 && high < n_classes, kName, ": target values should be in [0, ",
                 n_classes - 1, "], but values in range [", low, ", ", high, "] were found");
}

}  // namespace

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(
    const AdaptiveLogSoftmaxWithLossOptions& options_)
    : options(options_) {
  reset();
}

void AdaptiveLogSoftmaxWithLossImpl::reset() {
  const int64_t in = options.in_features(), classes = options.n_classes();
  const std::vector<int64_t>& cuts = options.cutoffs();
  XGRAD_CHECK_AS(ValueError, !cuts.empty(), kName,
                 ": cutoffs should be a sequence of length larger than 0: got none");
  for (std::size_t i = 0; i < cuts.size(); ++i)
    XGRAD_CHECK_AS(ValueError, cuts[i] > (i == 0 ? 0 : cuts[i - 1]) && cuts[i] < classes, kName,
                   ": cutoffs should be unique, positive and increasing, each between 1 and n_classes - 1 = ",
                   classes - 1, ": got ", IntArrayRef(cuts));
  XGRAD_CHECK_AS(ValueError, options.div_value() > 0, kName, ": div_value must be positive: got ",
                 options.div_value());
  cutoffs = cuts;
  cutoffs.push_back(classes);
  shortlist_size = cuts[0];
  n_clusters = static_cast<int64_t>(cuts.size());
  head_size = shortlist_size + n_clusters;
  head = register_module("head", Linear(LinearOptions(in, head_size).bias(options.head_bias())));
  tail = register_module("tail", ModuleList());
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const double part = std::pow(options.div_value(), static_cast<double>(i + 1));
    const double whole = static_cast<double>(in) - std::fmod(static_cast<double>(in), part);
    const auto size = static_cast<int64_t>(std::lround(whole / part));
    // One after the other: the values of arguments are drawn in any order.
    const Linear first(LinearOptions(in, size).bias(false));
    const Linear second(LinearOptions(size, cutoffs[i + 1] - cutoffs[i]).bias(false));
    tail->push_back(Sequential(first, second));
  }
}

void AdaptiveLogSoftmaxWithLossImpl::reset_parameters() {
  head->reset_parameters();
  for (const auto& layers : *tail)
    for (const auto& layer : layers->children()) layer->as<LinearImpl>()->reset_parameters();
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob_within(int64_t cluster, const Tensor& input) {
  return log_softmax(nn::call(tail->at<SequentialImpl>(static_cast<std::size_t>(cluster)), input), 1);
}

ASMoutput AdaptiveLogSoftmaxWithLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_target(input, target, options.in_features(), options.n_classes());
  if (target.dim() == 0) {
    const ASMoutput one = forward(input.unsqueeze(0), target.unsqueeze(0));
    return {one.output.squeeze(0), one.loss};
  }
  Tensor column = target.to(kLong, false, true);  // of the head
  Tensor within = zeros(target.sizes(), input.options());
  for (int64_t i = 0; i < n_clusters; ++i) {
    const int64_t begin = cutoffs[static_cast<std::size_t>(i)],
                  end = cutoffs[static_cast<std::size_t>(i) + 1];
    const Tensor rows = (target.ge(begin)).logical_and(target.lt(end)).nonzero().squeeze(1);
    if (rows.numel() == 0) continue;
    const Tensor classes = target.index_select(0, rows).to(kLong).sub(begin).unsqueeze(1);
    const Tensor picked = log_prob_within(i, input.index_select(0, rows)).gather(1, classes).squeeze(1);
    within = within.index_copy(0, rows, picked);
    column.index_fill_(0, rows, shortlist_size + i);
  }
  const Tensor of_head = log_softmax(head(input), 1).gather(1, column.unsqueeze(1)).squeeze(1);
  Tensor output = within + of_head;
  const double loss = output.detach().neg().mean().item<double>();
  return {std::move(output), loss};
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob_of_all(const Tensor& input, const Tensor& head_output) {
  const Tensor of_head = log_softmax(head_output, 1);
  std::vector<Tensor> parts{of_head.narrow(1, 0, shortlist_size)};
  for (int64_t i = 0; i < n_clusters; ++i)
    parts.push_back(log_prob_within(i, input) + of_head.narrow(1, shortlist_size + i, 1));
  return cat(parts, 1);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob(const Tensor& input) {
  return log_prob_of_all(input, head(input));
}

Tensor AdaptiveLogSoftmaxWithLossImpl::predict(const Tensor& input) {
  const Tensor head_output = head(input);
  Tensor best = head_output.argmax(1);
  const Tensor rows = best.ge(shortlist_size).nonzero().squeeze(1);
  if (rows.numel() == 0) return best;
  const Tensor others = log_prob_of_all(input.index_select(0, rows), head_output.index_select(0, rows));
  return best.index_copy(0, rows, others.argmax(1));
}

XGRAD_DEFINE_LAYER(AdaptiveLogSoftmaxWithLoss);

}  // namespace xgrad::nn
