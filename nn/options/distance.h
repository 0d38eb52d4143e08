// Options of distances.
#pragma once

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

struct CosineSimilarityOptions {
  XGRAD_ARG(int64_t, dim) = 1;
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_FIELDS(dim_, eps_);
};

struct PairwiseDistanceOptions {
  XGRAD_ARG(double, p) = 2;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(bool, keepdim) = false;
  XGRAD_FIELDS(p_, eps_, keepdim_);
};

namespace functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

}  // namespace functional

}  // namespace xgrad::nn
