// Options of layers of matrix products and of shapes.
#pragma once

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features)
      : in_features_(in_features), out_features_(out_features) {}
  XGRAD_ARG(int64_t, in_features);
  XGRAD_ARG(int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(in_features_, out_features_, bias_);
};

struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  XGRAD_ARG(int64_t, in1_features);
  XGRAD_ARG(int64_t, in2_features);
  XGRAD_ARG(int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(in1_features_, in2_features_, out_features_, bias_);
};

struct FlattenOptions {
  XGRAD_ARG(int64_t, start_dim) = 1;
  XGRAD_ARG(int64_t, end_dim) = -1;
  XGRAD_FIELDS(start_dim_, end_dim_);
};

/// Dimension `dim` becomes dimensions of these sizes; one of them may be -1.
struct UnflattenOptions {
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(std::vector<int64_t>, sizes);
  XGRAD_FIELDS(dim_, sizes_);
};

}  // namespace xgrad::nn
