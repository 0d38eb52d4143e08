// The seam between sample.cpp and the loops compiled once per instruction set (sample_isa.cpp). Plain data
// and declarations only: both sides are compiled with different flags.
#pragma once

#include <xgrad/core/kernels/sample/sample.h>

namespace xgrad::kernels {

/// Points that are computed at a time, the most pixels that one is computed from, and the channels of a row.
inline constexpr int kSampled = 64, kMaxTaps = 64, kSampledWidth = 16;

/// Sums of pixels of 2 to 4 bytes that follow each other, all of as many pairs: the place of the first byte,
/// and the weights of each pair, 16 bits each. There are places and weights for the next three sums too. As
/// many bytes are read as if another two pixels of four bytes came last.
struct PixelBags {
  int64_t sums, width, pairs;
  const int32_t *from, *weight;
};

template <class T>
struct SampleLoops {
  /// Of one table.
  void (*bags)(const Bags& bags, const T* x, const T* weight, T* y);
  /// Of one table of bytes, whatever T is.
  void (*byte_bags)(const Bags& bags, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y);
  /// Null where the processor has no instructions for it.
  void (*pixel_bags)(const PixelBags& bags, const uint8_t* x, int precision, uint8_t* y);
  /// Some channels of one image, as the planes that they are, at n of its points: planes y and g too.
  void (*planes)(const Sampling& s, int64_t channels, const T* x, const T* grid, int64_t n, T* y);
  void (*planes_backward)(const Sampling& s, int64_t channels, const T* g, const T* x, const T* grid,
                          int64_t n, T* dx, T* dgrid);
  /// The same of rows: kSampledWidth channels for each pixel, and a row of zeros after the last. Rows y for
  /// up to kSampled points.
  void (*forward)(const Sampling& s, const T* x, const T* grid, int n, T* y);
  /// Such rows g, spread over dx; and times what x changes by, added to dgrid. Null: not wanted.
  void (*backward)(const Sampling& s, const T* g, const T* x, const T* grid, int n, T* dx, T* dgrid);
};

}  // namespace xgrad::kernels
