// Pictures in files and folders: what is read, in which order, and what is wrong with others.
#include <doctest/doctest.h>

#include <xgrad/io/bytes.h>
#include <xgrad/xgrad.h>

#include "io/damage.h"
#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using data::ImageReadMode;
using data::read_image;
using data::datasets::ImageFolder;

namespace {

const std::string kRecorded = XGRAD_TESTS_DIR "/data/recorded/";

std::string big_endian(uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xff);
  return text;
}
std::string chunk(const std::string& named) {
  return big_endian(static_cast<uint32_t>(named.size() - 4)) + named + big_endian(io::crc32(named));
}
std::string header(uint32_t width, uint32_t height, int depth = 8, int color = 0) {
  std::string named = "IHDR" + big_endian(width) + big_endian(height);
  for (const int byte : {depth, color, 0, 0, 0}) named += static_cast<char>(byte);
  return chunk(named);
}
// The frame of zlib around a deflate stream.
std::string compressed(const std::string& bytes) {
  uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return "\x78\x9c" + io::deflate("test", {bytes}) + big_endian(b << 16 | a);
}
std::string png_of(const std::string& chunks) {
  return std::string("\x89PNG\r\n\x1a\n", 8) + chunks + chunk("IEND");
}
// Gray, rows without a filter.
std::string gray_png(uint32_t width, uint32_t height, int value) {
  std::string rows;
  for (uint32_t y = 0; y < height; ++y) rows += '\0' + std::string(width, static_cast<char>(value));
  return png_of(header(width, height) + chunk("IDAT" + compressed(rows)));
}

std::string error_of(const std::string& bytes) {
  const TemporaryFolder folder;
  write_bytes(folder / "x", bytes);
  const std::string text = message_of([&] { read_image(folder / "x"); });
  CHECK(contains(text, "read_image: " + (folder / "x") + ": at byte "));
  return text;
}

}  // namespace

TEST_CASE("PNG and JPEG files are read as Pillow reads them, in each mode") {
  const auto pictures = load_npz(kRecorded + "pictures.npz");
  CHECK_EQ(pictures.size(), 44);
  for (const auto& item : pictures) {
    CAPTURE(item.key());
    const std::size_t colon = item.key().find(':');
    const std::string mode = item.key().substr(colon + 1);
    const Tensor read =
        read_image(kRecorded + item.key().substr(0, colon), mode == "L"     ? ImageReadMode::kGray
                                                            : mode == "LA"  ? ImageReadMode::kGrayAlpha
                                                            : mode == "RGB" ? ImageReadMode::kRGB
                                                                            : ImageReadMode::kRGBAlpha);
    CHECK_EQ(read.dtype(), kByte);
    CHECK(equal(read, item.value()));
  }
  for (const auto& [name, channels] :
       {std::pair("gray.jpg", 1), {"inks.jpg", 3}, {"gray_alpha.png", 2}, {"bits.png", 1}, {"alpha.png", 4}})
    CHECK_EQ(read_image(kRecorded + name).sizes(), IntArrayRef{channels, 11, 13});
}

TEST_CASE("channels of 16 bits are scaled to 8") {
  const TemporaryFolder folder;
  const std::string row("\0\xff\xff\x80\x00\x00\x00", 7);
  write_bytes(folder / "x.png", png_of(header(3, 1, 16) + chunk("IDAT" + compressed(row))));
  CHECK(equal(read_image(folder / "x.png"), tensor({255, 128, 0}, kByte).view({1, 1, 3})));
}

TEST_CASE("a broken picture is refused with its file and the byte") {
  const TemporaryFolder folder;
  for (const char* name : {"palette.png", "progressive.jpg", "inks.jpg"})
    check_damaged(read_bytes(kRecorded + name), folder / "x", [](const std::string& path) {
      const Tensor read = read_image(path);
      CHECK(read.numel() < 1'000'000);
    });
  CHECK(contains(error_of("GIF89a"), "at byte 0: this is neither PNG nor JPEG"));
  std::string bad = gray_png(3, 2, 7);
  CHECK_EQ(read_bytes(kRecorded + "gray.png").substr(0, 8), bad.substr(0, 8));
  bad[8 + 25 + 9] ^= 1;
  CHECK(contains(error_of(bad), "at byte 33: the checksum of this chunk of the PNG is wrong"));
  const std::string rows(6, '\0');
  const auto with_header = [&](const std::string& first) {
    return error_of(png_of(first + chunk("IDAT" + compressed(rows))));
  };
  CHECK(contains(with_header(header(3, 50)), "this PNG is broken: "));
  CHECK(contains(with_header(header(0, 2)), "the header of this PNG is broken"));
  CHECK(contains(with_header(header(2, 2, 8, 5)), "the header of this PNG is broken"));
  CHECK(contains(with_header(header(2, 2, 3, 0)), "this PNG is broken: "));
  CHECK(contains(with_header(""), "the header of a PNG is its first chunk"));
  CHECK(contains(with_header(header(2, 2) + chunk("ABCD")), "is of no known kind"));
  std::string wrong = read_bytes(kRecorded + "color.jpg");
  CHECK(contains(error_of(wrong.substr(0, wrong.size() - 40)), "this JPEG is broken: "));
}

