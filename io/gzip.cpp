// The frame that gzip puts around a deflate stream (RFC 1952).
#include <xgrad/io/gzip.h>

#include <new>

namespace xgrad::io {

namespace {

constexpr std::size_t kTrailer = 8;

void skip_text(Cursor& in) {
  while (in.get<uint8_t>() != 0) {
  }
}

void skip_header(Cursor& in) {
  if (in.get<uint16_t>() != 0x8b1f) in.source().fail_at(0, "this is no file of gzip");
  if (in.get<uint8_t>() != 8) in.source().fail_at(2, "this is no method of compression");
  const int flags = in.get<uint8_t>();
  in.skip(6);  // time, hints, system
  if ((flags & 4) != 0) in.skip(in.get<uint16_t>());
  if ((flags & 8) != 0) skip_text(in);
  if ((flags & 16) != 0) skip_text(in);
  if ((flags & 2) != 0) in.skip(2);
}

}  // namespace

ExpandedFile::ExpandedFile(const char* op, const std::string& path) : file_(op, path) {
  const Source& file = file_.source();
  if (path.size() < 3 || path.compare(path.size() - 3, 3, ".gz") != 0) return;
  Cursor in(file);
  skip_header(in);
  if (in.remaining() < kTrailer) in.fail("the data end here");
  const uint64_t start = in.position();
  const Source compressed{in.bytes(in.remaining() - kTrailer), file.name, start};
  const auto crc = in.get<uint32_t>();
  const uint64_t size = in.get<uint32_t>();
  // Deflate makes a byte of at most 1032.
  if (size / 1032 > compressed.bytes.size())
    file.fail_at(file.bytes.size() - 4, compressed.bytes.size(), " bytes cannot hold the ", size,
                 " that are said to be in them");
  expanded_.reset(new (std::nothrow) char[size]);
  XGRAD_CHECK(expanded_, file.name, ": there is no memory for its ", size, " bytes");
  inflate(compressed, expanded_.get(), size);
  inside_ = {{expanded_.get(), size}, file.name + " (expanded)", 0};
  if (crc32(inside_.bytes) != crc) file.fail_at(file.bytes.size() - kTrailer, "the checksum is wrong");
}

}  // namespace xgrad::io
