// Where bytes come from and where they go to, for readers and writers of every format. Private to the
// library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <xgrad/core/types/error.h>

namespace xgrad::io {

/// Bytes of somebody else, with what errors call them: `load: /home/me/model.pt`. `start` is where they begin
/// in the file.
struct Source {
  std::string_view bytes;
  std::string name;
  uint64_t start = 0;

  /// Throws Error: `load: /home/me/model.pt: at byte 17: <text>`.
  template <class... A>
  [[noreturn]] void fail_at(uint64_t position, const A&... text) const {
    fail(name, ": at byte ", start + position, ": ", text...);
  }
};

/// Reads numbers and texts one behind the other and never behind the end: Error names the file and the byte.
/// The source must live as long.
class Cursor {
 public:
  explicit Cursor(const Source& source, uint64_t position = 0) : source_(source) { seek(position); }

  const Source& source() const { return source_; }
  uint64_t position() const { return at_; }
  uint64_t remaining() const { return source_.bytes.size() - at_; }
  bool at_end() const { return remaining() == 0; }
  void seek(uint64_t position) {
    if (position > source_.bytes.size()) source_.fail_at(position, "this lies behind the end");
    at_ = position;
  }

  /// The next bytes, which stay where they are.
  std::string_view bytes(uint64_t count) {
    if (count > remaining())
      fail("the data end here, but ", count, " bytes are needed and ", remaining(), " are left");
    const std::string_view result = source_.bytes.substr(at_, count);
    at_ += count;
    return result;
  }
  void skip(uint64_t count) { bytes(count); }
  /// Up to a newline, which is skipped and no part of the result.
  std::string_view line() {
    const std::size_t end = source_.bytes.find('\n', at_);
    if (end == std::string_view::npos) fail("a line has no end");
    const std::string_view result = source_.bytes.substr(at_, end - at_);
    at_ = end + 1;
    return result;
  }
  /// A number in little-endian order.
  template <class T>
  T get() {
    static_assert(std::is_integral<T>::value, "numbers with a fraction have orders of their own");
    std::make_unsigned_t<T> value = 0;
    const std::string_view text = bytes(sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<std::make_unsigned_t<T>>(
          value | static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(text[i])) << (8 * i));
    return static_cast<T>(value);
  }

  /// Throws Error about what stands at the current position.
  template <class... A>
  [[noreturn]] void fail(const A&... text) const {
    source_.fail_at(at_, text...);
  }

 private:
  const Source& source_;
  uint64_t at_ = 0;
};

/// Appends a number in little-endian order.
template <class T>
void put(std::string& out, T value) {
  static_assert(std::is_unsigned<T>::value, "the sign is the caller's");
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Where a writer puts its bytes.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Throws Error when not all of them can be written.
  void write(std::string_view bytes) {
    do_write(bytes);
    position_ += bytes.size();
  }
  /// How much was written so far.
  uint64_t position() const { return position_; }

 private:
  virtual void do_write(std::string_view bytes) = 0;
  uint64_t position_ = 0;
};

/// Appends to memory.
class MemorySink final : public Sink {
 public:
  explicit MemorySink(std::vector<char>& out) : out_(out) {}

 private:
  void do_write(std::string_view bytes) override { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  std::vector<char>& out_;
};

/// The CRC-32 of zip, gzip and PNG, going on from that of what came before.
uint32_t crc32(std::string_view bytes, uint32_t before = 0) noexcept;

/// The CRC-32C (Castagnoli's) of TensorBoard's event files.
uint32_t crc32c(std::string_view bytes) noexcept;

/// Reverses the bytes of each element in place.
void swap_bytes(char* data, uint64_t bytes, std::size_t element_size) noexcept;

/// Expands the raw deflate stream of `source` into exactly `size` bytes at `out`; nothing is written behind
/// them. Throws Error when the stream is broken or has another size, and when xgrad was built, or runs,
/// without zlib.
void inflate(const Source& source, char* out, uint64_t size);
/// The pieces, one behind the other, as a raw deflate stream, or, as PNG has it, in zlib's own frame. Error,
/// which begins with `name`, without zlib.
std::string deflate(const std::string& name, const std::vector<std::string_view>& pieces,
                    bool framed = false);

}  // namespace xgrad::io
