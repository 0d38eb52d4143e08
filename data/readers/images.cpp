// The IDX files of MNIST (big-endian numbers, then bytes), and the records of CIFAR.
#include <xgrad/data/readers/images.h>

#include <cstring>
#include <filesystem>

#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/io/gzip.h>

namespace xgrad::data::datasets {

namespace {

namespace fs = std::filesystem;

// The file of one of these names, compressed or not.
std::string find(const char* op, const fs::path& root, const std::vector<std::string>& names,
                 const char* what) {
  std::string others;
  for (const std::string& name : names)
    for (const char* end : {"", ".gz"}) {
      if (fs::is_regular_file(root / (name + end))) return (root / (name + end)).string();
      if (name + end != names[0]) others += (others.empty() ? "" : ", ") + name + end;
    }
  fail(op, ": there is no file ", io::absolute_path((root / names[0]).string()), " (nor ", others, "); put ",
       what, " into ", io::absolute_path(root.string()));
}

Tensor bytes_tensor(std::string_view bytes, IntArrayRef sizes) {
  Tensor t = empty(sizes, kByte);
  std::memcpy(t.data_ptr(), bytes.data(), bytes.size());
  return t;
}
Tensor as_images(const Tensor& bytes) { return bytes.to(kFloat).div_(255); }

void check_labels(const std::string& name, const Tensor& labels, int64_t classes) {
  XGRAD_CHECK(labels.numel() == 0 || labels.max().item<int64_t>() < classes, name,
              ": there is a label above ", classes - 1);
}

// ---- IDX

uint32_t big_endian(io::Cursor& in) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | in.get<uint8_t>();
  return value;
}

// The bytes of an IDX file with this many dimensions.
Tensor read_idx(const io::Source& source, int64_t dims) {
  io::Cursor in(source);
  if (source.bytes.size() < 4 || big_endian(in) != 0x800 + static_cast<uint32_t>(dims))
    source.fail_at(0, "this is no IDX file of bytes with ", dims, " dimensions");
  DimVector sizes;
  uint64_t bytes = 1;
  for (int64_t d = 0; d < dims; ++d) {
    const uint32_t size = big_endian(in);
    if (size == 0 || bytes > source.bytes.size() / size) in.fail("the file is shorter than its header says");
    bytes *= size;
    sizes.push_back(size);
  }
  if (bytes > in.remaining()) in.fail("the file is shorter than its header says");
  if (bytes < in.remaining()) in.fail("the file is longer than its header says");
  return bytes_tensor(in.bytes(bytes), sizes);
}

// ---- CIFAR

constexpr std::size_t kPixels = 3 * 32 * 32;

// Appends the records of a file, which are labels, of which one is wanted, and pixels.
void read_records(const char* op, const std::string& path, std::size_t labels, std::size_t wanted,
                  int64_t classes, std::vector<Tensor>& images, std::vector<Tensor>& targets) {
  const io::ExpandedFile file(op, path);
  const io::Source& source = file.source();
  const std::size_t record = labels + kPixels;
  if (source.bytes.size() % record != 0)
    source.fail_at(source.bytes.size() / record * record, "the file ends within a record of ", record,
                   " bytes");
  const auto count = static_cast<int64_t>(source.bytes.size() / record);
  const Tensor rows = bytes_tensor(source.bytes, {count, static_cast<int64_t>(record)});
  targets.push_back(rows.select(1, static_cast<int64_t>(wanted)).to(kLong));
  check_labels(source.name, targets.back(), classes);
  images.push_back(as_images(rows.slice(1, static_cast<int64_t>(labels)).reshape({count, 3, 32, 32})));
}

fs::path folder_of(const std::string& root, const char* below) {
  return fs::is_directory(fs::path(root) / below) ? fs::path(root) / below : fs::path(root);
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : ImageDataset(mode) {
  const std::string part = is_train() ? "train" : "t10k";
  const auto file = [&](const std::string& what) {
    return io::ExpandedFile("MNIST",
                            find("MNIST", root,
                                 {part + "-" + what + "-ubyte",
                                  part + "-" + std::string(what).replace(what.find('-'), 1, ".") + "-ubyte"},
                                 "the four files of MNIST"));
  };
  const io::ExpandedFile images = file("images-idx3"), labels = file("labels-idx1");
  images_ = as_images(read_idx(images.source(), 3).unsqueeze(1));
  targets_ = read_idx(labels.source(), 1).to(kLong);
  XGRAD_CHECK(images_.size(0) == targets_.size(0), images.source().name, " has ", images_.size(0),
              " images, ", labels.source().name, " has ", targets_.size(0), " labels");
  check_labels(labels.source().name, targets_, 10);
}

CIFAR10::CIFAR10(const std::string& root, Mode mode) : ImageDataset(mode) {
  std::vector<std::string> names;
  for (int i = 1; is_train() && i <= 5; ++i) names.push_back(concat("data_batch_", i, ".bin"));
  if (!is_train()) names.emplace_back("test_batch.bin");
  std::vector<Tensor> images, targets;
  for (const std::string& name : names)
    read_records(
        "CIFAR10",
        find("CIFAR10", folder_of(root, "cifar-10-batches-bin"), {name}, "the binary version of CIFAR-10"), 1,
        0, 10, images, targets);
  images_ = cat(images);
  targets_ = cat(targets);
}

CIFAR100::CIFAR100(const std::string& root, Mode mode, bool coarse) : ImageDataset(mode) {
  std::vector<Tensor> images, targets;
  read_records("CIFAR100",
               find("CIFAR100", folder_of(root, "cifar-100-binary"), {is_train() ? "train.bin" : "test.bin"},
                    "the binary version of CIFAR-100"),
               2, coarse ? 0 : 1, coarse ? 20 : 100, images, targets);
  images_ = images[0];
  targets_ = targets[0];
}

}  // namespace xgrad::data::datasets
