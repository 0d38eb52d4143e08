// Pictures, text and sound from files, and what is wrong with them.
#include <doctest/doctest.h>

#include <filesystem>

#include <xgrad/xgrad.h>

#include "io/damage.h"
#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using data::Vocabulary;
using data::datasets::CIFAR10;
using data::datasets::CIFAR100;
using data::datasets::MNIST;

namespace {

const std::string kRecorded = XGRAD_TESTS_DIR "/data/recorded/";

std::string idx_of(const std::vector<unsigned>& sizes, std::size_t bytes) {
  std::string text;
  const auto number = [&](std::size_t n) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(n >> shift & 0xff);
  };
  number(0x800 + sizes.size());
  for (const unsigned s : sizes) number(s);
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(i % 10);
  return text;
}

std::string number(std::size_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}
std::string chunk(const std::string& name, const std::string& data) {
  return name + number(data.size(), 4) + data;
}
std::string wav_of(const std::string& chunks) { return chunk("RIFF", "WAVE" + chunks); }
std::string format_of(int kind, int channels, int bits, const std::string& more = "") {
  const int frame = channels * bits / 8;
  return chunk("fmt ", number(kind, 2) + number(channels, 2) + number(8000, 4) + number(8000 * frame, 4) +
                           number(frame, 2) + number(bits, 2) + more);
}
std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), 4 * values.size()};
}

}  // namespace

TEST_CASE("MNIST reads its files by both names, and says what is wrong with others") {
  const TemporaryFolder root;
  CHECK(contains(message_of([&] { MNIST{root / ""}; }),
                 "there is no file " + (root / "train-images-idx3-ubyte") +
                     " (nor train-images-idx3-ubyte.gz, train-images.idx3-ubyte"));
  write_bytes(root / "train-images-idx3-ubyte", idx_of({3, 28, 28}, 3 * 784));
  write_bytes(root / "train-labels.idx1-ubyte", idx_of({3}, 3));
  MNIST train(root / "");
  CHECK(train.is_train());
  CHECK_EQ(train.images().sizes(), IntArrayRef{3, 1, 28, 28});
  CHECK_EQ(train.images()[0][0][0][9].item<float>(), 9.0f / 255);
  CHECK(equal(train.targets(), tensor({0, 1, 2})));
  auto loader = data::make_data_loader(
      MNIST(root / "").map(data::transforms::Normalize<>(0.1307, 0.3081)).map(data::transforms::Stack<>()),
      2);
  CHECK_EQ(loader->begin()->data.sizes(), IntArrayRef{2, 1, 28, 28});

  const auto error = [&](const std::string& images) {
    write_bytes(root / "t10k-images-idx3-ubyte", images);
    const std::string text = message_of([&] { MNIST(root / "", MNIST::Mode::kTest); });
    CHECK(contains(text, "MNIST: " + (root / "t10k-images-idx3-ubyte")));
    return text;
  };
  write_bytes(root / "t10k-labels-idx1-ubyte", idx_of({2}, 2));
  CHECK(contains(error("x"), "no IDX file"));
  CHECK(contains(error(idx_of({2, 28, 28}, 784)), "shorter than its header says"));
  CHECK(contains(error(idx_of({4294967295u, 4294967295u, 4294967295u}, 784)),
                 "at byte 8: the file is shorter"));
  CHECK(contains(error(idx_of({2, 28, 28}, 2 * 784 + 1)), "longer than its header says"));
  CHECK(contains(error(idx_of({3, 28, 28}, 3 * 784)), "has 3 images"));
}

TEST_CASE("MNIST reads files of gzip as they are") {
  const MNIST test(kRecorded, MNIST::Mode::kTest);
  CHECK(equal(test.images(), arange(12, kFloat).div(255).reshape({2, 1, 2, 3})));
  CHECK(equal(test.targets(), tensor({7, 3})));
}

TEST_CASE("broken files of gzip are refused, and bombs before anything is allocated") {
  const TemporaryFolder root;
  const std::string name = "t10k-images.idx3-ubyte.gz", good = read_bytes(kRecorded + name);
  std::filesystem::copy(kRecorded + "t10k-labels-idx1-ubyte.gz", root / "t10k-labels-idx1-ubyte.gz");
  const auto read = [&](const std::string&) { MNIST(root / "", MNIST::Mode::kTest); };
  check_damaged(good, root / name, read);
  write_bytes(root / name, good.substr(0, good.size() - 4) + "\xFF\xFF\xFF\xFF");
  CHECK(contains(message_of([&] { read(""); }), "cannot hold the 4294967295"));
  std::string crc = good;
  crc[good.size() - 8] ^= 1;
  write_bytes(root / name, crc);
  CHECK(contains(message_of([&] { read(""); }), "the checksum is wrong"));
}

