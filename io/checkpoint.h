// Checkpoint: all that a training goes on from, in one file for each time it is saved.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/fields.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/schedulers/lr_scheduler.h>

namespace xgrad {

/// Saves the parts of a training together, and brings them back, so that it goes on with the same bits:
///
///     Checkpoint checkpoint("runs/digits");
///     checkpoint.add("model", net).add("optimizer", adam).add("generator", default_generator());
///     int64_t epoch = checkpoint.resume().value_or(0);
///     for (; epoch < 10; checkpoint.save(++epoch)) train();
///
/// A file, `step-10.pt`, is a dict of Python's state dicts. The parts must live as long as the checkpoint.
class XGRAD_API Checkpoint {
 public:
  /// `folder` is made when the first file is. The newest `keep` files stay, older ones are removed; 0 keeps
  /// all.
  explicit Checkpoint(std::string folder, std::size_t keep = 3) : folder_(std::move(folder)), keep_(keep) {}

  /// Makes it a part: a module, holder, optimizer, scheduler, generator, data loader (`*loader`), number,
  /// text, IValue, or anything else that has `operator<<` and `>>` for archives.
  template <class T>
  Checkpoint& add(const std::string& name, T& part) {
    if constexpr (std::is_base_of<optim::LRScheduler, T>::value)
      return add_scheduler(name, part);
    else if constexpr (std::is_same<std::remove_const_t<T>, Generator>::value)
      return add_generator(name, part);
    else if constexpr (std::is_arithmetic<T>::value || std::is_convertible<T&, IValue>::value)
      return add_part(
          name, [&part] { return IValue(part); }, [&part](const IValue& value) { read(value, part); });
    else
      return add_part(
          name, [&part] { return written(part); },
          [&part](const IValue& value) {
            serialize::InputArchive archive(value);
            using serialize::operator>>;
            archive >> part;
          });
  }

  /// Writes `step-<step>.pt`, whole or not at all, and returns its path.
  std::string save(int64_t step) const;
  /// Loads the file of the highest step and returns that; nothing where there is none yet. Error, and every
  /// part is as before, when a part is missing in the file or does not fit.
  optional<int64_t> resume();
  /// The same from one file.
  int64_t load(const std::string& filename);
  /// The steps that are there, in order.
  std::vector<int64_t> steps() const;

 private:
  struct Part {
    std::string name;
    std::function<IValue()> save;
    std::function<void(const IValue&)> load;
  };
  template <class T>
  static IValue written(const T& part) {
    serialize::OutputArchive archive;
    using serialize::operator<<;
    archive << part;
    return IValue(archive.values());
  }
  template <class T>
  static void read(const IValue& value, T& part) {
    using Wide = std::conditional_t<std::is_floating_point<T>::value, double, int64_t>;
    if constexpr (std::is_same<T, IValue>::value) {
      part = value;
    } else if constexpr (std::is_arithmetic<T>::value && !std::is_same<T, bool>::value) {
      Wide wide;
      detail::read_field(value, wide);
      part = static_cast<T>(wide);
    } else {
      detail::read_field(value, part);
    }
  }
  Checkpoint& add_scheduler(const std::string& name, optim::LRScheduler& scheduler);
  Checkpoint& add_generator(const std::string& name, const Generator& generator);
  Checkpoint& add_part(const std::string& name, std::function<IValue()> save,
                       std::function<void(const IValue&)> load);
  std::string path_of(int64_t step) const;

  std::string folder_;
  std::size_t keep_;
  std::vector<Part> parts_;
};

}  // namespace xgrad
