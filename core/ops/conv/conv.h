// Convolutions.
#pragma once

#include <string_view>
#include <type_traits>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// The op behind all convolutions over d = 1, 2 or 3 dimensions. Plain: input [N, C, size...] and weight
/// [out, C / groups, kernel...] give [N, out, o...] with o = (size + 2 padding - dilation (kernel - 1) - 1) /
/// stride + 1. Transposed: input [N, C, size...] and weight [C, out / groups, kernel...] give o = (size - 1)
/// stride - 2 padding + dilation (kernel - 1) + output_padding + 1. `bias` has `out` elements or is
/// undefined. Lists have d numbers, or one for all. Floating-point (16 bits computed in float32) and
/// integers, which wrap around.
XGRAD_API Tensor convolution(const Tensor& input, const Tensor& weight, const Tensor& bias,
                             IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                             IntArrayRef output_padding, int64_t groups);

/// Convolution of [N, C, L] or [C, L]; see `convolution`.
XGRAD_API Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
                        int64_t groups = 1);
/// Of [N, C, H, W] or [C, H, W].
XGRAD_API Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
                        int64_t groups = 1);
/// Of [N, C, D, H, W] or [C, D, H, W].
XGRAD_API Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef dilation = 1,
                        int64_t groups = 1);

namespace detail {
XGRAD_API Tensor conv_by_name(int dims, const Tensor& input, const Tensor& weight, const Tensor& bias,
                              IntArrayRef stride, std::string_view padding, IntArrayRef dilation,
                              int64_t groups);
// A template, so that the number 0 is a padding and no text.
template <class Text>
using if_text = std::enable_if_t<std::is_convertible_v<const Text&, std::string_view>, int>;
}  // namespace detail

/// The same with padding "valid", none, or "same", so much that a convolution without stride keeps the size.
template <class Text, detail::if_text<Text> = 0>
Tensor conv1d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              const Text& padding, IntArrayRef dilation = 1, int64_t groups = 1) {
  return detail::conv_by_name(1, input, weight, bias, stride, padding, dilation, groups);
}
template <class Text, detail::if_text<Text> = 0>
Tensor conv2d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              const Text& padding, IntArrayRef dilation = 1, int64_t groups = 1) {
  return detail::conv_by_name(2, input, weight, bias, stride, padding, dilation, groups);
}
template <class Text, detail::if_text<Text> = 0>
Tensor conv3d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
              const Text& padding, IntArrayRef dilation = 1, int64_t groups = 1) {
  return detail::conv_by_name(3, input, weight, bias, stride, padding, dilation, groups);
}

/// Transposed convolution of [N, C, L] or [C, L]; see `convolution`. output_padding is less than stride or
/// dilation.
XGRAD_API Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                                  IntArrayRef stride = 1, IntArrayRef padding = 0,
                                  IntArrayRef output_padding = 0, int64_t groups = 1,
                                  IntArrayRef dilation = 1);
XGRAD_API Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                                  IntArrayRef stride = 1, IntArrayRef padding = 0,
                                  IntArrayRef output_padding = 0, int64_t groups = 1,
                                  IntArrayRef dilation = 1);
XGRAD_API Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const Tensor& bias = {},
                                  IntArrayRef stride = 1, IntArrayRef padding = 0,
                                  IntArrayRef output_padding = 0, int64_t groups = 1,
                                  IntArrayRef dilation = 1);

}  // namespace xgrad