TEST_CASE("CIFAR's records are labels and pixels") {
  const TemporaryFolder root;
  const auto record = [](const std::string& labels, char pixel) {
    return labels + std::string(3071, pixel) + '\xFF';
  };
  std::filesystem::create_directory(root / "cifar-10-batches-bin");
  for (int i = 1; i <= 5; ++i)
    write_bytes(root / ("cifar-10-batches-bin/data_batch_" + std::to_string(i) + ".bin"),
                record({static_cast<char>(i)}, static_cast<char>(i)));
  const CIFAR10 ten(root / "");
  CHECK(equal(ten.targets(), arange(1, 6)));
  CHECK_EQ(ten.images().sizes(), IntArrayRef{5, 3, 32, 32});
  CHECK_EQ(ten.images()[4][0][0][0].item<float>(), 5.0f / 255);
  CHECK_EQ(ten.images()[0][2][31][31].item<float>(), 1);
  CHECK(contains(
      message_of([&] { CIFAR10(root / "", CIFAR10::Mode::kTest); }),
      (root / "cifar-10-batches-bin/test_batch.bin") + " (nor test_batch.bin.gz); put the binary version"));
  write_bytes(root / "train.bin", record({3, 99}, 0) + record({19, 0}, 0));
  CHECK(equal(CIFAR100(root / "").targets(), tensor({99, 0})));
  CHECK(equal(CIFAR100(root / "", CIFAR100::Mode::kTrain, true).targets(), tensor({3, 19})));
  write_bytes(root / "train.bin", record({3, 100}, 0));
  CHECK(contains(message_of([&] { CIFAR100(root / ""); }),
                 (root / "train.bin") + ": there is a label above 99"));
  write_bytes(root / "train.bin", record({3, 9}, 0) + "x");
  CHECK(contains(message_of([&] { CIFAR100(root / ""); }), "at byte 3074: the file ends within a record"));
}

TEST_CASE("text becomes numbers and text again") {
  const Vocabulary characters = Vocabulary::characters("hallö hä");
  CHECK_EQ(characters.size(), 6);
  CHECK(equal(characters.encode("häl"), tensor({2, 4, 3})));
  CHECK_EQ(characters.decode(tensor({5, 0, 2})), "ö h");
  CHECK(contains(message_of([&] { characters.encode("häx"); }), "at byte 3: \"x\" is not in the vocabulary"));
  CHECK(contains(message_of<IndexError>([&] { characters.decode(tensor({6})); }), "no token 6 of 6"));
  const Vocabulary bytes = Vocabulary::bytes();
  CHECK(equal(bytes.encode("a\xFF"), tensor({97, 255})));
  CHECK_EQ(bytes.decode(tensor({97, 255})), "a\xFF");
}

TEST_CASE("a text must be UTF-8, and an error says where it is not") {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "größer 😀");
  CHECK_EQ(data::read_text(folder / "a"), "größer 😀");
  for (const char* wrong : {"\xFF", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"}) {
    write_bytes(folder / "a", std::string("ab") + wrong);
    CHECK(contains(message_of([&] { data::read_text(folder / "a"); }),
                   (folder / "a") + ": at byte 2: this is no"));
  }
}

TEST_CASE("sounds of every size of sample are from -1 to 1") {
  for (const int bits : {8, 16, 24, 32}) {
    const auto [samples, rate] = data::load_wav(kRecorded + "pcm" + std::to_string(bits) + ".wav");
    CHECK_EQ(rate, 8000);
    const float largest = bits == 32 ? 1 : 1 - 2 / static_cast<float>(uint64_t{1} << bits);
    CHECK(equal(samples, tensor({{0.0f, -0.5f, largest}, {0.5f, -1.0f, 0.0f}})));
  }
}

TEST_CASE("sounds of floats, extended formats and chunks that mean nothing are read") {
  const TemporaryFolder folder;
  write_bytes(folder / "a",
              wav_of(chunk("LIST", "odd") + '\0' + format_of(3, 1, 32) + chunk("data", floats({0.25f, -2}))));
  CHECK(equal(data::load_wav(folder / "a").samples, tensor({{0.25f, -2.0f}})));
  write_bytes(folder / "a",
              wav_of(format_of(0xFFFE, 1, 16, number(22, 2) + number(16, 2) + number(4, 4) + number(1, 2)) +
                     chunk("data", number(0x4000, 2))));
  CHECK(equal(data::load_wav(folder / "a").samples, tensor({{0.5f}})));
}

TEST_CASE("what is no sound is one error with the byte") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_bytes(folder / "a", bytes);
    const std::string text = message_of([&] { data::load_wav(folder / "a"); });
    CHECK(contains(text, "load_wav: " + (folder / "a") + ": at byte "));
    return text;
  };
  CHECK(contains(error("RIFF"), "no .wav file"));
  CHECK(contains(error(wav_of(format_of(1, 1, 16))), "there are no samples"));
  CHECK(contains(error(wav_of(chunk("data", "ab"))), "come before their format"));
  CHECK(contains(error(wav_of(format_of(1, 1, 16) + chunk("data", "abc"))), "ends within a sample"));
  CHECK(contains(error(wav_of(format_of(2, 1, 16))), "kind 2 with 16 bits"));
  CHECK(contains(error(wav_of(format_of(1, 0, 16))), "the format is wrong"));
  CHECK(contains(error(wav_of(format_of(1, 1, 16)) + "data\xFF\xFF\xFF\xFF"), "4294967295 bytes are needed"));
  check_damaged(read_bytes(kRecorded + "pcm16.wav"), folder / "a",
                [](const std::string& p) { data::load_wav(p); });
}
