// What files of tensors say about themselves.
#include <doctest/doctest.h>

#include <map>

#include <xgrad/io/bytes.h>
#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;

namespace {
std::map<std::string, TensorInfo> by_name(const std::string& path) {
  std::map<std::string, TensorInfo> infos;
  for (const TensorInfo& t : inspect(path)) infos.emplace(t.name, t);
  return infos;
}
uint32_t checksum(const Tensor& t) { return io::crc32({static_cast<const char*>(t.data_ptr()), t.nbytes()}); }
}  // namespace

TEST_CASE("every format says names, dtypes, shapes and checksums") {
  const TemporaryFolder folder;
  const Tensor x = arange(6, kFloat).reshape({2, 3}), y = tensor({true, false});
  save_safetensors({{"x", x}, {"y", y}}, folder / "a");
  save_npz({{"x", x}, {"y", y}}, folder / "b");
  for (const auto& infos : {by_name(folder / "a"), by_name(folder / "b")}) {
    CHECK_EQ(infos.size(), 2);
    const TensorInfo& t = infos.at("x");
    CHECK_EQ(t.dtype, "float32");
    CHECK_EQ(t.sizes, std::vector<int64_t>{2, 3});
    CHECK_EQ(t.bytes, 24);
    CHECK_EQ(t.checksum, checksum(x));
    CHECK_EQ(infos.at("y").checksum, checksum(y));
  }
  save_npy(x, folder / "c");
  CHECK_EQ(inspect(folder / "c").at(0).checksum, checksum(x));
}

TEST_CASE("a file of none of the formats is refused") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "something else, and longer than a header");
  CHECK(contains(message_of([&] { inspect(folder / "a"); }),
                 (folder / "a") + ": at byte 0: this is no safetensors"));
}
