// The zip container: what it writes it reads, what others write it reads, and what is wrong it refuses.
#include <doctest/doctest.h>

#include <xgrad/io/zip.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using namespace xgrad::io;

namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string zip_of(const Entries& entries) {
  std::vector<char> bytes;
  MemorySink sink(bytes);
  ZipWriter zip(sink);
  for (const auto& [name, content] : entries) zip.add(name, {content});
  zip.finish();
  return {bytes.begin(), bytes.end()};
}

// The entries, all of them read.
Entries read_zip(const std::string& bytes, uint64_t limit = UINT64_MAX) {
  const Source source{bytes, "load: x.zip", 0};
  const ZipReader zip(source);
  Entries entries;
  for (const auto& entry : zip.entries())
    entries.emplace_back(entry.name, zip.read(entry, limit).source.bytes);
  return entries;
}

std::string error_of(const std::string& bytes, uint64_t limit = UINT64_MAX) {
  return message_of([&] { read_zip(bytes, limit); });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// A number in a header: `offset` behind the nth signature.
std::string with_number(std::string bytes, const std::string& signature, std::size_t offset,
                        std::string value) {
  const std::size_t at = bytes.find(signature);
  REQUIRE(at != std::string::npos);
  return bytes.replace(at + offset, value.size(), value);
}

const Entries kTwo{{"a/one", "first"}, {"a/two", std::string(200, 's')}};

}  // namespace

TEST_CASE("entries are read as they were written") {
  const Entries entries{{"a/one", "first"}, {"empty", ""}, {"b", std::string("\0\1\2", 3)}};
  CHECK(read_zip(zip_of(entries)) == entries);
  CHECK(read_zip(zip_of({})).empty());
}

TEST_CASE("written data begin at multiples of 64 bytes, and the same content gives the same file") {
  const std::string bytes = zip_of(kTwo);
  const Source source{bytes, "x", 0};
  const ZipReader zip(source);
  for (const auto& entry : zip.entries()) CHECK(entry.data % 64 == 0);
  CHECK(bytes == zip_of(kTwo));
}

TEST_CASE("more entries than 16 bits count are written in the 64-bit form and read") {
  Entries entries;
  for (int i = 0; i < 70000; ++i) entries.emplace_back(std::to_string(i), "");
  CHECK(read_zip(zip_of(entries)) == entries);
}

TEST_CASE("zip files of Python are read: deflated, streamed, in the 64-bit form, with a comment") {
  const std::string text(1000, 'x');
  CHECK(read_zip(read_bytes(recorded("deflated.zip"))) == Entries{{"text", text}, {"two/small", "abc"}});
  CHECK(read_zip(read_bytes(recorded("streamed.zip"))) == Entries{{"text", text}});
  CHECK(read_zip(read_bytes(recorded("zip64.zip"))) == Entries{{"text", text}});
}

TEST_CASE("a zip file that is cut off anywhere is an error") {
  const std::string bytes = zip_of(kTwo);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK(contains(error_of(bytes.substr(0, size)), "load: x.zip"));
  }
}

TEST_CASE("a zip file with any byte changed is read as before or is an error") {
  for (const std::string& bytes : {zip_of(kTwo), read_bytes(recorded("deflated.zip")),
                                   read_bytes(recorded("zip64.zip")), read_bytes(recorded("streamed.zip"))}) {
    const Entries before = read_zip(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at)
      for (const int flip : {1, 0x80, 0xFF}) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ flip);
        INFO(at);
        Entries now;
        const std::string error = message_of([&] { now = read_zip(changed); });
        const bool fine = !error.empty() ? contains(error, "load: x.zip") && contains(error, "at byte")
                                         : now.size() == before.size();
        CHECK(fine);
      }
  }
}