TEST_CASE("a picture that is said to be huge costs no memory") {
  const std::string some = chunk("IDAT" + compressed(std::string(5000, '\0')));
  CHECK(contains(error_of(png_of(header(100'000, 100'000) + some)),
                 "100000 by 100000 pixels are more than the 178956970 allowed"));
  CHECK(contains(error_of(png_of(header(0x7fffffff, 0x7fffffff, 16, 6) + some)), "pixels are more than"));
  CHECK(contains(error_of(png_of(header(10'000, 10'000) + some)), "pixels cannot be in"));
  // A text that expands to a hundred times the file is not looked at.
  const TemporaryFolder folder;
  write_bytes(
      folder / "x",
      png_of(header(2, 1) + chunk("zTXtkey" + std::string(2, '\0') + compressed(std::string(1 << 20, 'a'))) +
             chunk("IDAT" + compressed(std::string(3, '\0')))));
  CHECK_EQ(read_image(folder / "x").numel(), 2);

  std::string jpeg = read_bytes(kRecorded + "color.jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  const auto sized = [&](int height, int width) {
    jpeg.replace(frame + 5, 4, big_endian(static_cast<uint32_t>(height << 16 | width)));
    return error_of(jpeg);
  };
  CHECK(contains(sized(0x7fff, 65000), "65000 by 32767 pixels are more than"));
  CHECK(contains(sized(10'000, 10'000), "10000 by 10000 pixels cannot be in"));
}

TEST_CASE("a folder of folders is a dataset, by names as torchvision's") {
  const TemporaryFolder root;
  for (const char* name : {"b/2.png", "b/10.PNG", "b/deep/1.png", "a/x.png", "a/notes.txt"}) {
    std::filesystem::create_directories(std::filesystem::path(root / name).parent_path());
    write_bytes(root / name, gray_png(3, 2, name[0]));
  }
  write_bytes(root / "b/photo.jpeg", read_bytes(kRecorded + "color.jpg"));
  write_bytes(root / "alone.png", gray_png(3, 2, 0));
  ImageFolder folder(root / "");
  CHECK_EQ(folder.classes(), std::vector<std::string>{"a", "b"});
  CHECK_EQ(folder.class_to_idx().at("b"), 1);
  std::vector<std::pair<std::string, int64_t>> expected = {{root / "a/x.png", 0},
                                                           {root / "b/10.PNG", 1},
                                                           {root / "b/2.png", 1},
                                                           {root / "b/photo.jpeg", 1},
                                                           {root / "b/deep/1.png", 1}};
  CHECK(folder.samples() == expected);
  CHECK(equal(folder.get(0).data, full({3, 2, 3}, 'a', kByte)));
  CHECK_EQ(folder.get(3).data.sizes(), IntArrayRef{3, 11, 13});
  CHECK(equal(folder.get(1).target, tensor(1)));
  CHECK_THROWS_AS(folder.get(5), IndexError);
  ImageFolder gray(root / "", ImageReadMode::kGray);
  CHECK_EQ(gray.get(0).data.sizes(), IntArrayRef{1, 2, 3});

  auto loader = data::make_data_loader(data::datasets::Subset<ImageFolder>(gray, {0, 1, 2})
                                           .map(data::transforms::Normalize<>(127.5, 255))
                                           .map(data::transforms::Stack<>()),
                                       data::DataLoaderOptions(3).workers(2));
  CHECK_EQ(loader->begin()->data.sizes(), IntArrayRef{3, 1, 2, 3});
}

TEST_CASE("a folder without classes, or a class without pictures, is an error that names it") {
  const TemporaryFolder root;
  CHECK(contains(message_of([&] { ImageFolder{root / "none"}; }),
                 (root / "none") + ": there is no such folder"));
  CHECK(contains(message_of([&] { ImageFolder{root / ""}; }), "there is no folder of a class in it"));
  std::filesystem::create_directories(root / "empty");
  CHECK(
      contains(message_of([&] { ImageFolder{root / ""}; }), "the class 'empty' has no .png, .jpg or .jpeg"));
}
