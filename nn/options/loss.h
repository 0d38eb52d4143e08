// Options of losses.
#pragma once

#include <functional>
#include <utility>

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn {

// Options that a program may make from the reduction alone.
#define XGRAD_FROM_REDUCTION(Options)             \
  Options() = default;                            \
  template <class R, detail::if_reduction<R> = 0> \
  Options(R reduction) : reduction_(reduction) {}

struct MSELossOptions {
  XGRAD_FROM_REDUCTION(MSELossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};

struct L1LossOptions {
  XGRAD_FROM_REDUCTION(L1LossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};

struct SmoothL1LossOptions {
  XGRAD_FROM_REDUCTION(SmoothL1LossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(double, beta) = 1.0;
  XGRAD_FIELDS(reduction_, beta_);
};

struct BCELossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(weight_, reduction_);
};

struct BCEWithLogitsLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(Tensor, pos_weight) = {};
  XGRAD_FIELDS(weight_, reduction_, pos_weight_);
};

struct NLLLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(weight_, ignore_index_, reduction_);
};

struct CrossEntropyLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(double, label_smoothing) = 0.0;
  XGRAD_FIELDS(weight_, ignore_index_, reduction_, label_smoothing_);
};

struct HuberLossOptions {
  XGRAD_FROM_REDUCTION(HuberLossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(double, delta) = 1.0;
  XGRAD_FIELDS(reduction_, delta_);
};

/// How the losses of the elements become one; kBatchMean divides their sum by the number of rows.
using KLDivReduction = OneOf<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;

struct KLDivLossOptions {
  KLDivLossOptions() = default;
  template <class R, std::enable_if_t<std::is_convertible<R, KLDivReduction>::value, int> = 0>
  KLDivLossOptions(R reduction) : reduction_(reduction) {}
  XGRAD_ARG(KLDivReduction, reduction) = kMean;
  XGRAD_ARG(bool, log_target) = false;
  XGRAD_FIELDS(reduction_, log_target_);
};

struct PoissonNLLLossOptions {
  XGRAD_ARG(bool, log_input) = true;
  XGRAD_ARG(bool, full) = false;
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(log_input_, full_, eps_, reduction_);
};

struct GaussianNLLLossOptions {
  XGRAD_ARG(bool, full) = false;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(full_, eps_, reduction_);
};

struct CTCLossOptions {
  XGRAD_ARG(int64_t, blank) = 0;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(bool, zero_infinity) = false;
  XGRAD_FIELDS(blank_, reduction_, zero_infinity_);
};

struct SoftMarginLossOptions {
  XGRAD_FROM_REDUCTION(SoftMarginLossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};

struct MultiLabelMarginLossOptions {
  XGRAD_FROM_REDUCTION(MultiLabelMarginLossOptions)
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};
#undef XGRAD_FROM_REDUCTION

struct MultiLabelSoftMarginLossOptions {
  MultiLabelSoftMarginLossOptions() = default;
  MultiLabelSoftMarginLossOptions(Tensor weight) : weight_(std::move(weight)) {}
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(weight_, reduction_);
};

struct MultiMarginLossOptions {
  XGRAD_ARG(int64_t, p) = 1;
  XGRAD_ARG(double, margin) = 1.0;
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(p_, margin_, weight_, reduction_);
};

struct HingeEmbeddingLossOptions {
  XGRAD_ARG(double, margin) = 1.0;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(margin_, reduction_);
};

struct MarginRankingLossOptions {
  XGRAD_ARG(double, margin) = 0;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(margin_, reduction_);
};

struct CosineEmbeddingLossOptions {
  XGRAD_ARG(double, margin) = 0;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(margin_, reduction_);
};

struct TripletMarginLossOptions {
  XGRAD_ARG(double, margin) = 1.0;
  XGRAD_ARG(double, p) = 2.0;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(bool, swap) = false;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(margin_, p_, eps_, swap_, reduction_);
};

struct TripletMarginWithDistanceLossOptions {
  using distance_function_t = optional<std::function<Tensor(const Tensor&, const Tensor&)>>;
  XGRAD_ARG(distance_function_t, distance_function) = {};
  XGRAD_ARG(double, margin) = 1.0;
  XGRAD_ARG(bool, swap) = false;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(margin_, swap_, reduction_);
};

namespace functional {

using MSELossFuncOptions = MSELossOptions;
using L1LossFuncOptions = L1LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using GaussianNLLLossFuncOptions = GaussianNLLLossOptions;
using CTCLossFuncOptions = CTCLossOptions;
using SoftMarginLossFuncOptions = SoftMarginLossOptions;
using MultilabelMarginLossFuncOptions = MultiLabelMarginLossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using TripletMarginWithDistanceLossFuncOptions = TripletMarginWithDistanceLossOptions;

}  // namespace functional

}  // namespace xgrad::nn
