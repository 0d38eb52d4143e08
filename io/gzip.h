// Files that may be compressed. Private to the library.
#pragma once

#include <memory>
#include <string>

#include <xgrad/io/file.h>

namespace xgrad::io {

/// The bytes of a regular file, or of what is in it where its name ends with .gz. Error, with file and byte,
/// for a broken one, and where zlib is missing.
class ExpandedFile {
 public:
  ExpandedFile(const char* op, const std::string& path);
  /// Lives as long as this.
  const Source& source() const { return expanded_ ? inside_ : file_.source(); }

 private:
  MappedFile file_;
  Source inside_;
  std::unique_ptr<char[]> expanded_;
};

}  // namespace xgrad::io
