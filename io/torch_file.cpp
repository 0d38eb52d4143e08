// The three containers of a pickle: a zip file, the old sequence of pickles, and the zip file that is
// written.
#include <xgrad/io/torch_file.h>

#include <bit>
#include <unordered_map>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/io/mapped_tensor.h>
#include <xgrad/io/pickle.h>
#include <xgrad/io/zip.h>

namespace xgrad::io {

namespace {

constexpr uint64_t kMostExpanded = uint64_t{64} << 20;  // of a compressed pickle
constexpr bool kLittleEndian = std::endian::native == std::endian::little;

uint64_t bytes_of(const Source& source, ScalarType dtype, uint64_t numel) {
  if (numel > UINT64_MAX / 8) source.fail_at(0, "a storage of ", numel, " elements is too large");
  return numel * element_size(dtype);
}

// Makes elements of this machine of those of a file.
void to_native(const StorageImpl& storage, ScalarType dtype, bool is_little) {
  if (is_little != kLittleEndian)
    swap_bytes(static_cast<char*>(storage.data()), storage.nbytes(), element_size(dtype));
}

struct Found {
  intrusive_ptr<StorageImpl> storage;
  ScalarType dtype;
};

// ---- zip

// The folder, with its slash, that everything is in; empty where there is no pickle.
std::string folder_of(const ZipReader& zip) {
  std::string folder;
  for (const auto& entry : zip.entries()) {
    const std::size_t slash = entry.name.find('/');
    if (slash != std::string::npos && entry.name.substr(slash) == "/data.pkl")
      folder = entry.name.substr(0, slash + 1);
  }
  return folder;
}

class ZippedTorch {
 public:
  ZippedTorch(const Source& source, std::shared_ptr<void> owner)
      : owner_(std::move(owner)), zip_(source), folder_(folder_of(zip_)) {
    if (folder_.empty())
      source.fail_at(
          0, "this zip file has no data.pkl: torch.save did not write it; .npz files are for load_npz");
    if (const auto* order = zip_.find(folder_ + "byteorder")) {
      const auto content = zip_.read(*order, 16);
      is_little_ = content.source.bytes == "little";
      if (!is_little_ && content.source.bytes != "big")
        content.source.fail_at(0, "this is no order of bytes");
    }
  }

  IValue read() {
    const auto& entry = *zip_.find(folder_ + "data.pkl");
    const auto content = zip_.read(entry, std::max(entry.compressed_size, kMostExpanded));
    Cursor in(content.source);
    return unpickle(in, [this](const std::string& key, ScalarType dtype, uint64_t numel) {
      return find(key, dtype, numel);
    });
  }

 private:
  intrusive_ptr<StorageImpl> find(const std::string& key, ScalarType dtype, uint64_t numel) {
    const uint64_t bytes = bytes_of(zip_.source(), dtype, numel);
    const auto known = found_.find(key);
    if (known == found_.end()) {
      const auto* entry = zip_.find(folder_ + "data/" + key);
      if (!entry) zip_.source().fail_at(0, "the storage '", key, "' that data.pkl refers to is missing");
      const auto content = zip_.read(*entry);
      if (content.source.bytes.size() != bytes)
        content.source.fail_at(0, "it has ", content.source.bytes.size(), " bytes, but ", numel,
                               " elements of ", dtype, " are ", bytes);
      const std::shared_ptr<void> owner = content.expanded ? std::shared_ptr<void>(content.expanded) : owner_;
      Found made{storage_over(owner, content.source.bytes, dtype), dtype};
      to_native(*made.storage, dtype, is_little_);
      return found_.emplace(key, std::move(made)).first->second.storage;
    }
    if (known->second.dtype != dtype || known->second.storage->nbytes() != bytes)
      zip_.source().fail_at(0, "data.pkl refers to the storage '", key, "' as ", numel, " elements of ",
                            dtype, " and as something else");
    return known->second.storage;
  }

