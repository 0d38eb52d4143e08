// Writes zip files in one go: sizes and checksums are known before the data, so nothing is gone back for.
#include <algorithm>

#include <xgrad/io/zip.h>

namespace xgrad::io {

namespace {

constexpr uint64_t kAlignment = 64, kMax32 = 0xFFFFFFFF, kMax16 = 0xFFFF;
constexpr uint16_t kVersion = 45;     // which the 64-bit form wants
constexpr uint16_t kUtf8 = 0x800;     // the flag of names
constexpr uint16_t kFirstDay = 0x21;  // 1 January 1980: the same content gives the same bytes

uint32_t in_32(uint64_t number) { return static_cast<uint32_t>(std::min(number, kMax32)); }
uint16_t in_16(uint64_t number) { return static_cast<uint16_t>(std::min(number, kMax16)); }

struct Numbers {
  uint16_t method = 0;  // stored
  uint32_t crc = 0;
  uint64_t size = 0, stored_size = 0;
  bool wide() const { return size >= kMax32 || stored_size >= kMax32; }
};

// What a local header and the directory have in common.
void put_common(std::string& out, const Numbers& n, std::size_t name, std::size_t extra) {
  put(out, kVersion);
  put(out, kUtf8);
  put(out, n.method);
  put(out, uint16_t{0});
  put(out, kFirstDay);
  put(out, n.crc);
  put(out, n.wide() ? static_cast<uint32_t>(kMax32) : in_32(n.stored_size));
  put(out, n.wide() ? static_cast<uint32_t>(kMax32) : in_32(n.size));
  put(out, static_cast<uint16_t>(name));
  put(out, static_cast<uint16_t>(extra));
}

// Both sizes, and where the entry begins when a place is given, in the 64-bit form.
std::string zip64_field(const Numbers& n, bool place, uint64_t at) {
  std::string field;
  if (!n.wide() && !place) return field;
  put(field, uint16_t{1});
  put(field, static_cast<uint16_t>((n.wide() ? 16 : 0) + (place ? 8 : 0)));
  if (n.wide()) {
    put(field, n.size);
    put(field, n.stored_size);
  }
  if (place) put(field, at);
  return field;
}

// Fills up to the next multiple of 64 with the field that PyTorch uses for it.
std::string padding(uint64_t header_end) {
  const uint64_t fill = (kAlignment - (header_end + 4) % kAlignment) % kAlignment;
  std::string field = "FB";
  put(field, static_cast<uint16_t>(fill));
  return field.append(fill, 'Z');
}

}  // namespace

void ZipWriter::add(const std::string& name, const std::vector<std::string_view>& pieces, bool compressed) {
  XGRAD_CHECK(name.size() <= 0xFF00, "save: the name of an entry has ", name.size(),
              " bytes and is too long");
  Numbers n;
  for (const std::string_view piece : pieces) {
    n.crc = crc32(piece, n.crc);
    n.size += piece.size();
  }
  const std::string deflated = compressed ? deflate("save: " + name, pieces) : std::string();
  n.method = compressed ? 8 : 0;
  n.stored_size = compressed ? deflated.size() : n.size;
  const uint64_t at = sink_.position() - start_;
  std::string extra = zip64_field(n, false, 0);
  extra += padding(at + kLocalSize + name.size() + extra.size());

  std::string header = "PK\3\4";
  put_common(header, n, name.size(), extra.size());
  sink_.write(header + name + extra);
  for (const std::string_view piece : compressed ? std::vector<std::string_view>{deflated} : pieces)
    sink_.write(piece);

  extra = zip64_field(n, at >= kMax32, at);
  directory_ += "PK\1\2";
  put(directory_, kVersion);
  put_common(directory_, n, name.size(), extra.size());
  put(directory_, uint16_t{0});  // comment
  put(directory_, uint16_t{0});  // part
  put(directory_, uint16_t{0});  // attributes
  put(directory_, uint32_t{0});
  put(directory_, in_32(at));
  directory_ += name + extra;
  ++count_;
}

void ZipWriter::finish() {
  const uint64_t at = sink_.position() - start_, size = directory_.size();
  std::string end;
  if (at >= kMax32 || size >= kMax32 || count_ >= kMax16) {
    end = "PK\6\6";
    put(end, uint64_t{44});
    put(end, kVersion);
    put(end, kVersion);
    put(end, uint64_t{0});  // parts
    put(end, count_);
    put(end, count_);
    put(end, size);
    put(end, at);
    end += "PK\6\7";
    put(end, uint32_t{0});
    put(end, at + size);
    put(end, uint32_t{1});
  }
  end += "PK\5\6";
  put(end, uint32_t{0});
  put(end, in_16(count_));
  put(end, in_16(count_));
  put(end, in_32(size));
  put(end, in_32(at));
  put(end, uint16_t{0});
  sink_.write(directory_);
  sink_.write(end);
}

}  // namespace xgrad::io
