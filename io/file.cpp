// Files by POSIX where it is there: mapping, locks, and order on the disk. Elsewhere they are read and
// written plainly.
#include <xgrad/io/file.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <new>
#include <utility>

#if __has_include(<sys/mman.h>) && __has_include(<unistd.h>)
#define XGRAD_POSIX_FILES
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace xgrad::io {

namespace fs = std::filesystem;

namespace {

std::string text_of(int code) { return std::generic_category().message(code); }

// The size of a file that can be read.
uint64_t size_of(const std::string& name, const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  XGRAD_CHECK(status.type() != fs::file_type::not_found, name, ": there is no such file");
  XGRAD_CHECK(status.type() != fs::file_type::none, name, ": ", code.message());
  XGRAD_CHECK(!fs::is_directory(status), name, ": this is a folder, not a file");
  XGRAD_CHECK(fs::is_regular_file(status), name, ": this is no regular file");
  const uint64_t size = fs::file_size(path, code);
  XGRAD_CHECK(!code, name, ": ", code.message());
  XGRAD_CHECK(size > 0, name, ": the file is empty");
  return size;
}

#if defined(XGRAD_POSIX_FILES)
// Null where files of this kind, or so large ones, cannot be mapped.
const char* map_file(const std::string& name, const std::string& path, uint64_t size, Access access) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's interface
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  XGRAD_CHECK(file >= 0, name, ": ", text_of(errno));
  const bool writable = access == Access::copy_on_write;
  // Most pages are never written: nothing is reserved for their copies.
  void* data = size > SIZE_MAX ? MAP_FAILED
                               : ::mmap(nullptr, size, PROT_READ | (writable ? PROT_WRITE : 0),
                                        MAP_PRIVATE | (writable ? MAP_NORESERVE : 0), file, 0);
  ::close(file);
  return data == MAP_FAILED ? nullptr : static_cast<const char*>(data);
}
#else
const char* map_file(const std::string&, const std::string&, uint64_t, Access) { return nullptr; }
#endif

}  // namespace

std::string absolute_path(const std::string& path) {
  std::error_code code;
  const fs::path result = fs::absolute(path, code);
  return code ? path : result.lexically_normal().string();
}

MappedFile::MappedFile(const char* op, const std::string& path, Access access) {
  source_.name = concat(op, ": ", absolute_path(path));
  const uint64_t size = size_of(source_.name, path);
  const char* data = map_file(source_.name, path, size, access);
  if (!data) {
    copy_.reset(new (std::nothrow) char[size]);
    XGRAD_CHECK(copy_, source_.name, ": there is no memory for its ", size, " bytes");
    std::ifstream in(path, std::ios::binary);
    in.read(copy_.get(), static_cast<std::streamsize>(size));
    XGRAD_CHECK(in, source_.name, ": it cannot be read");
    data = copy_.get();
  }
  source_.bytes = std::string_view(data, size);
}

MappedFile::~MappedFile() {
#if defined(XGRAD_POSIX_FILES)
  if (!copy_) ::munmap(const_cast<char*>(source_.bytes.data()), source_.bytes.size());
#endif
}

// ---- written beside

AtomicFile::AtomicFile(const char* op, const std::string& path)
    : name_(concat(op, ": ", absolute_path(path))), path_(absolute_path(path)) {
  XGRAD_CHECK(!path.empty(), op, ": the name of the file is empty");
  std::error_code code;
  if (fs::is_symlink(path_, code)) {  // what it points to is replaced, not the link
    const fs::path target = fs::weakly_canonical(path_, code);
    if (!code) path_ = target.string();
  }
  const fs::file_status status = fs::status(path_, code);
  XGRAD_CHECK(!fs::is_directory(status), name_, ": this is a folder, not a file");
  XGRAD_CHECK(!fs::exists(status) || fs::is_regular_file(status), name_, ": this is no regular file");
  const fs::path folder = fs::path(path_).parent_path();
  XGRAD_CHECK(fs::is_directory(folder, code), name_, ": there is no folder ", folder.string());
  open_beside();
}

AtomicFile::~AtomicFile() {
  if (!file_) return;
  std::error_code ignored;
#if defined(XGRAD_POSIX_FILES)
  fs::remove(beside_, ignored);  // before its lock is gone
  std::fclose(file_);
#else
  std::fclose(file_);
  fs::remove(beside_, ignored);
#endif
}

void AtomicFile::fail_with(int code) const { fail(name_, ": it cannot be written: ", text_of(code)); }

void AtomicFile::do_write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail_with(errno);
}

#if defined(XGRAD_POSIX_FILES)

namespace {

// What a crashed process left behind has no lock any more and is used again, so that such files do not pile
// up; what another process writes just now is left alone.
int lock_beside(const std::string& path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's interface
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0) return file;
  struct stat ours, there;
  const bool locked = ::flock(file, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR);
  const bool same = locked && ::fstat(file, &ours) == 0 && ::stat(path.c_str(), &there) == 0 &&
                    ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
  if (same && ::ftruncate(file, 0) == 0) return file;
  ::close(file);
  errno = EEXIST;
  return -1;
}

}  // namespace

void AtomicFile::open_beside() {
  struct stat old;
  const bool replaces = ::stat(path_.c_str(), &old) == 0;
  // The folder alone would say whether it can be replaced; who protects a file means its content.
  if (replaces && ::access(path_.c_str(), W_OK) != 0) fail_with(errno);
  const fs::path target(path_);
  const std::string stem = target.filename().string().substr(0, 200);  // names have 255 bytes
  int file = -1;
  for (int i = 0; i < 100 && file < 0; ++i) {
    beside_ = (target.parent_path() / concat(".", stem, ".", i, ".tmp")).string();
    file = lock_beside(beside_);
    if (file < 0 && errno != EEXIST) fail_with(errno);
  }
  if (file < 0) fail_with(errno);
  if (replaces) (void)!::fchmod(file, old.st_mode & 07777);
  file_ = ::fdopen(file, "wb");
  if (!file_) {
    const int code = errno;
    ::unlink(beside_.c_str());
    ::close(file);
    fail_with(code);
  }
}

void AtomicFile::commit() {
  if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) fail_with(errno);
  if (::rename(beside_.c_str(), path_.c_str()) != 0) fail_with(errno);
  std::fclose(std::exchange(file_, nullptr));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system's interface
  const int folder = ::open(fs::path(path_).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // one may write into a folder that one may not read
  ::fsync(folder);
  ::close(folder);
}

#else

void AtomicFile::open_beside() {
  beside_ = path_ + ".tmp";
  file_ = std::fopen(beside_.c_str(), "wb");
  if (!file_) fail_with(errno);
}

void AtomicFile::commit() {
  const int failed = std::fclose(std::exchange(file_, nullptr));
  std::error_code code;
  if (failed == 0) fs::rename(beside_, path_, code);
  if (failed != 0 || code) {
    const int why = failed != 0 ? errno : code.value();
    fs::remove(beside_, code);
    fail_with(why);
  }
}

#endif

}  // namespace xgrad::io
