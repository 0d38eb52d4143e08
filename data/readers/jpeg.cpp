// JPEG, by libjpeg (libjpeg-turbo), which is loaded when the first file is read.
#include <csetjmp>
#include <cstdio>  // which jpeglib.h forgets

#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/shared_library.h>
#include <xgrad/data/readers/image_formats.h>

#if defined(XGRAD_JPEG_NAME)
#include <jerror.h>
#include <jpeglib.h>
#endif

namespace xgrad::data {

bool is_jpeg(std::string_view bytes) { return bytes.substr(0, 3) == "\xff\xd8\xff"; }

#if defined(XGRAD_JPEG_NAME)

namespace {

struct Library {
  void* library = open_library(XGRAD_JPEG_NAME);
#define XGRAD_JPEG_FUNCTION(name) \
  decltype(&jpeg_##name) name = find_function<decltype(name)>(library, "jpeg_" #name)
  XGRAD_JPEG_FUNCTION(std_error);
  XGRAD_JPEG_FUNCTION(CreateDecompress);
  XGRAD_JPEG_FUNCTION(mem_src);
  XGRAD_JPEG_FUNCTION(read_header);
  XGRAD_JPEG_FUNCTION(start_decompress);
  XGRAD_JPEG_FUNCTION(read_scanlines);
  XGRAD_JPEG_FUNCTION(finish_decompress);
  XGRAD_JPEG_FUNCTION(destroy_decompress);
#undef XGRAD_JPEG_FUNCTION
  bool works() const {
    return std_error && CreateDecompress && mem_src && read_header && start_decompress && read_scanlines &&
           finish_decompress && destroy_decompress;
  }
};

// The library's errors jump back to where it was called; so nothing with a destructor is on the way.
struct Reader {
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void stop(j_common_ptr jpeg) {
  auto* const reader = static_cast<Reader*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, reader->message);
  std::longjmp(reader->back, 1);
}

// Of the warnings, those that tell of damaged pixels are errors here.
void warn(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_JPEG_EOF:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
      stop(jpeg);
    default:
      return;
  }
}

boolean at_end(j_decompress_ptr jpeg) {
  jpeg->err->msg_code = JERR_INPUT_EOF;
  stop(reinterpret_cast<j_common_ptr>(jpeg));
}

// Each pass over a large picture may cost a few bytes of the file: no encoder makes so many.
void watch(j_common_ptr jpeg) {
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= 500) return;
  jpeg->err->msg_code = JERR_TOO_LITTLE_DATA;
  stop(jpeg);
}

bool read_header(const Library& library, Reader& reader, std::string_view bytes) {
  jpeg_decompress_struct& jpeg = reader.jpeg;
  jpeg.err = library.std_error(&reader.errors);
  jpeg.client_data = &reader;
  reader.errors.error_exit = stop;
  reader.errors.emit_message = warn;
  reader.errors.output_message = [](j_common_ptr) {};
  if (setjmp(reader.back) != 0) return false;
  library.CreateDecompress(&jpeg, JPEG_LIB_VERSION, sizeof(jpeg));
  reader.progress.progress_monitor = watch;
  jpeg.progress = &reader.progress;
  library.mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg.src->fill_input_buffer = at_end;
  library.read_header(&jpeg, TRUE);
  return true;
}

bool read_rows(const Library& library, Reader& reader, unsigned char* out, std::size_t stride) {
  jpeg_decompress_struct& jpeg = reader.jpeg;
  if (setjmp(reader.back) != 0) return false;
  library.start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    unsigned char* row = out + jpeg.output_scanline * stride;
    library.read_scanlines(&jpeg, &row, 1);
  }
  library.finish_decompress(&jpeg);
  return true;
}

// A block of 64 pixels takes a bit at least; only arithmetic coding takes less.
void check_size(const io::Source& source, const jpeg_decompress_struct& jpeg) {
  const uint64_t pixels = uint64_t{jpeg.image_width} * jpeg.image_height;
  if (pixels > kMaxPixels)
    source.fail_at(0, jpeg.image_width, " by ", jpeg.image_height, " pixels are more than the ", kMaxPixels,
                   " allowed");
  if (!jpeg.arith_code && pixels / 512 > source.bytes.size())
    source.fail_at(0, jpeg.image_width, " by ", jpeg.image_height, " pixels cannot be in ",
                   source.bytes.size(), " bytes");
}

// Printing colours, which Adobe's programs write inverted: in the other order they are made so.
Tensor to_rgb(const Tensor& inks, bool inverted) {
  const Tensor light = (inverted ? inks : inks.bitwise_not()).to(kInt);
  return light.narrow(2, 0, 3).mul(light.narrow(2, 3, 1)).add(127).floor_divide(255).to(kByte);
}

}  // namespace

Tensor decode_jpeg(const io::Source& source) {
  const Library library;
  if (!library.works()) source.fail_at(0, "this is a JPEG, and ", XGRAD_JPEG_NAME, " is not installed");
  Reader reader{};
  const std::unique_ptr<jpeg_decompress_struct, decltype(library.destroy_decompress)> frees(
      &reader.jpeg, library.destroy_decompress);
  const auto fail = [&] {
    const uint64_t left = reader.jpeg.src ? reader.jpeg.src->bytes_in_buffer : 0;
    source.fail_at(source.bytes.size() - left, "this JPEG is broken: ", reader.message);
  };
  if (!read_header(library, reader, source.bytes)) fail();
  check_size(source, reader.jpeg);
  const J_COLOR_SPACE space = reader.jpeg.jpeg_color_space;
  const bool gray = space == JCS_GRAYSCALE, inks = space == JCS_CMYK || space == JCS_YCCK;
  reader.jpeg.out_color_space = gray ? JCS_GRAYSCALE : inks ? JCS_CMYK : JCS_RGB;
  const int64_t channels = gray ? 1 : inks ? 4 : 3, width = reader.jpeg.image_width;
  Tensor pixels = zeros({static_cast<int64_t>(reader.jpeg.image_height), width, channels}, kByte);
  if (!read_rows(library, reader, pixels.data_ptr<uint8_t>(), static_cast<std::size_t>(width * channels)))
    fail();
  return inks ? to_rgb(pixels, reader.jpeg.saw_Adobe_marker) : pixels;
}

#else

Tensor decode_jpeg(const io::Source& source) {
  source.fail_at(0, "this is a JPEG, and xgrad was built without libjpeg");
}

#endif

}  // namespace xgrad::data
