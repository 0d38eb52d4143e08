// The seam between sample.cpp and the loops compiled once per instruction set (sample_isa.cpp). Plain data
// and declarations only: both sides are compiled with different flags.
#pragma once

#include <xgrad/core/kernels/sample/sample.h>

namespace xgrad::kernels {

/// Points that are computed at a time, and the most pixels that one is computed from.
inline constexpr int kSampled = 64, kMaxTaps = 64;

/// Up to 16 channels of one image as rows, `width` (4 or 16) for each pixel, and one row of zeros after the
/// last; or, where width is 0, as the planes that they are.
template <class T>
struct ImageRows {
  int width, channels;
  T* data;
};

template <class T>
struct SampleLoops {
  /// Of one table.
  void (*bags)(const Bags& bags, const T* x, const T* weight, T* y);
  /// Of one table of bytes, whatever T is.
  void (*byte_bags)(const Bags& bags, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y);
  /// Rows y for n points; or planes of kSampled elements.
  void (*forward)(const Sampling& s, const ImageRows<T>& x, const T* grid, int n, T* y);
  /// Such rows or planes g, spread over dx; and times what x changes by, added to dgrid. Null: not wanted.
  void (*backward)(const Sampling& s, const T* g, const ImageRows<T>* x, const T* grid, int n,
                   const ImageRows<T>* dx, T* dgrid);
};

}  // namespace xgrad::kernels
