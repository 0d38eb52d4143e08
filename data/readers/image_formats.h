// PNG and JPEG as pixels. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/io/bytes.h>

namespace xgrad::data {

/// As many pixels as Pillow's Image reads at most.
constexpr uint64_t kMaxPixels = 178'956'970;

bool is_png(std::string_view bytes);
bool is_jpeg(std::string_view bytes);

/// The pixels [height, width, channels] in uint8: gray, gray and opacity, colours, or colours and opacity.
/// What a header says is held against the file's size before there is memory for it. Error for broken files,
/// and where the library is missing.
Tensor decode_png(const io::Source& source);
Tensor decode_jpeg(const io::Source& source);

}  // namespace xgrad::data
