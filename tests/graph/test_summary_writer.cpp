// Event files, against the bytes that TensorBoard's own protobuf classes and PyTorch's SummaryWriter give.
#include "nn/values.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <xgrad/graph.h>
#include <xgrad/graph/event_file.h>
#include <xgrad/graph/histogram.h>
#include <xgrad/graph/images.h>
#include <xgrad/io/bytes.h>

using namespace xgrad;
using graph::SummaryWriter;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() : path(fs::temp_directory_path() / concat("xgrad_events_", std::rand())) { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  std::string name() const { return path.string(); }
  fs::path path;
};

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    text += two;
  }
  return text;
}

// The events of the only file in a folder, without the first, which says what the file is.
std::vector<std::string> events_in(const fs::path& folder) {
  std::vector<std::string> events;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t at = 0; at < all.size();) {
      uint64_t size = 0;
      std::memcpy(&size, &all[at], 8);
      const std::string event = all.substr(at + 12, size);
      CHECK_EQ(hex(graph::event_record(event)), hex(all.substr(at, size + 16)));
      if (at > 0) events.push_back(event);
      at += size + 16;
    }
  }
  return events;
}

}  // namespace

TEST_CASE("checksums are those of the standard, and records those of TensorFlow") {
  CHECK_EQ(io::crc32c("123456789"), 0xE3069283);
  CHECK_EQ(io::crc32("123456789"), 0xCBF43926);
  CHECK_EQ(hex(graph::event_record("abc")), "0300000000000000b099490e6162636e57f121");
}

TEST_CASE("scalars, histograms and texts are the messages of Python's writer") {
  const Folder folder;
  {
    SummaryWriter writer(folder.name());
    writer.add_scalar("loss/train", 0.25, 7, 1.5);
    writer.add_scalar("loss/train", 0.125, nullopt, 2.5);
    writer.add_histogram("weight", tensor({1., 2., 2.5, -3.}), 3, 1.5);
    writer.add_text("note", "hello *there*", 1, 1.5);
  }
  const auto events = events_in(folder.path);
  REQUIRE_EQ(events.size(), 4);
  CHECK_EQ(hex(events[0]), "09000000000000f83f10072a130a110a0a6c6f73732f747261696e150000803e");
  CHECK_EQ(hex(events[1]), "0900000000000004402a130a110a0a6c6f73732f747261696e150000003e");
  CHECK_EQ(hex(events[2]).substr(0, 160),
           "09000000000000f83f10032a914c0a8e4c0a067765696768742a834c0900000000000008c01100000000000004"
           "4019000000000000104021000000000000044029000000000040344032e8250d9cc5a0");
  CHECK_EQ(io::crc32(events[2]), 0xFFA657CF);  // all 9759 bytes
  CHECK_EQ(hex(events[3]),
           "09000000000000f83f10012a380a360a116e6f74652f746578745f73756d6d6172794217080712041202080142"
           "0d68656c6c6f202a74686572652a4a080a060a0474657874");
}

TEST_CASE("curves of one plot have folders of their own, named as Python names them") {
  const Folder folder;
  SummaryWriter writer(folder.name(), ".mine");
  writer.add_scalars("loss/all", {{"train", 1}, {"valid", 2}}, 5, 1.5);
  writer.flush();
  CHECK_EQ(events_in(folder.path / "loss_all_train").size(), 1);
  CHECK_EQ(events_in(folder.path / "loss_all_valid").size(), 1);
  CHECK(events_in(folder.path).empty());
  for (const auto& entry : fs::directory_iterator(folder.path))
    if (entry.is_regular_file()) {
      CHECK_EQ(entry.path().filename().string().find("events.out.tfevents."), 0);
      CHECK_EQ(entry.path().extension(), ".mine");
    }
}

TEST_CASE("a histogram has the empty bucket before its first, and leaves out what is not finite") {
  const auto h = graph::histogram_of(graph::sorted_values("test", tensor({0., 1., NAN, INFINITY})));
  CHECK_EQ(h.num, 2);
  CHECK_EQ(h.sum, 1);
  CHECK_EQ(h.bucket.front(), 0);
  CHECK_EQ(h.bucket.size(), h.bucket_limit.size());
  CHECK_EQ(h.bucket[1], 1);
  CHECK_EQ(h.bucket.back(), 1);
  CHECK_EQ(h.bucket_limit.front(), 0);
  CHECK_GT(h.bucket_limit.back(), 1);
  CHECK_THROWS_WITH_AS(graph::sorted_values("add_histogram", tensor({NAN})),
                       "add_histogram: no element of values is finite: values is [1]", ValueError);
}

TEST_CASE("an image is a PNG of bytes, and formats are told apart") {
  const Tensor chw = tensor({0., 0.5, 1., 0.}).view({1, 2, 2});
  const auto gray = graph::pixels_of("add_image", chw, "CHW");
  CHECK_EQ(gray.channels, 1);
  CHECK_EQ(gray.bytes[0][1][0].item<int64_t>(), 127);
  CHECK_EQ(graph::pixels_of("add_image", chw[0], "HW").height, 2);
  CHECK_EQ(graph::pixels_of("add_image", zeros({5, 4, 3}), "HWC").width, 4);
  CHECK_THROWS_WITH_AS(
      graph::pixels_of("add_image", zeros({2, 4, 4}), "CHW"),
      "add_image: an image has 1, 3 or 4 channels and at least one pixel: img_tensor is [2, 4, 4] "
      "in format CHW",
      ValueError);
  CHECK_THROWS_AS(graph::pixels_of("add_image", zeros({4, 4}), "CHW"), ValueError);
  CHECK_THROWS_AS(graph::pixels_of("add_image", zeros({3, 4, 4}), "NCHW"), ValueError);
  const std::string png = graph::to_png("add_image", gray);
  CHECK_EQ(hex(png.substr(0, 33)),
           "89504e470d0a1a0a0000000d49484452000000020000000208000000005"
           "7dd52f8");
}

TEST_CASE("what cannot be written is an error, and so is what comes after the end") {
  const Folder folder;
  fs::create_directories(folder.path);
  std::ofstream(folder.path / "file") << "x";
  CHECK(contains(message_of([&] { SummaryWriter writer(folder.name() + "/file"); }),
                 "SummaryWriter: cannot write "));
  SummaryWriter writer(folder.name() + "/run");
  writer.close();
  writer.close();
  CHECK_THROWS_WITH(writer.add_scalar("a", 1), "SummaryWriter: it is closed");
}
