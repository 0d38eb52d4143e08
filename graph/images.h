// Pictures of pixels. Private to the library.
#pragma once

#include <string>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// Rows of pixels with 1, 3 or 4 bytes each.
struct Pixels {
  int64_t height, width, channels;
  Tensor bytes;
};

/// `image` as `format` lays it out: "CHW", "HWC" or "HW"; floats from 0 to 1, or bytes. Throws ValueError,
/// which begins with `op`, for anything else.
Pixels pixels_of(const char* op, const Tensor& image, const std::string& format);

/// The file of a PNG.
std::string to_png(const char* op, const Pixels& pixels);

}  // namespace xgrad::graph
