// The readers of files under libFuzzer: ./dev fuzz READER compiles this with -DXGRAD_FUZZ=READER. Whatever
// the bytes are, a reader returns or throws Error, and the sanitizers find nothing. Without it, a program
// that gives the readers the files in the folders of their names, in `corpus` beside this file.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/data/readers/csv.h>
#include <xgrad/data/readers/image_files.h>
#include <xgrad/data/readers/wav.h>
#include <xgrad/io/file.h>
#include <xgrad/io/npy.h>
#include <xgrad/io/pickle.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/torch_file.h>
#include <xgrad/io/zip.h>

using namespace xgrad;
using namespace xgrad::io;

namespace {

// Looks at every element, as a program would.
void look_at(const Tensor& tensor) {
  if (tensor.defined() && tensor.numel() < 1000) (void)detail::python_text(tensor);
}
void look_at(const OrderedDict<std::string, Tensor>& tensors) {
  for (const auto& item : tensors) look_at(item.value());
}
void look_at(const IValue& value, int depth) {
  if (depth > 5) return;
  if (value.isTensor()) look_at(value.toTensor());
  if (value.isList())
    for (const IValue& element : value.toListRef()) look_at(element, depth + 1);
  if (value.isGenericDict())
    for (const auto& item : value.toGenericDict()) look_at(item.value(), depth + 1);
}

[[maybe_unused]] void torch(const Source& source) {
  const IValue value = read_torch(source);
  look_at(value, 0);
  std::vector<char> again;
  MemorySink sink(again);
  write_torch(sink, value);
}

// Without the container, whose checksums keep changed pickles out.
[[maybe_unused]] void pickle(const Source& source) {
  Cursor in(source);
  look_at(unpickle(in,
                   [&](const std::string&, ScalarType dtype, uint64_t numel) {
                     XGRAD_CHECK(numel < 1000, "too large for here");
                     return StorageImpl::allocate(numel * element_size(dtype));
                   }),
          0);
}

[[maybe_unused]] void zip(const Source& source) {
  const ZipReader reader(source);
  for (const auto& entry : reader.entries())
    if (entry.size < 1 << 20) (void)reader.read(entry);
}

// For readers that take paths.
const std::string& as_file(std::string_view bytes) {
  static const std::string path =
      (std::filesystem::temp_directory_path() / ("xgrad_fuzz_" + std::to_string(getpid()))).string();
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fclose(file) != 0)
    std::abort();
  static const int removes = std::atexit([] { unlink(path.c_str()); });
  (void)removes;
  return path;
}

[[maybe_unused]] void npy(const Source& source) { look_at(load_npy(as_file(source.bytes))); }

[[maybe_unused]] void npz(const Source& source) { look_at(load_npz(as_file(source.bytes))); }

[[maybe_unused]] void safetensors(const Source& source) {
  const std::string& path = as_file(source.bytes);
  look_at(load_safetensors(path));
  (void)load_safetensors_metadata(path);
}

[[maybe_unused]] void csv(const Source& source) {
  const auto table = data::read_csv(as_file(source.bytes), data::CsvOptions().missing(-1.0));
  for (const auto& column : table.columns()) look_at(column.values);
}

// With checksums that are right, behind which the fuzzer would not come otherwise.
[[maybe_unused]] void png(const Source& source) {
  std::string bytes(source.bytes);
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    uint32_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (size > bytes.size() - at - 12) break;
    const uint32_t crc = crc32(std::string_view(bytes).substr(at + 4, size + 4));
    for (int i = 0; i < 4; ++i) bytes[at + 8 + size + i] = static_cast<char>(crc >> (24 - 8 * i));
    at += 12 + size;
  }
  look_at(data::read_image(as_file(bytes)));
}

[[maybe_unused]] void jpeg(const Source& source) {
  look_at(data::read_image(as_file(source.bytes), data::ImageReadMode::kRGB));
}

[[maybe_unused]] void wav(const Source& source) { look_at(data::load_wav(as_file(source.bytes)).samples); }

void read(void (*reader)(const Source&), std::string_view bytes) {
  try {
    reader({bytes, "load: fuzz"});
  } catch (const Error&) {
  }
}

}  // namespace

#ifdef XGRAD_FUZZ

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  read(XGRAD_FUZZ, {reinterpret_cast<const char*>(data), size});
  return 0;
}

#else

int main() {
  constexpr std::pair<const char*, void (*)(const Source&)> readers[] = {
      {"torch", torch}, {"pickle", pickle}, {"zip", zip},
      {"npy", npy},     {"npz", npz},       {"safetensors", safetensors},
      {"csv", csv},     {"png", png},       {"jpeg", jpeg},
      {"wav", wav}};
  for (const auto& [name, reader] : readers) {
    int files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(XGRAD_TESTS_DIR "/io/fuzz/corpus/") + name)) {
      const MappedFile file("fuzz", entry.path().string());
      read(reader, file.source().bytes);
      ++files;
    }
    std::cout << name << ": " << files << " files\n";
  }
}

#endif
