#include <xgrad/io/npy.h>

#include <xgrad/io/file.h>
#include <xgrad/io/mapped_tensor.h>
#include <xgrad/io/npy_header.h>
#include <xgrad/io/zip.h>

namespace xgrad {

namespace {

Tensor read_array(const std::shared_ptr<void>& owner, const io::Source& source) {
  const io::NpyHeader header = io::read_npy_header(source);
  Tensor result = io::tensor_over(header.swapped ? nullptr : owner, source.bytes.substr(header.data),
                                  header.sizes, io::npy_strides(header.sizes, header.fortran), header.dtype);
  if (header.swapped)
    io::swap_bytes(static_cast<char*>(result.data_ptr()), result.nbytes(), result.element_size());
  return result;
}

// A tensor as NumPy's file has it.
struct Array {
  std::string header;
  Tensor rows;

  explicit Array(const Tensor& tensor) {
    XGRAD_CHECK_AS(ValueError, tensor.defined(), "save_npy: the tensor is undefined");
    std::vector<int64_t> reversed;
    for (int64_t d = tensor.dim(); d-- > 0;) reversed.push_back(d);
    const Tensor transposed = tensor.detach().permute(reversed);
    const bool fortran = !tensor.is_contiguous() && transposed.is_contiguous();
    header = io::npy_header(tensor.dtype(), fortran, tensor.sizes());
    rows = fortran ? transposed : tensor.detach().contiguous();
  }
  std::vector<std::string_view> pieces() const {
    std::vector<std::string_view> result{header};
    if (rows.nbytes() > 0) result.emplace_back(static_cast<const char*>(rows.data_ptr()), rows.nbytes());
    return result;
  }
};

}  // namespace

Tensor load_npy(const std::string& path) {
  const auto file = std::make_shared<io::MappedFile>("load_npy", path, io::Access::copy_on_write);
  return read_array(file, file->source());
}

OrderedDict<std::string, Tensor> load_npz(const std::string& path) {
  const auto file = std::make_shared<io::MappedFile>("load_npz", path, io::Access::copy_on_write);
  const io::ZipReader zip(file->source());
  OrderedDict<std::string, Tensor> tensors("Array");
  for (const auto& entry : zip.entries()) {
    std::string name = io::npz_array_name(entry.name);
    XGRAD_CHECK(!tensors.contains(name), file->source().name, ": array \"", name, "\" stands there twice");
    const io::ZipReader::Content content = zip.read(entry);
    const std::shared_ptr<void> owner = content.expanded ? std::shared_ptr<void>(content.expanded) : file;
    tensors.insert(std::move(name), read_array(owner, content.source));
  }
  return tensors;
}

void save_npy(const Tensor& tensor, const std::string& path) {
  const Array array(tensor);
  io::AtomicFile file("save_npy", path);
  for (const std::string_view piece : array.pieces()) file.write(piece);
  file.commit();
}

void save_npz(const OrderedDict<std::string, Tensor>& tensors, const std::string& path, bool compressed) {
  std::vector<std::pair<std::string, Array>> arrays;
  for (const auto& item : tensors) arrays.emplace_back(item.key() + ".npy", Array(*item));
  io::AtomicFile file("save_npz", path);
  io::ZipWriter zip(file);
  for (const auto& [name, array] : arrays) zip.add(name, array.pieces(), compressed);
  zip.finish();
  file.commit();
}

}  // namespace xgrad
