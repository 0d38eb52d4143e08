// Options of losses and functionals.
#pragma once

#include <xgrad/core/types/arg.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/layers/activation.h>

namespace xgrad::nn {

struct MSELossOptions {
  MSELossOptions(LossReduction reduction = kMean) : reduction_(reduction) {}
  XGRAD_ARG(LossReduction, reduction);
};

struct L1LossOptions {
  L1LossOptions(LossReduction reduction = kMean) : reduction_(reduction) {}
  XGRAD_ARG(LossReduction, reduction);
};

struct SmoothL1LossOptions {
  SmoothL1LossOptions(LossReduction reduction = kMean) : reduction_(reduction) {}
  XGRAD_ARG(LossReduction, reduction);
  XGRAD_ARG(double, beta) = 1.0;
};

struct BCELossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
};

struct BCEWithLogitsLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(Tensor, pos_weight) = {};
};

struct NLLLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(LossReduction, reduction) = kMean;
};

struct CrossEntropyLossOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(int64_t, ignore_index) = -100;
  XGRAD_ARG(LossReduction, reduction) = kMean;
  XGRAD_ARG(double, label_smoothing) = 0.0;
};

namespace functional {

using MSELossFuncOptions = MSELossOptions;
using L1LossFuncOptions = L1LossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using ReLUFuncOptions = ReLUOptions;

struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(optional<ScalarType>, dtype) = nullopt;
};
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;

struct DropoutFuncOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(bool, inplace) = false;
};

}  // namespace functional

}  // namespace xgrad::nn
