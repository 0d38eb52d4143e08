#include <xgrad/io/safetensors.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/io/file.h>
#include <xgrad/io/mapped_tensor.h>
#include <xgrad/io/safetensors_header.h>

namespace xgrad {

namespace {

using io::SafetensorsEntry;

constexpr const char* kLoad = "load_safetensors";

bool is_index(const std::string& path) {
  const std::string_view end = ".index.json";
  return path.size() >= end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
}

// The files that a path stands for.
std::vector<std::string> files_of(const std::string& path) {
  if (!is_index(path)) return {path};
  std::vector<std::string> files = io::read_safetensors_index(io::MappedFile(kLoad, path).source());
  for (std::string& file : files) file = (std::filesystem::path(path).parent_path() / file).string();
  return files;
}

void load_file(OrderedDict<std::string, Tensor>& into, const std::string& path) {
  const auto file = std::make_shared<io::MappedFile>(kLoad, path, io::Access::copy_on_write);
  const io::Source& source = file->source();
  for (const SafetensorsEntry& entry : io::read_safetensors_header(source).entries) {
    XGRAD_CHECK_AS(TypeError, entry.dtype->dtype != ScalarType::Undefined, source.name, ": tensor \"",
                   entry.name, "\": xgrad has no dtype for ", entry.dtype->name);
    XGRAD_CHECK(!into.contains(entry.name), source.name, ": tensor \"", entry.name,
                "\": another file of the index has it too");
    into.insert(entry.name,
                io::tensor_over(file, source.bytes.substr(entry.begin, entry.end - entry.begin), entry.sizes,
                                contiguous_strides(entry.sizes), entry.dtype->dtype));
  }
}

struct Item {
  std::string name;
  Tensor tensor;
};

// As they stand in the file: the larger elements first, then by name.
std::vector<Item> sorted(const OrderedDict<std::string, Tensor>& tensors) {
  std::vector<Item> items;
  for (const auto& item : tensors) {
    XGRAD_CHECK_AS(ValueError, item->defined(), "save_safetensors: tensor \"", item.key(), "\" is undefined");
    XGRAD_CHECK_AS(ValueError, item.key() != "__metadata__",
                   "save_safetensors: no tensor can have the name __metadata__");
    items.push_back({item.key(), *item});
  }
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return std::pair(&io::safetensors_dtype(a.tensor.dtype()), std::string_view(a.name)) <
           std::pair(&io::safetensors_dtype(b.tensor.dtype()), std::string_view(b.name));
  });
  return items;
}

std::string quoted(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    fail<ValueError>("save_safetensors: a name or text is no UTF-8: \"",
                     nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace),
                     "\"");
  }
}

std::string header_of(const std::vector<Item>& items, const SafetensorsMetadata& metadata) {
  std::string about;
  for (const auto& [key, value] : metadata)
    about += (about.empty() ? "" : ",") + quoted(key) + ":" + quoted(value);
  std::string text = metadata.empty() ? "{" : "{\"__metadata__\":{" + about + "}";
  uint64_t at = 0;
  for (const auto& [name, tensor] : items) {
    std::string sizes;
    for (const int64_t size : tensor.sizes()) sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
    text += concat(text.size() > 1 ? "," : "", quoted(name), ":{\"dtype\":\"",
                   io::safetensors_dtype(tensor.dtype()).name, "\",\"shape\":[", sizes,
                   "],\"data_offsets\":[", at, ",", at + tensor.nbytes(), "]}");
    at += tensor.nbytes();
  }
  text += "}";
  return text + std::string((8 - text.size() % 8) % 8, ' ');
}

}  // namespace

OrderedDict<std::string, Tensor> load_safetensors(const std::string& path) {
  OrderedDict<std::string, Tensor> tensors("Tensor");
  for (const std::string& file : files_of(path)) load_file(tensors, file);
  return tensors;
}

nn::IncompatibleKeys load_safetensors(nn::Module& model, const std::string& path, bool strict) {
  const OrderedDict<std::string, Tensor> tensors = load_safetensors(path);
  try {
    return model.load_state_dict(tensors, strict);
  } catch (const Error& error) {
    fail(kLoad, ": ", io::absolute_path(path), ": ", error.what());
  }
}

SafetensorsMetadata load_safetensors_metadata(const std::string& path) {
  const io::MappedFile file("load_safetensors_metadata", path);
  return io::read_safetensors_header(file.source()).metadata;
}

void save_safetensors(const OrderedDict<std::string, Tensor>& tensors, const std::string& path,
                      const SafetensorsMetadata& metadata) {
  const NoGradGuard no_grad;
  const std::vector<Item> items = sorted(tensors);
  const std::string header = header_of(items, metadata);
  io::AtomicFile file("save_safetensors", path);
  std::string length;
  io::put(length, static_cast<uint64_t>(header.size()));
  file.write(length);
  file.write(header);
  for (const Item& item : items) {
    const Tensor rows = item.tensor.contiguous();
    if (rows.nbytes() > 0) file.write({static_cast<const char*>(rows.data_ptr()), rows.nbytes()});
  }
  file.commit();
}

void save_safetensors(const nn::Module& model, const std::string& path, const SafetensorsMetadata& metadata) {
  save_safetensors(model.state_dict(), path, metadata);
}

}  // namespace xgrad
