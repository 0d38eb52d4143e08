// Options of normalisation.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

/// Without a momentum the running statistics are plain averages over all batches. `bias` counts with
/// `affine`.
struct BatchNormOptions {
  BatchNormOptions(int64_t num_features) : num_features_(num_features) {}
  XGRAD_ARG(int64_t, num_features);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(optional<double>, momentum) = 0.1;
  XGRAD_ARG(bool, affine) = true;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, track_running_stats) = true;
  XGRAD_FIELDS(num_features_, eps_, momentum_, affine_, bias_, track_running_stats_);
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

struct InstanceNormOptions {
  InstanceNormOptions(int64_t num_features) : num_features_(num_features) {}
  XGRAD_ARG(int64_t, num_features);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(double, momentum) = 0.1;
  XGRAD_ARG(bool, affine) = false;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, track_running_stats) = false;
  XGRAD_FIELDS(num_features_, eps_, momentum_, affine_, bias_, track_running_stats_);
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<int64_t>, normalized_shape);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(bool, elementwise_affine) = true;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(normalized_shape_, eps_, elementwise_affine_, bias_);
};

struct RMSNormOptions {
  RMSNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<int64_t>, normalized_shape);
  XGRAD_ARG(optional<double>, eps) = nullopt;
  XGRAD_ARG(bool, elementwise_affine) = true;
  XGRAD_FIELDS(normalized_shape_, eps_, elementwise_affine_);
};

struct GroupNormOptions {
  GroupNormOptions(int64_t num_groups, int64_t num_channels)
      : num_groups_(num_groups), num_channels_(num_channels) {}
  XGRAD_ARG(int64_t, num_groups);
  XGRAD_ARG(int64_t, num_channels);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(bool, affine) = true;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(num_groups_, num_channels_, eps_, affine_, bias_);
};

struct LocalResponseNormOptions {
  LocalResponseNormOptions(int64_t size) : size_(size) {}
  XGRAD_ARG(int64_t, size);
  XGRAD_ARG(double, alpha) = 1e-4;
  XGRAD_ARG(double, beta) = 0.75;
  XGRAD_ARG(double, k) = 1;
  XGRAD_FIELDS(size_, alpha_, beta_, k_);
};

struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(int64_t size) : size_(size) {}
  XGRAD_ARG(int64_t, size);
  XGRAD_ARG(double, alpha) = 1e-4;
  XGRAD_ARG(double, beta) = 0.75;
  XGRAD_ARG(int64_t, k) = 1;
  XGRAD_FIELDS(size_, alpha_, beta_, k_);
};

namespace functional {

struct BatchNormFuncOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(optional<double>, momentum) = 0.1;
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_FIELDS(weight_, bias_, training_, momentum_, eps_);
};

struct InstanceNormFuncOptions {
  XGRAD_ARG(Tensor, running_mean) = {};
  XGRAD_ARG(Tensor, running_var) = {};
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(bool, use_input_stats) = true;
  XGRAD_ARG(double, momentum) = 0.1;
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_FIELDS(running_mean_, running_var_, weight_, bias_, use_input_stats_, momentum_, eps_);
};

struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<int64_t>, normalized_shape);
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_FIELDS(normalized_shape_, weight_, bias_, eps_);
};

struct RMSNormFuncOptions {
  RMSNormFuncOptions(std::vector<int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<int64_t>, normalized_shape);
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(optional<double>, eps) = nullopt;
  XGRAD_FIELDS(normalized_shape_, weight_, eps_);
};

struct GroupNormFuncOptions {
  GroupNormFuncOptions(int64_t num_groups) : num_groups_(num_groups) {}
  XGRAD_ARG(int64_t, num_groups);
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_FIELDS(num_groups_, weight_, bias_, eps_);
};

using LocalResponseNormFuncOptions = LocalResponseNormOptions;

struct NormalizeFuncOptions {
  XGRAD_ARG(double, p) = 2;
  XGRAD_ARG(int64_t, dim) = 1;
  XGRAD_ARG(double, eps) = 1e-12;
  XGRAD_FIELDS(p_, dim_, eps_);
};

}  // namespace functional

}  // namespace xgrad::nn
