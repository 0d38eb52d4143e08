// save and load: tensors, modules and optimizers to files that PyTorch reads, and back.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/io/archive.h>
#include <xgrad/nn/module.h>
#include <xgrad/optim/optimizer.h>

namespace xgrad {

namespace serialize {

// ---- what can be put into an archive: `archive << module`

inline OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}
inline InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}
/// Error, and nothing has changed, when something else than tensors is there.
XGRAD_API InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors);
XGRAD_API InputArchive& operator>>(InputArchive& archive, OrderedDict<std::string, Tensor>& tensors);
/// All of what a file consists of.
inline InputArchive& operator>>(InputArchive& archive, IValue& value) {
  value = archive.value();
  return archive;
}
inline OutputArchive& operator<<(OutputArchive& archive, const nn::Module& module) {
  module.save(archive);
  return archive;
}
inline InputArchive& operator>>(InputArchive& archive, nn::Module& module) {
  load_module(module, archive);
  return archive;
}
inline OutputArchive& operator<<(OutputArchive& archive, const optim::Optimizer& optimizer) {
  optimizer.save(archive);
  return archive;
}
inline InputArchive& operator>>(InputArchive& archive, optim::Optimizer& optimizer) {
  optimizer.load(archive);
  return archive;
}
template <class M, std::enable_if_t<std::is_base_of<nn::Module, M>::value, int> = 0>
OutputArchive& operator<<(OutputArchive& archive, const std::shared_ptr<M>& module) {
  XGRAD_CHECK(module, "save: the module is a null pointer");
  return archive << static_cast<const nn::Module&>(*module);
}
template <class M, std::enable_if_t<std::is_base_of<nn::Module, M>::value, int> = 0>
InputArchive& operator>>(InputArchive& archive, const std::shared_ptr<M>& module) {
  XGRAD_CHECK(module, "load: the module is a null pointer");
  return archive >> static_cast<nn::Module&>(*module);
}
template <class M>
OutputArchive& operator<<(OutputArchive& archive, const nn::ModuleHolder<M>& holder) {
  return archive << holder.ptr();
}
template <class M>
InputArchive& operator>>(InputArchive& archive, const nn::ModuleHolder<M>& holder) {
  return archive >> holder.ptr();
}

}  // namespace serialize

/// Writes a module, holder or optimizer as torch.save writes its state_dict; a tensor, vector or OrderedDict
/// of tensors, or any other IValue, as torch.save writes it. To a file, which is there whole or not at all, a
/// std::ostream, a std::vector<char>, or a function that takes bytes and returns how many it could take.
template <class Value, class... To>
void save(const Value& value, To&&... to) {
  static_assert(!std::is_pointer<Value>::value, "a plain pointer cannot be saved: give what it points to");
  if constexpr (std::is_convertible<const Value&, IValue>::value) {
    serialize::write_value(IValue(value), std::forward<To>(to)...);
  } else {
    serialize::OutputArchive archive;
    using serialize::operator<<;
    archive << value;
    archive.save_to(std::forward<To>(to)...);
  }
}

/// Reads it back, also from what Python or LibTorch wrote: from a file, a std::istream, bytes and their
/// number, or functions that read and tell the size; a device may follow, which is the CPU. Tensors of a file
/// stay in its mapped memory: `save` replaces a file, but whoever writes into it changes them. Error, and
/// nothing has changed, when the file is broken or does not fit.
template <class Value, class... From>
void load(Value&& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  using serialize::operator>>;
  archive >> value;
}

/// Any value as torch.save writes it, and what a file of torch.save consists of.
XGRAD_API std::vector<char> pickle_save(const IValue& value);
XGRAD_API IValue pickle_load(const std::vector<char>& data);

}  // namespace xgrad