TEST_CASE("numbers that lie are refused") {
  const std::string bytes = zip_of(kTwo), central = "PK\1\2", end = "PK\5\6";
  const std::string huge = "\xFE\xFF\xFF\xFF";
  CHECK(contains(error_of(with_number(bytes, central, 20, huge)), "another size or checksum"));
  CHECK(contains(error_of(with_number(bytes, central, 42, huge)), "begin behind all entries"));
  CHECK(contains(error_of(with_number(bytes, end, 8, "\x03\x00")), "several parts"));
  CHECK(contains(error_of(with_number(bytes, end, 8, std::string("\3\0\3\0", 4))), "3 entries do not fit"));
  CHECK(contains(error_of(with_number(bytes, end, 12, huge)), "the directory is said to have"));
  CHECK(contains(error_of(with_number(bytes, central, 8, "\1")), "encrypted"));
  CHECK(contains(error_of(with_number(bytes, "PK\3\4", 8, "\x0c")), "stored in another way"));
}

TEST_CASE("entries that overlap are refused") {
  // The second is said to be where the first is, under the first's name.
  std::string bytes = zip_of({{"name1", "content"}, {"name2", "content"}});
  const std::size_t second = bytes.rfind("PK\1\2");
  bytes.replace(second + 42, 4, std::string(4, '\0'));
  CHECK(contains(error_of(bytes), "has another name than in the directory"));
  bytes.replace(second + 46, 5, "name1");
  CHECK(contains(error_of(bytes), "there are two entries 'name1'"));
  // An entry inside the data of another.
  const std::string inner = zip_of({{"inner", std::string(64, 'i')}});
  std::string outer = zip_of({{"outer", inner}});
  const Source source{outer, "x", 0};
  const uint64_t data = ZipReader(source).entries()[0].data;
  std::string directory = inner.substr(inner.find("PK\1\2"));
  directory.resize(directory.find("PK\5\6"));
  directory.replace(42, 4, std::string{static_cast<char>(data), 0, 0, 0});
  const std::size_t end = outer.rfind("PK\5\6");
  std::string end_record = outer.substr(end);
  end_record[8] = end_record[10] = 2;
  end_record[12] = static_cast<char>(end_record[12] + static_cast<char>(directory.size()));
  outer = outer.substr(0, end) + directory + end_record;
  CHECK(contains(error_of(outer), "overlap"));
}

TEST_CASE("names that lead out of the archive are refused") {
  for (const std::string name : {"../evil", "/etc/ev", "a/../ev", "a\\..\\e", "a/b/..."}) {
    const std::string error = error_of(zip_of({{name, "x"}}));
    INFO(name);
    CHECK((name == "a/b/..." ? error.empty() : contains(error, "leads out of the archive")));
  }
}

TEST_CASE("a zip bomb is refused before it is expanded") {
  const std::string bytes = read_bytes(recorded("deflated.zip"));
  const std::string thousand("\xe8\x03\0\0", 4), lie("\xFE\xFF\xFF\x0F", 4);
  CHECK(contains(error_of(replaced(bytes, thousand, lie)), "cannot become"));
  const std::string small("\x10\x03\0\0", 4), large("\x10\x04\0\0", 4);
  CHECK(contains(error_of(replaced(bytes, thousand, small)), "hold more than the 784 bytes"));
  CHECK(contains(error_of(replaced(bytes, thousand, large)), "hold 1000 bytes, and 1040 are said"));
  CHECK(contains(error_of(bytes, 999), "its 1000 bytes are more than the 999 allowed here"));
}

TEST_CASE("the checksum is that of everybody else") {
  CHECK(crc32("123456789") == 0xCBF43926u);
  CHECK(crc32("6789", crc32("12345")) == 0xCBF43926u);
  CHECK(crc32("") == 0);
}

TEST_CASE("checksums of any length are those that the polynomial gives bit by bit") {
  const auto bit_by_bit = [](std::string_view bytes, uint32_t polynomial) {
    uint32_t crc = ~0U;
    for (const char c : bytes) {
      crc ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
    }
    return ~crc;
  };
  std::string bytes;
  for (uint32_t i = 0, x = 1; i < 700; ++i) bytes += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  for (std::size_t size = 0; size <= 600; ++size) {
    const std::string_view part = std::string_view(bytes).substr(size % 61, size);
    CHECK(crc32(part) == bit_by_bit(part, 0xEDB88320));
    CHECK(crc32c(part) == bit_by_bit(part, 0x82F63B78));
    CHECK(crc32(part.substr(size / 3), crc32(part.substr(0, size / 3))) == crc32(part));
  }
}
