// Archives in memory, and how modules and optimizers get in and out. Files belong into archive_files.cpp, so
// that a program that saves nothing does not have their code.
#include <xgrad/io/archive.h>

#include <cstring>
#include <set>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/io/loading.h>
#include <xgrad/io/serialize.h>
#include <xgrad/io/torch_file.h>
#include <xgrad/nn/state.h>

namespace xgrad::serialize {

// ---- out

void OutputArchive::write(const std::string& key, const IValue& value) {
  XGRAD_CHECK(!values_.contains(key), "OutputArchive: there is a value '", key, "' already");
  values_.insert(key, value);
}
void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) { write(key, IValue(tensor)); }
void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  write(key, IValue(nested.values_));
}

void OutputArchive::merge(const std::string& name, const OutputArchive& nested) {
  for (const auto& item : nested.values_) write(name + "." + io::name_of_key(item.key()), item.value());
}

// ---- in

InputArchive::InputArchive() : InputArchive(IValue(GenericDict())) {}

// A list is an archive with the names "0", "1", ..., and so is a single value.
InputArchive::InputArchive(IValue value)
    : whole_(std::move(value)), value_(whole_), loading_(std::make_shared<Loading>()) {
  if (value_.isGenericDict()) return;
  GenericDict dict;
  const IValue::List list = value_.isList() ? value_.toListRef() : IValue::List{value_};
  for (std::size_t i = 0; i < list.size(); ++i) dict.insert(std::to_string(i), list[i]);
  value_ = std::move(dict);
}

const IValue* InputArchive::find(const std::string& key) {
  const IValue* found = value_.toGenericDict().find(prefix_ + key);
  if (found) loading_->used.insert(path_ + key);
  return found;
}

InputArchive InputArchive::nested(const std::string& key) const {
  InputArchive inner;
  const IValue* found = value_.toGenericDict().find(prefix_ + key);
  const bool is_own = found && found->isGenericDict();
  inner.value_ = is_own ? *found : value_;
  inner.whole_ = inner.value_;
  inner.prefix_ = is_own ? "" : prefix_ + key + ".";
  inner.path_ = path_ + key + ".";
  inner.loading_ = loading_;
  return inner;
}

bool InputArchive::try_read(const std::string& key, IValue& value) {
  const IValue* found = find(key);
  if (found) value = *found;
  return found != nullptr;
}

bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  const IValue* found = find(key);
  if (!found || !(found->isTensor() || found->isNone())) return false;
  const Tensor loaded = found->isTensor() ? found->toTensor() : Tensor();
  if (tensor.defined() && loaded.defined())
    tensor.set_data(loaded.detach());
  else
    tensor = loaded;
  return true;
}

bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  InputArchive inner = this->nested(key);
  if (!inner.prefix_.empty() && inner.keys().empty()) return false;
  nested = std::move(inner);
  return true;
}

namespace {
// What is there instead tells what file it is: of a module where a tensor was expected, of a tensor where an
// optimizer was.
[[noreturn]] void absent(const char* kind, const std::string& key, const std::vector<std::string>& keys) {
  constexpr std::size_t kShown = 5;
  std::string there;
  for (std::size_t i = 0; i < keys.size() && i < kShown; ++i) there += (i ? "', '" : "") + keys[i];
  fail("InputArchive: there is no ", kind, " '", key, "'",
       there.empty() ? there : concat(", but '", there, keys.size() > kShown ? "', ..." : "'"));
}
}  // namespace

void InputArchive::read(const std::string& key, IValue& value) {
  if (!try_read(key, value)) absent("value", path_ + key, keys());
}
void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  if (!try_read(key, tensor, is_buffer)) absent("tensor", path_ + key, keys());
}
void InputArchive::read(const std::string& key, InputArchive& nested) {
  if (!try_read(key, nested)) absent("archive", path_ + key, keys());
}

