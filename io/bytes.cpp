// Byte order, and the uses of zlib, which is loaded when something compressed is first read or
// written.
#include <xgrad/io/bytes.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include <xgrad/core/types/shared_library.h>

#if defined(XGRAD_ZLIB_NAME)
#include <zlib.h>
#endif

namespace xgrad::io {

void swap_bytes(char* data, uint64_t bytes, std::size_t element_size) noexcept {
  if (element_size < 2) return;
  for (char* end = data + bytes; data < end; data += element_size) std::reverse(data, data + element_size);
}

#if defined(XGRAD_ZLIB_NAME)

namespace {

template <class Init>
struct Zlib {
  Zlib(const char* init_name, const char* run_name, const char* end_name)
      : library(open_library(XGRAD_ZLIB_NAME)),
        init(find_function<Init>(library, init_name)),
        run(find_function<decltype(run)>(library, run_name)),
        end(find_function<decltype(end)>(library, end_name)) {}
  bool works() const { return init && run && end; }

  void* library;
  Init init;
  decltype(&::inflate) run;
  decltype(&inflateEnd) end;
};

// zlib counts in 32 bits.
uInt at_most(uint64_t count) {
  return static_cast<uInt>(std::min<uint64_t>(count, std::numeric_limits<uInt>::max()));
}

}  // namespace

void inflate(const Source& source, char* out, uint64_t size) {
  const Zlib<decltype(&inflateInit2_)> zlib("inflateInit2_", "inflate", "inflateEnd");
  if (!zlib.works()) source.fail_at(0, "this is compressed, and ", XGRAD_ZLIB_NAME, " is not installed");
  z_stream stream{};
  if (zlib.init(&stream, -MAX_WBITS, ZLIB_VERSION, sizeof(stream)) != Z_OK)
    source.fail_at(0, "this is compressed, and zlib cannot start");
  uint64_t read = 0, written = 0;
  int code = Z_OK;
  char none;
  while (code == Z_OK) {
    const uInt in = at_most(source.bytes.size() - read), room = at_most(size - written);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(source.bytes.data() + read));
    stream.avail_in = in;
    stream.next_out = reinterpret_cast<Bytef*>(size > 0 ? out + written : &none);
    stream.avail_out = room;
    code =
        zlib.run(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR when it can do nothing: the input or the room has ended
    read += in - stream.avail_in;
    written += room - stream.avail_out;
  }
  const std::string said = stream.msg ? concat(" (", stream.msg, ")") : std::string();
  zlib.end(&stream);
  if (code == Z_BUF_ERROR && written == size)
    source.fail_at(read, "the compressed data hold more than the ", size,
                   " bytes that are said to be in them");
  if (code != Z_STREAM_END) source.fail_at(read, "the compressed data are broken", said);
  if (written != size)
    source.fail_at(read, "the compressed data hold ", written, " bytes, and ", size,
                   " are said to be in them");
}

std::string deflate(const std::string& name, const std::vector<std::string_view>& pieces, bool framed) {
  const Zlib<decltype(&deflateInit2_)> zlib("deflateInit2_", "deflate", "deflateEnd");
  XGRAD_CHECK(zlib.works(), name, ": compressing takes ", XGRAD_ZLIB_NAME, ", which is not installed");
  z_stream stream{};
  const int code = zlib.init(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, framed ? MAX_WBITS : -MAX_WBITS, 8,
                             Z_DEFAULT_STRATEGY, ZLIB_VERSION, sizeof(stream));
  XGRAD_CHECK(code == Z_OK, name, ": zlib cannot start compressing");
  const std::unique_ptr<z_stream, decltype(&deflateEnd)> ends(&stream, zlib.end);
  std::string out;
  std::array<char, 1 << 16> room;
  const auto run = [&](std::string_view bytes, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = at_most(bytes.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(room.data());
      stream.avail_out = static_cast<uInt>(room.size());
      zlib.run(&stream, flush);
      out.append(room.data(), room.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  for (std::string_view piece : pieces)
    while (!piece.empty()) {
      const uInt size = at_most(piece.size());
      run(piece.substr(0, size), Z_NO_FLUSH);
      piece.remove_prefix(size);
    }
  run({}, Z_FINISH);
  return out;
}

#else

std::string deflate(const std::string& name, const std::vector<std::string_view>&, bool) {
  fail(name, ": compressing takes zlib, and xgrad was built without it");
}

void inflate(const Source& source, char*, uint64_t) {
  source.fail_at(0, "this is compressed, and xgrad was built without zlib");
}

#endif

}  // namespace xgrad::io
