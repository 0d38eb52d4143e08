// Pooling: the largest element or the mean of windows, over images [N, C, size...] or [C, size...].
#pragma once

#include <tuple>

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

// Lists have a number for each dimension, or one for all; an empty stride is kernel_size. A result has
// (size + 2 padding - dilation (kernel_size - 1) - 1) / stride + 1 elements, rounded down, or with ceil_mode
// up as long as the last window begins within input and the padding before it. Floating-point and integers;
// 16-bit floats are computed in float32.

/// The largest element of each window; a NaN is above all. Padding is never the largest.
XGRAD_API Tensor max_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
XGRAD_API Tensor max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
XGRAD_API Tensor max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
/// The same with the place of each, counted within its image: int64.
XGRAD_API std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                             IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                             IntArrayRef dilation = 1,
                                                             bool ceil_mode = false);
XGRAD_API std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                             IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                             IntArrayRef dilation = 1,
                                                             bool ceil_mode = false);
XGRAD_API std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& self, IntArrayRef kernel_size,
                                                             IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                             IntArrayRef dilation = 1,
                                                             bool ceil_mode = false);

/// The mean of each window: its sum by divisor_override if there is one, else by the elements of the window,
/// without those in the padding unless count_include_pad.
XGRAD_API Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true);
XGRAD_API Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                            optional<int64_t> divisor_override = nullopt);
XGRAD_API Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {},
                            IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                            optional<int64_t> divisor_override = nullopt);

/// As many windows as `output_size` says, from floor(i size / output_size) up to ceil((i + 1) size /
/// output_size).
XGRAD_API Tensor adaptive_avg_pool1d(const Tensor& self, IntArrayRef output_size);
XGRAD_API Tensor adaptive_avg_pool2d(const Tensor& self, IntArrayRef output_size);
XGRAD_API Tensor adaptive_avg_pool3d(const Tensor& self, IntArrayRef output_size);
XGRAD_API std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& self, IntArrayRef output_size);
XGRAD_API std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& self, IntArrayRef output_size);
XGRAD_API std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& self, IntArrayRef output_size);

/// Windows of kernel_size whose places are drawn: `random_samples` [N, C, dimensions] (or [1, C, dimensions])
/// in [0, 1) (Graham, "Fractional Max-Pooling", 2014).
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size,
                                                           IntArrayRef output_size,
                                                           const Tensor& random_samples);
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size,
                                                           IntArrayRef output_size,
                                                           const Tensor& random_samples);

/// Zeros of `output_size` with the elements of self at the places that max_pool found: `indices` has self's
/// shape. Of equal places the last one stays.
XGRAD_API Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size);
/// The sizes alone decide; stride and padding are those of max_pool3d.
XGRAD_API Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size,
                              IntArrayRef stride, IntArrayRef padding);

}  // namespace xgrad
