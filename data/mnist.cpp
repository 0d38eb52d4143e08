// The IDX files of MNIST: big-endian numbers, then bytes.
#include <array>
#include <filesystem>
#include <fstream>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/data/datasets.h>

namespace xgrad::data::datasets {

namespace {

namespace fs = std::filesystem;

fs::path find(const fs::path& root, const std::string& name) {
  const std::string other = name.substr(0, name.find("-idx")) + ".idx" + name.substr(name.find("-idx") + 4);
  for (const std::string& file : {name, other})
    if (fs::is_regular_file(root / file)) return root / file;
  const fs::path wanted = fs::absolute(root / name);
  XGRAD_CHECK(!fs::exists(wanted.string() + ".gz"), "MNIST: ", wanted.string(),
              ".gz is there, but not unpacked; run ", "gunzip on it");
  fail("MNIST: there is no file ", wanted.string(), " (nor ", other, "); put the four files of MNIST into ",
       fs::absolute(root).string());
}

uint32_t big_endian(std::istream& in) {
  std::array<unsigned char, 4> b{};
  in.read(reinterpret_cast<char*>(b.data()), 4);
  return uint32_t{b[0]} << 24 | uint32_t{b[1]} << 16 | uint32_t{b[2]} << 8 | b[3];
}

// The bytes of an IDX file with this many dimensions.
Tensor read_idx(const fs::path& path, int64_t dims) {
  std::ifstream in(path, std::ios::binary);
  const uint32_t magic = big_endian(in);
  XGRAD_CHECK(in && magic == 0x800 + static_cast<uint32_t>(dims), "MNIST: ", path.string(),
              " is no IDX file of bytes with ", dims, " dimensions");
  DimVector sizes;
  uint64_t bytes = 1;
  const uint64_t there = fs::file_size(path) - 4 - 4 * static_cast<uint64_t>(dims);
  for (int64_t d = 0; d < dims; ++d) {
    const uint32_t size = big_endian(in);
    XGRAD_CHECK(in && size > 0 && bytes <= there / size, "MNIST: ", path.string(),
                " is shorter than its header says");
    bytes *= size;
    sizes.push_back(size);
  }
  XGRAD_CHECK(bytes == there, "MNIST: ", path.string(), " is longer than its header says");
  Tensor t = empty(sizes, kByte);
  in.read(static_cast<char*>(t.data_ptr()), static_cast<std::streamsize>(bytes));
  XGRAD_CHECK(in, "MNIST: ", path.string(), " cannot be read");
  return t;
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : is_train_(mode == Mode::kTrain) {
  const std::string part = is_train_ ? "train" : "t10k";
  const fs::path images = find(root, part + "-images-idx3-ubyte"),
                 labels = find(root, part + "-labels-idx1-ubyte");
  images_ = read_idx(images, 3).unsqueeze(1).to(kFloat).div_(255);
  targets_ = read_idx(labels, 1).to(kLong);
  XGRAD_CHECK(images_.size(0) == targets_.size(0), "MNIST: ", images.string(), " has ", images_.size(0),
              " images, ", labels.string(), " has ", targets_.size(0), " labels");
  XGRAD_CHECK(targets_.numel() == 0 || targets_.max().item<int64_t>() < 10, "MNIST: ", labels.string(),
              " has a label above 9");
}

}  // namespace xgrad::data::datasets
