// Pooling with options; the formulas stand in core/ops/pool/pool.h.
#pragma once

#include <tuple>

#include <xgrad/nn/options/pool.h>

namespace xgrad::nn::functional {

#define XGRAD_POOLING(n)                                                                                     \
  XGRAD_API Tensor max_pool##n##d(const Tensor& input, const MaxPool##n##dFuncOptions& options);             \
  XGRAD_API std::tuple<Tensor, Tensor> max_pool##n##d_with_indices(const Tensor& input,                      \
                                                                   const MaxPool##n##dFuncOptions& options); \
  XGRAD_API Tensor avg_pool##n##d(const Tensor& input, const AvgPool##n##dFuncOptions& options);             \
  XGRAD_API Tensor lp_pool##n##d(const Tensor& input, const LPPool##n##dFuncOptions& options);               \
  XGRAD_API Tensor adaptive_max_pool##n##d(const Tensor& input,                                              \
                                           const AdaptiveMaxPool##n##dFuncOptions& options);                 \
  XGRAD_API std::tuple<Tensor, Tensor> adaptive_max_pool##n##d_with_indices(                                 \
      const Tensor& input, const AdaptiveMaxPool##n##dFuncOptions& options);                                 \
  XGRAD_API Tensor adaptive_avg_pool##n##d(const Tensor& input,                                              \
                                           const AdaptiveAvgPool##n##dFuncOptions& options);                 \
  XGRAD_API Tensor max_unpool##n##d(const Tensor& input, const Tensor& indices,                              \
                                    const MaxUnpool##n##dFuncOptions& options)
XGRAD_POOLING(1);
XGRAD_POOLING(2);
XGRAD_POOLING(3);
#undef XGRAD_POOLING

XGRAD_API Tensor fractional_max_pool2d(const Tensor& input, const FractionalMaxPool2dFuncOptions& options);
XGRAD_API Tensor fractional_max_pool3d(const Tensor& input, const FractionalMaxPool3dFuncOptions& options);
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(
    const Tensor& input, const FractionalMaxPool2dFuncOptions& options);
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(
    const Tensor& input, const FractionalMaxPool3dFuncOptions& options);

}  // namespace xgrad::nn::functional
