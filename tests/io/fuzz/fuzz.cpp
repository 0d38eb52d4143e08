// The readers of files under libFuzzer: ./dev fuzz READER compiles this with -DXGRAD_FUZZ=READER. Whatever
// the bytes are, a reader returns or throws Error, and the sanitizers find nothing.
#include <cstdint>
#include <string_view>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/io/pickle.h>
#include <xgrad/io/torch_file.h>
#include <xgrad/io/zip.h>

using namespace xgrad;
using namespace xgrad::io;

namespace {

// Looks at every element, as a program would.
void look_at(const IValue& value, int depth) {
  if (depth > 5) return;
  if (value.isTensor() && value.toTensor().defined() && value.toTensor().numel() < 1000)
    (void)value.toTensor().toString();
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
                     return Storage::allocate(numel * element_size(dtype));
                   }),
          0);
}

[[maybe_unused]] void zip(const Source& source) {
  const ZipReader reader(source);
  for (const auto& entry : reader.entries())
    if (entry.size < 1 << 20) (void)reader.read(entry);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const Source source{std::string_view(reinterpret_cast<const char*>(data), size), "load: fuzz"};
  try {
    XGRAD_FUZZ(source);
  } catch (const Error&) {
  }
  return 0;
}
