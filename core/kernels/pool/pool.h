// Pooling over windows of images with one to three dimensions.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// The elements begin, begin + step, ... below end of a dimension, and how many it counts as in an average.
struct PoolWindow {
  int64_t begin, end, step, count;
};

/// `images` images of in[0] x in[1] x in[2] pixels, and for each dimension of the results its windows. Of
/// each pixel `width` channels lie side by side, which are pooled apart: 1, or all where the channels come
/// last. Dimensions that are not there come first, with size 1. Windows [first, last) of the last dimension
/// are all alike, `stride` pixels apart. An average is a sum divided by `divisor` (0: by what the window
/// counts as).
struct PoolShape {
  int64_t images, width, divisor;
  int64_t in[3], out[3];
  const PoolWindow* windows[3];
  int64_t first, last, stride;

  int64_t in_pixels() const { return in[0] * in[1] * in[2]; }
  int64_t out_pixels() const { return out[0] * out[1] * out[2]; }
};

// T: float, double, int64_t.

/// The largest element of each window, a NaN above all, and its pixel in the image, the first among equals,
/// unless `places` is null, as it may be for floating-point elements.
template <class T>
void max_pool(const PoolShape& shape, const T* x, T* y, int64_t* places);
/// The average of each window, of floating-point elements.
template <class T>
void average_pool(const PoolShape& shape, const T* x, T* y);
/// x = what each window gives to its elements of y, the transpose of the average.
template <class T>
void spread_windows(const PoolShape& shape, const T* y, T* x);
/// y[i] = x[places[i]], image by image, and for each of the `width` channels of a pixel.
template <class T>
void take_pixels(int64_t images, int64_t width, int64_t in_pixels, int64_t out_pixels, const T* x,
                 const int64_t* places, T* y);
/// x = 0, then x[places[i]] += y[i], or = y[i] when `replace`.
template <class T>
void put_pixels(int64_t images, int64_t width, int64_t in_pixels, int64_t out_pixels, const T* y,
                const int64_t* places, bool replace, T* x);

}  // namespace xgrad::kernels
