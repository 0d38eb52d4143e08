// Pictures as PNG: eight bits to a channel, rows as they are.
#include <xgrad/graph/images.h>

#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/io/bytes.h>

namespace xgrad::graph {

namespace {

void put_big_endian(std::string& out, uint64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

void put_chunk(std::string& out, const std::string& name, const std::string& content) {
  put_big_endian(out, content.size());
  out += name + content;
  put_big_endian(out, io::crc32(name + content));
}

}  // namespace

Pixels pixels_of(const char* op, const Tensor& image, const std::string& format) {
  const NoGradGuard no_grad;
  XGRAD_CHECK_AS(ValueError, format == "CHW" || format == "HWC" || format == "HW", op,
                 ": dataformats must be CHW, HWC or HW: got '", format, "'");
  XGRAD_CHECK_AS(ValueError, image.defined() && image.dim() == static_cast<int64_t>(format.size()), op,
                 ": an image of format ", format, " has ", static_cast<int64_t>(format.size()),
                 " dimensions: img_tensor is ", image.defined() ? image.sizes() : IntArrayRef());
  const Tensor rows = format == "CHW"  ? image.permute({1, 2, 0})
                      : format == "HW" ? image.unsqueeze(2)
                                       : image;
  Pixels pixels{rows.size(0), rows.size(1), rows.size(2), {}};
  XGRAD_CHECK_AS(ValueError,
                 rows.numel() > 0 && (pixels.channels == 1 || pixels.channels == 3 || pixels.channels == 4),
                 op, ": an image has 1, 3 or 4 channels and at least one pixel: img_tensor is ",
                 image.sizes(), " in format ", format);
  XGRAD_CHECK_AS(TypeError, image.dtype() == kByte || image.is_floating_point(), op,
                 ": an image is of floats from 0 to 1, or of uint8: img_tensor is ", image.dtype());
  pixels.bytes =
      (image.dtype() == kByte ? rows
                              : rows.detach().to(kFloat).mul(255).clamp(0, 255).nan_to_num(0).to(kByte))
          .contiguous();
  return pixels;
}

std::string to_png(const char* op, const Pixels& pixels) {
  const auto row = static_cast<std::size_t>(pixels.width * pixels.channels);
  const char* const bytes = static_cast<const char*>(pixels.bytes.data_ptr());
  std::string raw;
  for (int64_t y = 0; y < pixels.height; ++y) {
    raw += '\0';  // no filter
    raw.append(bytes + static_cast<std::size_t>(y) * row, row);
  }
  std::string header;
  put_big_endian(header, static_cast<uint64_t>(pixels.width));
  put_big_endian(header, static_cast<uint64_t>(pixels.height));
  const char kind = pixels.channels == 1 ? '\0' : pixels.channels == 3 ? '\2' : '\6';
  header += std::string{'\x8', kind, '\0', '\0', '\0'};
  std::string png = "\x89PNG\r\n\x1a\n";
  put_chunk(png, "IHDR", header);
  put_chunk(png, "IDAT", io::deflate(op, {raw}, true));
  put_chunk(png, "IEND", "");
  return png;
}

}  // namespace xgrad::graph
