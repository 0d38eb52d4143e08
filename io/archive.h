// What modules and optimizers are saved to and loaded from: values by name, in archives that may lie in each
// other.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/ivalue.h>

namespace xgrad::nn {
class Module;
}

namespace xgrad::serialize {

/// Writes a value as torch.save does. A file is there whole or not at all: Error when it cannot be written,
/// and the old one is as it was then. A function takes bytes and returns how many of them it could take.
XGRAD_API void write_value(const IValue& value, const std::string& filename);
XGRAD_API void write_value(const IValue& value, std::ostream& stream);
XGRAD_API void write_value(const IValue& value, std::vector<char>& bytes);
XGRAD_API void write_value(const IValue& value,
                           const std::function<std::size_t(const void*, std::size_t)>& function);

/// Takes values and writes them as a dict that Python's `torch.load` opens, with weights_only too.
class XGRAD_API OutputArchive {
 public:
  OutputArchive() = default;
  OutputArchive(OutputArchive&&) = default;
  OutputArchive& operator=(OutputArchive&&) = default;

  /// Error when there is something of this name already.
  void write(const std::string& key, const IValue& value);
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  void write(const std::string& key, OutputArchive& nested);
  template <class... A>
  void operator()(A&&... a) {
    write(std::forward<A>(a)...);
  }

  /// To what `write_value` takes.
  template <class To>
  void save_to(To&& to) const {
    write_value(IValue(values_), std::forward<To>(to));
  }

  const GenericDict& values() const noexcept { return values_; }

 private:
  friend class nn::Module;
  /// Writes what `nested` has under names such as "fc1.weight", as Python's state_dict has them.
  void merge(const std::string& name, const OutputArchive& nested);

  GenericDict values_;
};

/// Finds values by name in what an OutputArchive, Python or LibTorch wrote. "fc1.weight" is found as such and
/// as "weight" in the archive "fc1".
class XGRAD_API InputArchive {
 public:
  InputArchive();
  InputArchive(InputArchive&&) = default;
  InputArchive& operator=(InputArchive&&) = default;

  /// Error that names the key when it is not there; `try_read` returns false then. A tensor that is there
  /// already gets the loaded data, whatever its shape was; an undefined one becomes the loaded tensor.
  void read(const std::string& key, IValue& value);
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, InputArchive& nested);
  bool try_read(const std::string& key, IValue& value);
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, InputArchive& nested);
  template <class... A>
  void operator()(A&&... a) {
    read(std::forward<A>(a)...);
  }
  /// What is directly in this archive.
  std::vector<std::string> keys() const;

  /// Error that names the file and the byte when it is no such file. `device` is the CPU.
  void load_from(const std::string& filename, const optional<Device>& device = nullopt);
  void load_from(std::istream& stream, const optional<Device>& device = nullopt);
  void load_from(const char* data, std::size_t size, const optional<Device>& device = nullopt);
  void load_from(
      const std::function<std::size_t(std::uint64_t position, void* buffer, std::size_t bytes)>& read,
      const std::function<std::size_t()>& size, const optional<Device>& device = nullopt);

  /// All of what was loaded: a dict, or the one value that the file consists of.
  const IValue& value() const { return whole_; }
  explicit InputArchive(IValue value);

 private:
  friend class nn::Module;
  friend XGRAD_API void load_module(nn::Module& module, InputArchive& archive);
  struct Loading;

  const IValue* find(const std::string& key);
  InputArchive nested(const std::string& key) const;

  IValue whole_, value_;              // as given, and as a dict
  std::string prefix_;                // of the keys that are in this archive: "fc1."
  std::string path_;                  // the same from the outermost archive on
  std::shared_ptr<Loading> loading_;  // what modules want, shared by nested archives
};

/// The state of a generator as Python's `torch.get_rng_state()` has it, and back: ValueError when it is none.
XGRAD_API Tensor rng_state(const Generator& generator);
XGRAD_API void set_rng_state(Generator generator, const Tensor& state);

/// Loads all of an archive into a module: Error, and nothing has changed, when a tensor is missing, has
/// another shape, or is of no use to the module.
XGRAD_API void load_module(nn::Module& module, InputArchive& archive);

}  // namespace xgrad::serialize
