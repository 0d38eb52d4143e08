// Files beyond what 32 bits count, with holes where all is zero, so that they take no room.
#include <doctest/doctest.h>

#include <sys/mman.h>

#include <cstdio>

#include <xgrad/io/file.h>
#include <xgrad/io/torch_file.h>
#include <xgrad/io/zip.h>
#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {

constexpr int64_t kLarge = (int64_t{1} << 32) + 4096;  // bytes

// Skips all but the ends of what is long.
class SparseFile final : public io::Sink {
 public:
  explicit SparseFile(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {}
  ~SparseFile() override { std::fclose(file_); }

 private:
  void do_write(std::string_view bytes) override {
    constexpr std::size_t end = 64;
    if (bytes.size() > 1 << 20) {
      put(bytes.substr(0, end));
      REQUIRE_EQ(fseeko(file_, static_cast<off_t>(bytes.size() - 2 * end), SEEK_CUR), 0);
      bytes.remove_prefix(bytes.size() - end);
    }
    put(bytes);
  }
  void put(std::string_view bytes) {
    REQUIRE_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file_), bytes.size());
  }
  std::FILE* file_;
};

// Memory that is there once it is written.
Tensor large_zeros() {
  void* const data =
      ::mmap(nullptr, kLarge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  REQUIRE_NE(data, MAP_FAILED);
  auto* const bytes = static_cast<uint8_t*>(data);
  bytes[0] = 5;
  bytes[kLarge - 1] = 7;
  return from_blob(
      data, {kLarge}, [](void* p) { ::munmap(p, kLarge); }, kByte);
}

// A file of torch.save with a tensor of more than four gigabytes and a small one behind it.
struct LargeFile {
  LargeFile() {
    {
      SparseFile file(path);
      io::write_torch(file, std::vector<Tensor>{large, small});
    }
    const io::MappedFile file("load", path);
    const io::Source& source = file.source();
    first = behind(source, kFirst);
    second = behind(source, "archive/data/1");
    // Without a checksum, for which all of the hole would be read.
    patch(io::ZipReader(source).find(kFirst)->header + 14, std::string(4, '\0'));
    patch(first - std::string_view(kFirst).size() - 30, std::string(4, '\0'));
  }
  // Where the directory's entry goes on behind this name.
  static uint64_t behind(const io::Source& source, const std::string& name) {
    return source.bytes.rfind(name) + name.size();
  }
  void patch(uint64_t at, const std::string& bytes) const {
    std::FILE* const file = std::fopen(path.c_str(), "r+b");
    CHECK_EQ(fseeko(file, static_cast<off_t>(at), SEEK_SET), 0);
    CHECK_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
  }

  static constexpr const char* kFirst = "archive/data/0";
  TemporaryFolder folder;
  std::string path = folder / "large.pt";
  Tensor large = large_zeros(), small = tensor({1.5F, 2.5F});
  uint64_t first = 0, second = 0;
};

}  // namespace

TEST_CASE("tensors behind four gigabytes are written in the 64-bit form, and mapped where they are") {
  const LargeFile file;
  std::vector<Tensor> loaded;
  load(loaded, file.path);
  REQUIRE_EQ(loaded.size(), 2);
  CHECK(loaded[0].impl().storage()->is_borrowed());
  CHECK_EQ(loaded[0].numel(), kLarge);
  CHECK_EQ(loaded[0][0].item<int>(), 5);
  CHECK_EQ(loaded[0][kLarge / 2].item<int>(), 0);
  CHECK_EQ(loaded[0][kLarge - 1].item<int>(), 7);
  CHECK(loaded[1].equal(file.small));
}

TEST_CASE("numbers of the 64-bit form that lie are refused") {
  const LargeFile file;
  const auto error = [&] {
    std::vector<Tensor> loaded;
    return message_of([&] { load(loaded, file.path); });
  };
  const std::string most(8, '\xFF');
  file.patch(file.second + 4, most);
  CHECK(contains(error(), "'archive/data/1' is said to begin behind all entries"));
  file.patch(file.first + 4, most + most);
  CHECK(contains(error(), "'archive/data/0' has another size"));
}
