// Options of the adaptive softmax.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

struct AdaptiveLogSoftmaxWithLossOptions {
  AdaptiveLogSoftmaxWithLossOptions(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs)
      : in_features_(in_features), n_classes_(n_classes), cutoffs_(std::move(cutoffs)) {}
  XGRAD_ARG(int64_t, in_features);
  XGRAD_ARG(int64_t, n_classes);
  /// Where one cluster of classes ends and the next begins: increasing, from 1 to n_classes - 1.
  XGRAD_ARG(std::vector<int64_t>, cutoffs);
  /// By how much each cluster's inner size is smaller than that of the one before it.
  XGRAD_ARG(double, div_value) = 4;
  XGRAD_ARG(bool, head_bias) = false;
  XGRAD_FIELDS(in_features_, n_classes_, cutoffs_, div_value_, head_bias_);
};

}  // namespace xgrad::nn
