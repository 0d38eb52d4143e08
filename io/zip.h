// Zip files. A container of our own, for none of the zip libraries of Debian 12 gives entries as mapped
// memory or puts them at multiples of 64 bytes, as PyTorch's files have them. Private to the library.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/io/bytes.h>

namespace xgrad::io {

/// Of what stands before the name of an entry.
inline constexpr uint64_t kLocalSize = 30;

/// What stands in a zip file, 64-bit ones included. Opening checks all of the directory: Error, with file and
/// byte, for bounds, names and numbers that cannot be right, entries that overlap or have the same name,
/// encryption, and files in several parts. The source must live as long.
class ZipReader {
 public:
  struct Entry {
    std::string name;
    uint16_t method = 0;  ///< 0: stored, 8: deflated.
    uint32_t crc = 0;
    uint64_t compressed_size = 0, size = 0;
    uint64_t header = 0, data = 0;  ///< Where its own header and its data begin.
  };
  /// The bytes of an entry: those of the file, or expanded ones.
  struct Content {
    Source source;
    std::shared_ptr<char[]> expanded;
  };

  explicit ZipReader(const Source& source);

  const Source& source() const { return source_; }
  /// In the order of the directory, without folders.
  const std::vector<Entry>& entries() const { return entries_; }
  /// Null when there is none.
  const Entry* find(const std::string& name) const;
  /// The content, whose checksum is right. Error when it is broken or larger than `limit`. A checksum of 0 is
  /// none: PyTorch can leave them out.
  Content read(const Entry& entry, uint64_t limit = UINT64_MAX) const;

 private:
  void read_directory(uint64_t at, uint64_t end, uint64_t count);
  Entry read_entry(Cursor& in) const;
  void check_local(Entry& entry, uint64_t end) const;

  const Source& source_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;
};

/// Writes entries one behind the other, each at a multiple of 64 bytes, in the 64-bit form where the numbers
/// are too large for the other.
class ZipWriter {
 public:
  explicit ZipWriter(Sink& sink) : sink_(sink), start_(sink.position()) {}

  /// An entry that consists of these pieces, as they are or deflated.
  void add(const std::string& name, const std::vector<std::string_view>& pieces, bool compressed = false);
  /// Writes the directory. To be called once, at the end.
  void finish();

 private:
  Sink& sink_;
  uint64_t start_, count_ = 0;
  std::string directory_;
};

/// Whether the bytes begin as a zip file does.
bool is_zip(std::string_view bytes);

}  // namespace xgrad::io
