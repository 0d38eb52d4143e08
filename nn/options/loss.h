// Options of losses.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn {

struct MSELossOptions {
  MSELossOptions() = default;
  template <class R, detail::if_reduction<R> = 0>
  MSELossOptions(R reduction) : reduction_(reduction) {}
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};

struct L1LossOptions {
  L1LossOptions() = default;
  template <class R, detail::if_reduction<R> = 0>
  L1LossOptions(R reduction) : reduction_(reduction) {}
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_FIELDS(reduction_);
};

struct SmoothL1LossOptions {
  SmoothL1LossOptions() = default;
  template <class R, detail::if_reduction<R> = 0>
  SmoothL1LossOptions(R reduction) : reduction_(reduction) {}
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

namespace functional {

using MSELossFuncOptions = MSELossOptions;
using L1LossFuncOptions = L1LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;

}  // namespace functional

}  // namespace xgrad::nn
