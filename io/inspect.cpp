#include <xgrad/io/inspect.h>

#include <xgrad/io/file.h>
#include <xgrad/io/npy_header.h>
#include <xgrad/io/safetensors_header.h>
#include <xgrad/io/zip.h>

namespace xgrad {

namespace {

TensorInfo info_of(std::string name, std::string dtype, IntArrayRef sizes, std::string_view bytes) {
  return {std::move(name), std::move(dtype), sizes.vec(), bytes.size(), io::crc32(bytes)};
}

TensorInfo inspect_array(std::string name, const io::Source& source) {
  const io::NpyHeader header = io::read_npy_header(source);
  return info_of(std::move(name), dtype_name(header.dtype), header.sizes, source.bytes.substr(header.data));
}

std::vector<TensorInfo> inspect_zip(const io::Source& source) {
  const io::ZipReader zip(source);
  std::vector<TensorInfo> infos;
  for (const auto& entry : zip.entries())
    infos.push_back(inspect_array(io::npz_array_name(entry.name), zip.read(entry).source));
  return infos;
}

std::vector<TensorInfo> inspect_safetensors(const io::Source& source) {
  std::vector<TensorInfo> infos;
  for (const auto& entry : io::read_safetensors_header(source).entries) {
    const bool known = entry.dtype->dtype != ScalarType::Undefined;
    infos.push_back(info_of(entry.name, known ? dtype_name(entry.dtype->dtype) : entry.dtype->name,
                            entry.sizes, source.bytes.substr(entry.begin, entry.end - entry.begin)));
  }
  return infos;
}

}  // namespace

std::vector<TensorInfo> inspect(const std::string& path) {
  const io::MappedFile file("inspect", path);
  const io::Source& source = file.source();
  if (io::is_zip(source.bytes)) return inspect_zip(source);
  if (source.bytes.substr(0, 6) == "\x93NUMPY") return {inspect_array("", source)};
  return inspect_safetensors(source);
}

}  // namespace xgrad