std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> result;
  std::set<std::string> known;
  for (const auto& item : value_.toGenericDict()) {
    std::string key = io::name_of_key(item.key());
    if (key.compare(0, prefix_.size(), prefix_) != 0) continue;
    key = key.substr(prefix_.size(), key.find('.', prefix_.size()) - prefix_.size());
    if (known.insert(key).second) result.push_back(std::move(key));
  }
  return result;
}

namespace {

// The tensors of an archive by their full names; those of a dict that is in several places under one of them.
void collect_tensors(const IValue& value, const std::string& path, std::set<const GenericDict*>& seen,
                     OrderedDict<std::string, Tensor>& into) {
  if (!seen.insert(&value.toGenericDict()).second) return;
  for (const auto& item : value.toGenericDict()) {
    const std::string name = path + io::name_of_key(item.key());
    if (item.value().isGenericDict())
      collect_tensors(item.value(), name + ".", seen, into);
    else if (item.value().isTensor() && !into.contains(name))
      into.insert(name, item.value().toTensor());
  }
}

}  // namespace

void load_module(nn::Module& module, InputArchive& archive) {
  InputArchive::Loading& loading = *archive.loading_;
  const InputArchive::Loading::Scope scope(loading);
  module.load(archive);
  OrderedDict<std::string, Tensor> all;
  std::set<const GenericDict*> seen;
  collect_tensors(archive.value_, archive.path_, seen, all);
  for (const auto& item : all)
    if (loading.used.count(item.key()) == 0) loading.given.insert(item.key(), item.value());
  loading.commit(module.name());
}

Tensor rng_state(const Generator& generator) {
  const std::vector<std::uint8_t> state = generator.get_state();
  Tensor bytes = empty({static_cast<int64_t>(state.size())}, kByte);
  std::memcpy(bytes.data_ptr(), state.data(), state.size());
  return bytes;
}

void set_rng_state(Generator generator, const Tensor& state) {
  XGRAD_CHECK_AS(ValueError, state.defined() && state.scalar_type() == kByte,
                 "the state of a generator is a tensor of bytes");
  const Tensor bytes = state.contiguous();
  const auto* data = bytes.const_data_ptr<std::uint8_t>();
  generator.set_state({data, data + bytes.numel()});
}

InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors) {
  std::vector<Tensor> loaded;
  for (const std::string& key : archive.keys()) archive.read(key, loaded.emplace_back());
  tensors = std::move(loaded);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, OrderedDict<std::string, Tensor>& tensors) {
  OrderedDict<std::string, Tensor> loaded;
  for (const auto& item : archive.value().toGenericDict())
    loaded.insert(item.key().toStringRef(), item.value().toTensor());
  tensors = std::move(loaded);
  return archive;
}

}  // namespace xgrad::serialize

namespace xgrad::nn {

void Module::save(serialize::OutputArchive& archive) const {
  const auto write = [&](const std::string& name, const Tensor& tensor, bool is_buffer) {
    if (tensor.defined()) archive.write(name, tensor.detach(), is_buffer);
  };
  for (const auto& item : parameters_) write(item.key(), *item, false);
  for (const auto& item : buffers_)
    if (not_persistent_.count(item.key()) == 0) write(item.key(), *item, true);
  for (const auto& child : children_) {
    serialize::OutputArchive nested;
    child.value()->save(nested);
    archive.merge(child.key(), nested);
  }
}

void Module::load(serialize::InputArchive& archive) {
  auto& loading = *archive.loading_;
  const serialize::InputArchive::Loading::Scope scope(loading);
  const auto want = [&](const std::string& name, const Tensor& own) {
    if (!own.defined()) return;
    loading.own.insert(archive.path_ + name, own);
    const IValue* found = archive.find(name);
    if (found && found->isTensor()) loading.given.insert(archive.path_ + name, found->toTensor());
  };
  for (const auto& item : parameters_) want(item.key(), *item);
  for (const auto& item : buffers_)
    if (not_persistent_.count(item.key()) == 0) want(item.key(), *item);
  for (const auto& child : children_) {
    serialize::InputArchive nested = archive.nested(child.key());
    child.value()->load(nested);
  }
  if (scope.is_outermost()) loading.commit(name());
}

}  // namespace xgrad::nn
