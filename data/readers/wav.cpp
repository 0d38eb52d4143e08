// RIFF: chunks, of which one says what the samples are and one has them.
#include <xgrad/data/readers/wav.h>

#include <cstring>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/io/file.h>

namespace xgrad::data {

namespace {

constexpr int kIntegers = 1, kFloats = 3, kExtensible = 0xFFFE;

struct Format {
  int kind = 0;
  int64_t channels = 0, rate = 0, bytes = 0;
};

Format read_format(const io::Source& chunk) {
  io::Cursor in(chunk);
  Format format;
  format.kind = in.get<uint16_t>();
  format.channels = in.get<uint16_t>();
  format.rate = in.get<uint32_t>();
  in.skip(4);  // bytes in a second
  const int frame = in.get<uint16_t>(), bits = in.get<uint16_t>();
  if (format.kind == kExtensible) {
    in.skip(8);
    format.kind = in.get<uint16_t>();
  }
  format.bytes = bits / 8;
  const bool known = format.kind == kIntegers ? bits == 8 || bits == 16 || bits == 24 || bits == 32
                                              : format.kind == kFloats && (bits == 32 || bits == 64);
  if (!known) in.fail("samples of kind ", format.kind, " with ", bits, " bits are not supported");
  if (format.channels == 0 || format.rate == 0 || frame != format.channels * format.bytes)
    in.fail("the format is wrong: ", format.channels, " channels, ", format.rate, " samples in a second, ",
            frame, " bytes each");
  return format;
}

// A sample as the highest bits of 32.
float integer_sample(const unsigned char* p, int64_t bytes) {
  uint32_t value = 0;
  for (int64_t i = 0; i < bytes; ++i) value |= uint32_t{p[i]} << (8 * (4 - bytes + i));
  if (bytes == 1) value ^= 0x80000000u;  // eight bits have no sign
  return static_cast<float>(static_cast<int32_t>(value)) / 2147483648.0f;
}

float float_sample(const unsigned char* p, int64_t bytes) {
  float narrow = 0;
  double wide = 0;
  if (bytes == 4) return std::memcpy(&narrow, p, 4), narrow;
  return std::memcpy(&wide, p, 8), static_cast<float>(wide);
}

Tensor read_samples(std::string_view data, const Format& format) {
  const int64_t count = static_cast<int64_t>(data.size()) / (format.channels * format.bytes);
  Tensor samples = empty({format.channels, count}, kFloat);
  auto* const to = samples.data_ptr<float>();
  const auto* p = reinterpret_cast<const unsigned char*>(data.data());
  for (int64_t i = 0; i < count; ++i)
    for (int64_t c = 0; c < format.channels; ++c, p += format.bytes)
      to[c * count + i] =
          format.kind == kFloats ? float_sample(p, format.bytes) : integer_sample(p, format.bytes);
  return samples;
}

}  // namespace

Sound load_wav(const std::string& path) {
  const io::MappedFile file("load_wav", path);
  io::Cursor in(file.source());
  if (file.source().bytes.substr(0, 4) != "RIFF" || in.remaining() < 12 ||
      file.source().bytes.substr(8, 4) != "WAVE")
    in.fail("this is no .wav file");
  in.skip(12);
  Format format;
  while (!in.at_end()) {
    const std::string_view name = in.bytes(4);
    const uint64_t size = in.get<uint32_t>(), start = in.position();
    const std::string_view chunk = in.bytes(size);
    if (size % 2 == 1 && !in.at_end()) in.skip(1);
    if (name == "fmt ") format = read_format({chunk, file.source().name, start});
    if (name != "data") continue;
    if (format.channels == 0) file.source().fail_at(start, "the samples come before their format");
    if (size % static_cast<uint64_t>(format.channels * format.bytes) != 0)
      file.source().fail_at(start + size, "the file ends within a sample");
    return {read_samples(chunk, format), format.rate};
  }
  in.fail("there are no samples in the file");
}

}  // namespace xgrad::data
