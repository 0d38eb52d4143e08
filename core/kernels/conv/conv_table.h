// The seam between conv.cpp and the loops compiled once per instruction set (conv_isa.cpp). Plain data and
// declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// A window of an image: element (z, y, x) of the window is element (z - padding[0], ...) of the image, and 0
/// where there is none. It lies in memory [channels][z][y][phases][pitch], where x = i * phases + phase: what
/// a strided convolution reads side by side lies side by side.
struct ConvWindow {
  int64_t channels;
  int64_t in[3], size[3], padding[3];
  int64_t phases, pitch;
};

/// A run of columns that lie side by side in memory: `length` elements at `from` go to `column`.
struct ConvRun {
  int64_t column, from, length;
};

template <class T>
struct ConvLoops {
  /// Writes the window of an image.
  void (*pad)(const ConvWindow& window, const T* image, T* out);
  /// The same with the channels innermost, [z][y][x][channels], and one phase; `last` says that those of the
  /// image are, too. `out` has four elements to spare.
  void (*pad_channels_last)(const ConvWindow& window, const T* image, bool last, T* out);
  /// image += window, where the image has elements.
  void (*unpad)(const ConvWindow& window, const T* in, T* image);
  /// out[r * columns + column] = from[offsets[r] + ...] for each run.
  void (*gather)(const T* from, const int64_t* offsets, int64_t rows, const ConvRun* runs, int64_t count,
                 T* out, int64_t columns);
  /// to[offsets[r] + ...] += in[r * columns + column].
  void (*scatter)(T* to, const int64_t* offsets, int64_t rows, const ConvRun* runs, int64_t count,
                  const T* in, int64_t columns);
  /// A channel alone: out[i] = start + sum over taps of w[t] x[offsets[t] + i] for i < n.
  void (*depthwise)(const T* x, const int64_t* offsets, const T* w, int64_t taps, T start, T* out, int64_t n);
  /// Channels side by side, in pixels that are `step` apart: out[i, c] = bias[c] + sum over taps of
  /// w[weights[t] + c] x[offsets[t] + i * step + c] for i < n.
  void (*depthwise_last)(const T* x, const int64_t* offsets, int64_t step, const T* w, const int64_t* weights,
                         int64_t taps, const T* bias, int64_t channels, T* out, int64_t n);
  /// x[offsets[t] + i] += w[t] y[i].
  void (*depthwise_spread)(T* x, const int64_t* offsets, const T* w, int64_t taps, const T* y, int64_t n);
  /// w[t] += sum of y[i] x[offsets[t] + i].
  void (*depthwise_weight)(const T* x, const int64_t* offsets, T* w, int64_t taps, const T* y, int64_t n);
};

}  // namespace xgrad::kernels