  std::shared_ptr<void> owner_;
  ZipReader zip_;
  std::string folder_;
  bool is_little_ = true;
  std::unordered_map<std::string, Found> found_;
};

// ---- the old form: magic number, version, what the machine was, the value, the keys of its storages, these

constexpr std::string_view kLegacyMagic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";

// Where the magic number ends, which newer protocols put into a frame; 0 where there is none.
uint64_t end_of_magic(std::string_view bytes) {
  for (const uint64_t start : {2, 11})
    if (bytes.size() > start + kLegacyMagic.size() && bytes[0] == '\x80' &&
        bytes.substr(start, kLegacyMagic.size()) == kLegacyMagic)
      return start + kLegacyMagic.size();
  return 0;
}

class OldTorch {
 public:
  explicit OldTorch(const Source& source)
      : in_(source, end_of_magic(source.bytes)), left_(source.bytes.size()) {}

  IValue read() {
    const IValue version = part();
    if (!version.isInt() || version.toInt() != 1001) in_.fail("the version is not 1001");
    const IValue system = part();
    if (system.isGenericDict())
      if (const IValue* little = system.toGenericDict().find("little_endian"); little && little->isBool())
        is_little_ = little->toBool();
    IValue value = part();
    const IValue keys = part();
    if (!keys.isList()) in_.fail("the list of storages is missing");
    for (const IValue& key : keys.toListRef()) {
      const auto known = key.isString() ? found_.find(key.toStringRef()) : found_.end();
      if (known == found_.end()) in_.fail("a storage comes here that nothing refers to");
      fill(known->second);
      found_.erase(known);
    }
    if (!found_.empty()) in_.fail("the storage '", found_.begin()->first, "' is missing");
    return value;
  }

 private:
  IValue part() {
    return unpickle(in_, [this](const std::string& key, ScalarType dtype, uint64_t numel) {
      return find(key, dtype, numel);
    });
  }

  // Storages come behind the tensors that see them; together they are not larger than the file.
  intrusive_ptr<StorageImpl> find(const std::string& key, ScalarType dtype, uint64_t numel) {
    const uint64_t bytes = bytes_of(in_.source(), dtype, numel);
    const auto known = found_.find(key);
    if (known == found_.end()) {
      if (bytes > left_)
        in_.fail("the storage '", key, "' is said to have ", bytes, " bytes, more than the file");
      left_ -= bytes;
      return found_.emplace(key, Found{StorageImpl::allocate(bytes), dtype}).first->second.storage;
    }
    if (known->second.dtype != dtype || known->second.storage->nbytes() != bytes)
      in_.fail("the storage '", key, "' is referred to in two ways");
    return known->second.storage;
  }

  void fill(const Found& found) {
    auto numel = in_.get<uint64_t>();
    if (!is_little_) swap_bytes(reinterpret_cast<char*>(&numel), sizeof(numel), sizeof(numel));
    const uint64_t wanted = found.storage->nbytes() / element_size(found.dtype);
    if (numel != wanted)
      in_.fail("a storage has ", numel, " elements here, and ", wanted, " where it is used");
    copy_elements(found.storage->data(), in_.bytes(found.storage->nbytes()), found.dtype);
    to_native(*found.storage, found.dtype, is_little_);
  }

  Cursor in_;
  uint64_t left_;
  bool is_little_ = true;
  std::unordered_map<std::string, Found> found_;
};

}  // namespace

IValue read_torch(const Source& source, const std::shared_ptr<void>& owner) {
  if (is_zip(source.bytes)) return ZippedTorch(source, owner).read();
  if (end_of_magic(source.bytes) > 0) return OldTorch(source).read();
  source.fail_at(0,
                 "this is no file of PyTorch: it begins neither as a zip file nor as one of its old form; "
                 "safetensors files are for load_safetensors");
}

bool is_torch(const Source& source) {
  if (is_zip(source.bytes)) return !folder_of(ZipReader(source)).empty();
  return end_of_magic(source.bytes) > 0;
}

void write_torch(Sink& sink, const IValue& value) {
  PickledStorages storages;
  const std::string pickled = pickle(value, storages);
  ZipWriter zip(sink);
  zip.add("archive/data.pkl", {pickled});
  zip.add("archive/byteorder", {kLittleEndian ? "little" : "big"});
  for (std::size_t i = 0; i < storages.bytes.size(); ++i)
    zip.add("archive/data/" + std::to_string(i), {storages.bytes[i]});
  zip.add("archive/version", {"3\n"});
  zip.finish();
}

}  // namespace xgrad::io
