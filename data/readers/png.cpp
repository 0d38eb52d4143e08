// PNG (ISO/IEC 15948), by libpng, which is loaded when the first file is read. It sees only the chunks that
// make the pixels: not those of gamma and profiles, by which it would change them, nor compressed texts,
// which may be bombs.
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/shared_library.h>
#include <xgrad/data/readers/image_formats.h>

#if defined(XGRAD_PNG_NAME)
#include <png.h>
#endif

namespace xgrad::data {

namespace {

constexpr std::string_view kSignature("\x89PNG\r\n\x1a\n", 8);

}  // namespace

bool is_png(std::string_view bytes) { return bytes.substr(0, kSignature.size()) == kSignature; }

#if defined(XGRAD_PNG_NAME)

namespace {

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

struct Png {
  uint32_t width = 0, height = 0;
  unsigned depth = 0, color = 0;
  bool has_alpha = false;
  uint64_t compressed = 0;
  std::string chunks;  // signature and all
};

// Deflate makes a byte of at most 1032, so that larger sizes are lies.
void check_size(const io::Source& source, const Png& png) {
  constexpr unsigned kChannels[] = {1, 0, 3, 1, 2, 0, 4};
  const unsigned channels = png.color < std::size(kChannels) ? kChannels[png.color] : 0;
  const uint64_t pixels = uint64_t{png.width} * png.height;
  if (pixels == 0 || channels == 0 || png.depth == 0 || png.depth > 16)
    source.fail_at(16, "the header of this PNG is broken");
  if (pixels > kMaxPixels)
    source.fail_at(16, png.width, " by ", png.height, " pixels are more than the ", kMaxPixels, " allowed");
  const uint64_t bytes = png.height * ((uint64_t{png.width} * channels * png.depth + 7) / 8 + 1);
  if (bytes / 1032 > png.compressed)
    source.fail_at(16, png.width, " by ", png.height, " pixels cannot be in ", png.compressed,
                   " compressed bytes");
}

Png read_chunks(const io::Source& source) {
  Png png;
  png.chunks = kSignature;
  io::Cursor in(source, kSignature.size());
  for (std::string_view name; name != "IEND";) {
    const uint64_t at = in.position();
    const uint64_t size = big_endian(in.bytes(4));
    const std::string_view named = in.bytes(4 + size);
    name = named.substr(0, 4);
    if (big_endian(in.bytes(4)) != io::crc32(named))
      source.fail_at(at, "the checksum of this chunk of the PNG is wrong");
    if ((at == kSignature.size()) != (name == "IHDR") || (name == "IHDR" && size != 13))
      source.fail_at(at, "the header of a PNG is its first chunk, and has 13 bytes");
    if (name == "IHDR") {
      png.width = big_endian(named.substr(4));
      png.height = big_endian(named.substr(8));
      png.depth = static_cast<unsigned char>(named[12]);
      png.color = static_cast<unsigned char>(named[13]);
    } else if (name == "IDAT") {
      png.compressed += size;
    } else if (name != "PLTE" && name != "tRNS" && name != "IEND") {
      if ((name[0] & 0x20) == 0) source.fail_at(at, "this chunk of the PNG is of no known kind");
      continue;
    }
    png.has_alpha |= name == "tRNS" || (name == "IHDR" && (png.color & 4) != 0);
    png.chunks += source.bytes.substr(at, 12 + size);
  }
  check_size(source, png);
  return png;
}

}  // namespace

Tensor decode_png(const io::Source& source) {
  void* const library = open_library(XGRAD_PNG_NAME);
  const auto begin =
      find_function<decltype(&png_image_begin_read_from_memory)>(library, "png_image_begin_read_from_memory");
  const auto finish = find_function<decltype(&png_image_finish_read)>(library, "png_image_finish_read");
  const auto end = find_function<decltype(&png_image_free)>(library, "png_image_free");
  if (!begin || !finish || !end)
    source.fail_at(0, "this is a PNG, and ", XGRAD_PNG_NAME, " is not installed");

  const Png png = read_chunks(source);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(end)> frees(&image, end);
  const auto fail = [&] { source.fail_at(0, "this PNG is broken: ", image.message); };
  if (begin(&image, png.chunks.data(), png.chunks.size()) == 0) fail();
  const bool gray = (png.color & 2) == 0;
  image.format = (gray ? 0 : PNG_FORMAT_FLAG_COLOR) | (png.has_alpha ? PNG_FORMAT_FLAG_ALPHA : 0);
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // else they would be taken as linear light
  Tensor pixels = zeros({static_cast<int64_t>(png.height), static_cast<int64_t>(png.width),
                         (gray ? 1 : 3) + (png.has_alpha ? 1 : 0)},
                        kByte);
  if (finish(&image, nullptr, pixels.data_ptr(), 0, nullptr) == 0) fail();
  return pixels;
}

#else

Tensor decode_png(const io::Source& source) {
  source.fail_at(0, "this is a PNG, and xgrad was built without libpng");
}

#endif

}  // namespace xgrad::data
