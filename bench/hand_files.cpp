// Files read by hand: mapped, and nothing else done than what the workload asks for. No tensor library in
// here.
#include <fcntl.h>
#include <sys/stat.h>

#include <charconv>
#include <string_view>

#include "files.h"
#include "hand.h"

namespace bench {

namespace {

class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    struct stat about = {};
    ::fstat(file, &about);
    size_ = static_cast<std::size_t>(about.st_size);
    data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(data_, size_); }
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

float sum(const float* p, std::int64_t size) {
  std::array<Batch, 4> part = {Batch(0.F), Batch(0.F), Batch(0.F), Batch(0.F)};
  for (std::int64_t i = 0; i < size; i += 4 * width)
    for (std::size_t k = 0; k < 4; ++k) part[k] += load(p + i + static_cast<std::int64_t>(k) * width);
  return xsimd::hadd(part[0] + part[1] + part[2] + part[3]);
}

void add_safetensors() {
  workload("safetensors of 64 MB: open and sum").each([] {
    constexpr std::int64_t size = file_side * file_side, header = 4936;
    const auto file = std::make_shared<File>("weights.safetensors");
    const auto first = values(size, 1);
    std::vector<std::string> pieces = {std::string(header, ' ')};
    for (std::int64_t i = 0; i < file_tensors; ++i) {
      auto scaled = first;
      for (float& v : scaled) v *= static_cast<float>(i + 1);
      pieces.emplace_back(reinterpret_cast<const char*>(scaled.data()), scaled.size() * sizeof(float));
    }
    file->write(pieces);
    return [file, sums = Floats(static_cast<std::size_t>(file_tensors))]() mutable {
      const Mapping mapping(file->path());
      const auto* p = reinterpret_cast<const float*>(mapping.bytes().data() + header);
      for (std::int64_t i = 0; i < file_tensors; ++i)
        sums[static_cast<std::size_t>(i)] = sum(p + i * size, size);
      return Span{sums.data(), file_tensors};
    };
  });
}

// What std::from_chars needs for the fields; nothing is checked, and the header skipped.
void add_csv() {
  workload("read_csv of 100,000 rows of 8 numbers").each([] {
    const auto file = std::make_shared<File>("table.csv");
    file->write({csv_of_numbers()});
    return [file, table = Floats(static_cast<std::size_t>(csv_rows * csv_columns))]() mutable {
      const Mapping mapping(file->path());
      const std::string_view text = mapping.bytes();
      const char* p = text.data() + text.find('\n') + 1;
      for (float& v : table) {
        double value = 0;
        p = std::from_chars(p, text.data() + text.size(), value).ptr + 1;
        v = static_cast<float>(value);
      }
      return Span{table.data(), csv_rows * csv_columns};
    };
  });
}

}  // namespace

void add_hand_file_workloads() {
  add_csv();
  add_safetensors();
}

}  // namespace bench
