// Convolutions with options; the formula stands in core/ops/conv/conv.h.
#pragma once

#include <xgrad/nn/options/conv.h>

namespace xgrad::nn::functional {

XGRAD_API Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& options = {});
XGRAD_API Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& options = {});
XGRAD_API Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& options = {});
XGRAD_API Tensor conv_transpose1d(const Tensor& input, const Tensor& weight,
                                  const ConvTranspose1dFuncOptions& options = {});
XGRAD_API Tensor conv_transpose2d(const Tensor& input, const Tensor& weight,
                                  const ConvTranspose2dFuncOptions& options = {});
XGRAD_API Tensor conv_transpose3d(const Tensor& input, const Tensor& weight,
                                  const ConvTranspose3dFuncOptions& options = {});

namespace detail {
template <std::size_t D>
Tensor conv(const Tensor& input, const Tensor& weight, const ConvFuncOptions<D>& options);
template <std::size_t D>
Tensor conv_transpose(const Tensor& input, const Tensor& weight, const ConvTransposeFuncOptions<D>& options);
}  // namespace detail

}  // namespace xgrad::nn::functional
