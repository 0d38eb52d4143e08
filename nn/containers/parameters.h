// ParameterList and ParameterDict: parameters by position and by name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// A list of parameters, registered as "0", "1", ...
class XGRAD_API ParameterListImpl : public Cloneable<ParameterListImpl> {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterListImpl() = default;
  explicit ParameterListImpl(const std::vector<Tensor>& parameters) { extend(parameters); }
  template <class... T>
  explicit ParameterListImpl(const Tensor& first, const T&... others)
      : ParameterListImpl(std::vector<Tensor>{first, others...}) {}

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void reset() override {}
  std::string extra_repr() const override;
  void pretty_print(std::ostream& stream) const override;

  /// Adds a parameter; it learns if it requires a gradient.
  void append(const Tensor& parameter);
  /// Adds all tensors of another container.
  void extend(const std::vector<Tensor>& tensors) {
    for (const Tensor& t : tensors) append(t);
  }
  std::size_t size() const noexcept { return parameters_.size(); }
  bool is_empty() const noexcept { return parameters_.is_empty(); }
  /// Over items with key() and value().
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  /// The parameter at a position. Throws IndexError when there is none.
  Tensor& at(std::size_t index);
  const Tensor& at(std::size_t index) const;
  Tensor& operator[](std::size_t index) { return at(index); }
  const Tensor& operator[](std::size_t index) const { return at(index); }
};
XGRAD_LAYER(ParameterList);

/// Parameters by name, in the order in which they came.
class XGRAD_API ParameterDictImpl : public Cloneable<ParameterDictImpl> {
 public:
  using Items = OrderedDict<std::string, Tensor>;

  ParameterDictImpl() = default;
  explicit ParameterDictImpl(const Items& parameters) { update(parameters); }

  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void reset() override {}
  std::string extra_repr() const override;
  void pretty_print(std::ostream& stream) const override;

  /// Adds a parameter, or puts it in the place of the one of that name; it learns if it requires a gradient.
  Tensor& insert(const std::string& key, const Tensor& parameter);
  void update(const Items& parameters) {
    for (const auto& item : parameters) insert(item.key(), item.value());
  }
  /// Takes a parameter out and returns it. Throws Error when there is none of that name.
  Tensor pop(const std::string& key);
  void clear() { parameters_.clear(); }

  std::vector<std::string> keys() const;
  std::vector<Tensor> values() const;
  std::size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return parameters_.contains(key); }
  Items::Iterator begin() { return parameters_.begin(); }
  Items::ConstIterator begin() const { return parameters_.begin(); }
  Items::Iterator end() { return parameters_.end(); }
  Items::ConstIterator end() const { return parameters_.end(); }
  Tensor& get(const std::string& key) { return parameters_[key]; }
  const Tensor& get(const std::string& key) const { return parameters_[key]; }
  Tensor& operator[](const std::string& key) { return get(key); }
  const Tensor& operator[](const std::string& key) const { return get(key); }
};
XGRAD_LAYER(ParameterDict);

}  // namespace xgrad::nn
