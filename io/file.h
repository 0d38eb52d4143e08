// Files: one that is read through memory, and one that is there whole or not at all. Private to the library.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include <xgrad/io/bytes.h>

namespace xgrad::io {

/// Whether the bytes of a mapped file may be changed; what is changed then is a copy, and the file never.
enum class Access { read, copy_on_write };

/// A regular file as bytes, mapped where the system can. Error, with the absolute path, when there is none,
/// or it is empty, a folder or a pipe, or cannot be read; `op` says what for.
class MappedFile {
 public:
  MappedFile(const char* op, const std::string& path, Access access = Access::read);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// Lives as long as this.
  const Source& source() const { return source_; }

 private:
  Source source_;
  std::unique_ptr<char[]> copy_;  // where it is not mapped
};

/// Writes a file beside `path` and puts it in its place when it is complete: whoever opens `path`, also after
/// a crash, finds all of the old or all of the new one. Error, with the absolute path, when that cannot be;
/// the old file is as it was then.
class AtomicFile final : public Sink {
 public:
  AtomicFile(const char* op, const std::string& path);
  /// Removes what was written unless it was committed.
  ~AtomicFile() override;
  /// To be called once, at the end.
  void commit();

 private:
  void do_write(std::string_view bytes) override;
  void open_beside();
  [[noreturn]] void fail_with(int code) const;

  std::string name_;  // what errors say
  std::string path_, beside_;
  std::FILE* file_ = nullptr;
};

/// The path from the root, for errors.
std::string absolute_path(const std::string& path);

}  // namespace xgrad::io
