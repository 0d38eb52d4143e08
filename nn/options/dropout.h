// Options of dropout.
#pragma once

#include <xgrad/core/tensor/fields.h>

namespace xgrad::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  XGRAD_ARG(double, p);
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(p_, inplace_);
};

using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace functional {

template <bool trains>
struct DropoutCallOptions {
  XGRAD_ARG(double, p) = 0.5;
  XGRAD_ARG(bool, training) = trains;
  XGRAD_ARG(bool, inplace) = false;
  XGRAD_FIELDS(p_, training_, inplace_);
};

using DropoutFuncOptions = DropoutCallOptions<true>;
using Dropout1dFuncOptions = DropoutFuncOptions;
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;
using AlphaDropoutFuncOptions = DropoutCallOptions<false>;
using FeatureAlphaDropoutFuncOptions = AlphaDropoutFuncOptions;

}  // namespace functional

}  // namespace xgrad::nn
