// Options of activations.
#pragma once

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

namespace functional {

using ReLUFuncOptions = ReLUOptions;

struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(optional<ScalarType>, dtype) = nullopt;
  XGRAD_FIELDS(dim_, dtype_);
};
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;

}  // namespace functional

}  // namespace xgrad::nn
