// Options of activations.
#pragma once

#include <string>
#include <utility>

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
  XGRAD_FIELDS(inplace_);
};

struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_FIELDS(dim_);
};
using LogSoftmaxOptions = SoftmaxOptions;
using SoftminOptions = SoftmaxOptions;

struct ELUOptions {
  ELUOptions(double alpha = 1) : alpha_(alpha) {}
  XGRAD_ARG(double, alpha);
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(alpha_, inplace_);
};

struct CELUOptions {
  CELUOptions(double alpha = 1) : alpha_(alpha) {}
  XGRAD_ARG(double, alpha);
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(alpha_, inplace_);
};

struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
  XGRAD_FIELDS(inplace_);
};

struct LeakyReLUOptions {
  LeakyReLUOptions(double negative_slope = 1e-2) : negative_slope_(negative_slope) {}
  XGRAD_ARG(double, negative_slope);
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(negative_slope_, inplace_);
};

struct HardtanhOptions {
  XGRAD_ARG(double, min_val) = -1;
  XGRAD_ARG(double, max_val) = 1;
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(min_val_, max_val_, inplace_);
};

struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
  XGRAD_FIELDS(inplace_);
};

struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  XGRAD_ARG(double, threshold);
  XGRAD_ARG(double, value);
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(threshold_, value_, inplace_);
};

struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
  XGRAD_FIELDS(lambda_);
};

struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
  XGRAD_FIELDS(lambda_);
};

struct SoftplusOptions {
  XGRAD_ARG(double, beta) = 1;
  XGRAD_ARG(double, threshold) = 20;
  XGRAD_FIELDS(beta_, threshold_);
};

struct GELUOptions {
  GELUOptions(std::string approximate = "none") : approximate_(std::move(approximate)) {}
  XGRAD_ARG(std::string, approximate);
  XGRAD_FIELDS(approximate_);
};

struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_FIELDS(dim_);
};

struct RReLUOptions {
  XGRAD_ARG(double, lower) = 1.0 / 8.0;
  XGRAD_ARG(double, upper) = 1.0 / 3.0;
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(lower_, upper_, inplace_);
};

struct PReLUOptions {
  XGRAD_ARG(int64_t, num_parameters) = 1;
  XGRAD_ARG(double, init) = 0.25;
  XGRAD_FIELDS(num_parameters_, init_);
};

namespace functional {

using ReLUFuncOptions = ReLUOptions;
using ELUFuncOptions = ELUOptions;
using CELUFuncOptions = CELUOptions;
using SELUFuncOptions = SELUOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using HardtanhFuncOptions = HardtanhOptions;
using ReLU6FuncOptions = ReLU6Options;
using ThresholdFuncOptions = ThresholdOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using SoftplusFuncOptions = SoftplusOptions;
using GELUFuncOptions = GELUOptions;
using GLUFuncOptions = GLUOptions;

struct RReLUFuncOptions {
  XGRAD_ARG(double, lower) = 1.0 / 8.0;
  XGRAD_ARG(double, upper) = 1.0 / 3.0;
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(lower_, upper_, training_, inplace_);
};

struct GumbelSoftmaxFuncOptions {
  XGRAD_ARG(double, tau) = 1.0;
  XGRAD_ARG(bool, hard) = false;
  XGRAD_ARG(int64_t, dim) = -1;
  XGRAD_FIELDS(tau_, hard_, dim_);
};

struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(optional<ScalarType>, dtype) = nullopt;
  XGRAD_FIELDS(dim_, dtype_);
};
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;
using SoftminFuncOptions = SoftmaxFuncOptions;

}  // namespace functional

}  // namespace xgrad::nn
