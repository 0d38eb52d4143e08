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

TEST_CASE("a file of PyTorch says where its tensors are") {
  const TemporaryFolder folder;
  const Tensor x = arange(6, kFloat).reshape({2, 3}).t(), y = ones({4}, kLong);
  GenericDict inner;
  inner.insert(IValue(0), IValue(y));
  GenericDict state;
  state.insert(IValue("weights"), IValue(std::vector<Tensor>{x, y}));
  state.insert(IValue("step"), IValue(3));
  state.insert(IValue("state"), IValue(inner));
  save(IValue(state), folder / "a.pt");
  const auto infos = by_name(folder / "a.pt");
  CHECK_EQ(infos.size(), 3);
  CHECK_EQ(infos.at("weights.0").sizes, std::vector<int64_t>{3, 2});
  CHECK_EQ(infos.at("weights.0").checksum, checksum(x.contiguous()));
  CHECK_EQ(infos.at("weights.1").checksum, infos.at("state.0").checksum);
}

TEST_CASE("the old form and what Python wrote are looked into as well") {
  const std::string data = XGRAD_TESTS_DIR "/io/data/";
  const auto now = by_name(data + "new.pt"), old = by_name(data + "old.pt");
  REQUIRE_FALSE(now.empty());
  CHECK_EQ(now.size(), old.size());
  for (const auto& [name, t] : now) CHECK_EQ(t.checksum, old.at(name).checksum);
  CHECK(by_name(data + "training.pt").count("optimizer.state.0.exp_avg") == 1);
}

TEST_CASE("a value with more places than a file should have is refused") {
  const TemporaryFolder folder;
  IValue laughs = IValue(IValue::List{});
  for (int i = 0; i < 40; ++i) laughs = IValue(IValue::List{laughs, laughs});
  save(laughs, folder / "a.pt");
  CHECK(contains(message_of([&] { inspect(folder / "a.pt"); }), "more than 1048576 places"));
}

TEST_CASE("a file of none of the formats is refused") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "something else, and longer than a header");
  CHECK(contains(message_of([&] { inspect(folder / "a"); }),
                 (folder / "a") + ": at byte 0: this is no safetensors"));
}
