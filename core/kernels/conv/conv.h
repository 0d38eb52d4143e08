// Convolutions over one to three dimensions, row-major, and their derivatives, which are convolutions again.
// Shapes are the caller's business: nothing is checked here.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// y [batch, groups * out_channels, out...] = x [batch, groups * in_channels, in...] convolved with
/// w [groups * out_channels, in_channels, kernel...]. Channels are those of one group. Dimensions that are
/// not there come first, with size 1.
struct ConvShape {
  int64_t batch = 0, groups = 1, in_channels = 0, out_channels = 0;
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, padding[3] = {}, dilation[3] = {1, 1, 1};

  int64_t in_pixels() const { return in[0] * in[1] * in[2]; }
  int64_t out_pixels() const { return out[0] * out[1] * out[2]; }
  int64_t taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  bool strided() const { return stride[0] > 1 || stride[1] > 1 || stride[2] > 1; }
};

/// y[o] = bias[o] + sum of w[o, c, t] x[c, o * stride - padding + t * dilation]; bias may be null. T: float
/// and double on packed tiles; int8_t, uint8_t, int16_t, int32_t, int64_t in plain loops, which wrap around.
/// The same bits for any number of threads.
template <class T>
void conv(const ConvShape& shape, const T* x, const T* w, const T* bias, T* y);
/// The transpose: x gets, beside its bias, what each y spreads through w.
template <class T>
void conv_transposed(const ConvShape& shape, const T* y, const T* w, const T* bias, T* x);
/// For float and double, and not for all shapes: the same of x, w and y that have their channels last,
/// [batch, pixels, channels] and [out_channels, taps, in_channels].
bool takes_channels_last(const ConvShape& shape, bool transposed);
template <class T>
void conv_channels_last(const ConvShape& shape, bool transposed, const T* x, const T* w, const T* bias, T* y);
/// For float and double: w[o, c, t] = sum over batch and pixels of y[o] x[c, o * stride - padding + t *
/// dilation]. x and y may have their channels last where a convolution of one group may.
template <class T>
void conv_weight(const ConvShape& shape, bool channels_last, const T* x, const T* y, T* w);

}  // namespace xgrad::kernels
