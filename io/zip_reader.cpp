// Reads zip files by their directory, which is at the end: APPNOTE.TXT, sections 4.3 and 4.5.3.
#include <algorithm>
#include <new>

#include <xgrad/io/zip.h>

namespace xgrad::io {

namespace {

constexpr uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                   kLocator64 = 0x07064b50;
constexpr uint64_t kEndSize = 22, kLocatorSize = 20;

// The end record, behind which a comment may stand, but nothing else.
uint64_t find_end(const Source& source) {
  const uint64_t size = source.bytes.size();
  for (uint64_t comment = 0; comment <= 0xFFFF && comment + kEndSize <= size; ++comment) {
    Cursor in(source, size - kEndSize - comment);
    if (in.get<uint32_t>() != kEnd) continue;
    in.skip(16);
    if (in.get<uint16_t>() == comment) return size - kEndSize - comment;
  }
  source.fail_at(size, "this zip file has no end record: it is cut off, or no zip file");
}

void check_name(const Cursor& in, const std::string& name) {
  bool good = !name.empty() && name[0] != '/' && name.find('\\') == std::string::npos &&
              name.find('\0') == std::string::npos;
  for (std::size_t at = 0; good && at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    good = name.compare(at, end - at, "..") != 0;
    at = end + 1;
  }
  if (!good) in.fail("an entry has the name '", name, "', which leads out of the archive");
}

// Replaces those of the numbers that do not fit into 32 bits by what the extra field says.
void read_zip64(const Source& source, uint64_t at, std::string_view extra, std::vector<uint64_t*> wanted) {
  std::erase_if(wanted, [](const uint64_t* number) { return *number != 0xFFFFFFFF; });
  if (wanted.empty()) return;
  const Source field{extra, source.name, source.start + at};
  for (Cursor in(field); in.remaining() >= 4;) {
    const auto id = in.get<uint16_t>();
    const auto size = in.get<uint16_t>();
    if (id != 1) {
      in.skip(size);
      continue;
    }
    for (uint64_t* number : wanted) *number = in.get<uint64_t>();
    return;
  }
}

}  // namespace

bool is_zip(std::string_view bytes) {
  return bytes.substr(0, 4) == "PK\3\4" || bytes.substr(0, 4) == "PK\5\6";
}

ZipReader::ZipReader(const Source& source) : source_(source) {
  uint64_t end = find_end(source);
  Cursor in(source, end + 4);
  const auto disk = in.get<uint16_t>(), directory_disk = in.get<uint16_t>();
  uint64_t here = in.get<uint16_t>(), count = in.get<uint16_t>();
  uint64_t size = in.get<uint32_t>(), at = in.get<uint32_t>();
  if (disk != 0 || directory_disk != 0 || here != count)
    source.fail_at(end, "this is one part of a zip file of several parts");
  if (end >= kLocatorSize && Cursor(source, end - kLocatorSize).get<uint32_t>() == kLocator64) {
    in.seek(end - kLocatorSize + 8);
    end = in.get<uint64_t>();
    in.seek(end);
    if (in.get<uint32_t>() != kEnd64) source.fail_at(end, "the 64-bit end record is not where it should be");
    in.skip(20);
    here = in.get<uint64_t>();
    count = in.get<uint64_t>();
    size = in.get<uint64_t>();
    at = in.get<uint64_t>();
  }
  if (at > end || size != end - at)
    source.fail_at(end, "the directory is said to have ", size, " bytes from byte ", at,
                   " on, but its end is here");
  read_directory(at, end, count);
}

void ZipReader::read_directory(uint64_t at, uint64_t end, uint64_t count) {
  Cursor in(source_, at);
  if (count > (end - at) / 46)
    in.fail(count, " entries do not fit into the directory's ", end - at, " bytes");
  for (uint64_t i = 0; i < count; ++i) {
    Entry entry = read_entry(in);
    check_local(entry, at);
    if (entry.name.back() == '/' && entry.size == 0) continue;
    if (!index_.emplace(entry.name, entries_.size()).second)
      in.fail("there are two entries '", entry.name, "'");
    entries_.push_back(std::move(entry));
  }
  if (in.position() != end) in.fail("the directory has more bytes than its ", count, " entries");

  std::vector<const Entry*> order;
  for (const Entry& entry : entries_) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) { return a->header < b->header; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (order[i]->header < order[i - 1]->data + order[i - 1]->compressed_size)
      source_.fail_at(order[i]->header, "the entries '", order[i - 1]->name, "' and '", order[i]->name,
                      "' overlap");
}

ZipReader::Entry ZipReader::read_entry(Cursor& in) const {
  if (in.get<uint32_t>() != kCentral) in.fail("the directory has no entry here");
  Entry entry;
  in.skip(4);
  const auto flags = in.get<uint16_t>();
  entry.method = in.get<uint16_t>();
  in.skip(4);
  entry.crc = in.get<uint32_t>();
  entry.compressed_size = in.get<uint32_t>();
  entry.size = in.get<uint32_t>();
  const auto name = in.get<uint16_t>(), extra = in.get<uint16_t>(), comment = in.get<uint16_t>(),
             disk = in.get<uint16_t>();
  in.skip(6);
  entry.header = in.get<uint32_t>();
  entry.name = in.bytes(name);
  check_name(in, entry.name);
  const uint64_t at = in.position();
  read_zip64(source_, at, in.bytes(extra), {&entry.size, &entry.compressed_size, &entry.header});
  in.skip(comment);
  if (disk != 0) in.fail("'", entry.name, "' is in another part of the file");
  if (flags & 0x41) in.fail("'", entry.name, "' is encrypted");
  return entry;
}

void ZipReader::check_local(Entry& entry, uint64_t end) const {
  const auto wrong = [&](const char* what) {
    source_.fail_at(std::min<uint64_t>(entry.header, source_.bytes.size()), "the entry '", entry.name, "' ",
                    what);
  };
  if (entry.header > end || end - entry.header < kLocalSize) wrong("is said to begin behind all entries");
  Cursor in(source_, entry.header);
  if (in.get<uint32_t>() != kLocal) wrong("does not begin here");
  in.skip(2);
  const auto flags = in.get<uint16_t>();
  if (in.get<uint16_t>() != entry.method) wrong("is stored in another way than the directory says");
  in.skip(4);
  const auto crc = in.get<uint32_t>();
  uint64_t compressed_size = in.get<uint32_t>(), size = in.get<uint32_t>();
  const auto name = in.get<uint16_t>(), extra = in.get<uint16_t>();
  if (in.bytes(name) != entry.name) wrong("has another name than in the directory");
  const uint64_t at = in.position();
  read_zip64(source_, at, in.bytes(extra), {&size, &compressed_size});
  entry.data = in.position();
  const bool later = (flags & 8) != 0;  // the numbers stand behind the data, and in the directory
  if (!later && (crc != entry.crc || compressed_size != entry.compressed_size || size != entry.size))
    wrong("has another size or checksum than in the directory");
  if (entry.data > end || entry.compressed_size > end - entry.data) wrong("is longer than the file");
  if (entry.method == 0 && entry.size != entry.compressed_size) wrong("is stored, but has two sizes");
}

const ZipReader::Entry* ZipReader::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

ZipReader::Content ZipReader::read(const Entry& entry, uint64_t limit) const {
  Content content{{source_.bytes.substr(entry.data, entry.compressed_size),
                   concat(source_.name, ": ", entry.name), source_.start + entry.data},
                  nullptr};
  const Source stored = content.source;
  if (entry.size > limit)
    stored.fail_at(0, "its ", entry.size, " bytes are more than the ", limit, " allowed here");
  if (entry.method == 8) {
    // Deflate makes a byte of at most 1032: what says more lies, and memory is asked for before it is found
    // out.
    if (entry.size / 1032 > entry.compressed_size)
      stored.fail_at(0, entry.compressed_size, " compressed bytes cannot become ", entry.size);
    content.expanded.reset(new (std::nothrow) char[entry.size]);
    if (!content.expanded) stored.fail_at(0, "there is no memory for its ", entry.size, " bytes");
    inflate(stored, content.expanded.get(), entry.size);
    content.source.bytes = std::string_view(content.expanded.get(), entry.size);
    content.source.name += " (expanded)";
    content.source.start = 0;
  } else if (entry.method != 0) {
    stored.fail_at(0, "it is compressed by method ", entry.method,
                   "; only 0 (stored) and 8 (deflate) can be read");
  }
  if (entry.crc != 0 && crc32(content.source.bytes) != entry.crc)
    stored.fail_at(0, "the data are damaged: their checksum is not that of the directory");
  return content;
}

}  // namespace xgrad::io
