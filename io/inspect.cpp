#include <xgrad/io/inspect.h>

#include <xgrad/io/file.h>
#include <xgrad/io/npy_header.h>
#include <xgrad/io/safetensors_header.h>
#include <xgrad/io/torch_file.h>
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

// The tensors anywhere in a value, by their way there.
class Flattened {
 public:
  explicit Flattened(const io::Source& source) : source_(source) {}

  void add(const std::string& name, const IValue& value) {
    // Few bytes may stand for very many places, since lists may hold one list several times.
    if (++places_ > kMostPlaces) source_.fail_at(0, "its value has more than ", kMostPlaces, " places");
    if (value.isTensor()) {
      const Tensor elements = value.toTensor().detach().contiguous();
      const std::string_view bytes(static_cast<const char*>(elements.data_ptr()), elements.nbytes());
      infos.push_back(info_of(name, dtype_name(elements.scalar_type()), elements.sizes(), bytes));
    } else if (value.isGenericDict()) {
      for (const auto& entry : value.toGenericDict())
        if (holds_more(entry.value())) add(joined(name, io::name_of_key(entry.key())), entry.value());
    } else if (value.isList()) {
      const IValue::List& list = value.toListRef();
      for (std::size_t i = 0; i < list.size(); ++i)
        if (holds_more(list[i])) add(joined(name, std::to_string(i)), list[i]);
    }
  }

  std::vector<TensorInfo> infos;

 private:
  static constexpr int kMostPlaces = 1 << 20;

  static bool holds_more(const IValue& value) {
    return (value.isTensor() && value.toTensor().defined()) || value.isGenericDict() || value.isList();
  }
  static std::string joined(const std::string& name, const std::string& last) {
    return name.empty() ? last : name + "." + last;
  }

  const io::Source& source_;
  int places_ = 0;
};

std::vector<TensorInfo> inspect_torch(const std::shared_ptr<io::MappedFile>& file) {
  Flattened all(file->source());
  all.add("", io::read_torch(file->source(), file));
  return std::move(all.infos);
}

}  // namespace

std::vector<TensorInfo> inspect(const std::string& path) {
  const auto file = std::make_shared<io::MappedFile>("inspect", path, io::Access::copy_on_write);
  const io::Source& source = file->source();
  if (io::is_torch(source)) return inspect_torch(file);
  if (io::is_zip(source.bytes)) return inspect_zip(source);
  if (source.bytes.substr(0, 6) == "\x93NUMPY") return {inspect_array("", source)};
  return inspect_safetensors(source);
}

}  // namespace xgrad
