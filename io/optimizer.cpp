// Optimizers in archives: Python's dict of `state`, by numbers of parameters, and `param_groups`.
#include <unordered_map>

#include <xgrad/io/archive.h>
#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

namespace {

IValue::Dict named(const IValue& value) {
  IValue::Dict names("Field");
  for (const auto& item : value.toGenericDict()) names.insert(item.key().toStringRef(), item.value());
  return names;
}

OptimizerStateDict from_python(const IValue& state, const IValue& groups) {
  OptimizerStateDict loaded;
  for (const auto& item : state.toGenericDict()) loaded.state[item.key().toInt()] = named(item.value());
  for (const IValue& group : groups.toListRef())
    loaded.param_groups.push_back({named(group), group.toGenericDict().at("params").toIntVector()});
  return loaded;
}

int64_t count_in(const GenericDict& dict, const char* key) {
  int64_t count;
  xgrad::detail::read_field(dict.at(key), count);
  return count;
}

// LibTorch names a parameter by where it was in memory, and the elements of a list one by one.
OptimizerStateDict from_libtorch(const IValue& state, const IValue& groups) {
  OptimizerStateDict loaded;
  std::unordered_map<std::string, int64_t> numbers;
  const int64_t count = count_in(groups.toGenericDict(), "param_groups/size");
  for (int64_t g = 0; g < count; ++g) {
    const GenericDict& group = groups.toGenericDict().at(concat("param_groups/", g)).toGenericDict();
    const int64_t size = count_in(group, "params/size");
    std::vector<int64_t> params;
    for (int64_t i = 0; i < size; ++i) {
      const std::string& place = group.at(concat("params/", i)).toStringRef();
      params.push_back(numbers.emplace(place, static_cast<int64_t>(numbers.size())).first->second);
    }
    loaded.param_groups.push_back({named(group.at("options")), std::move(params)});
  }
  for (const auto& item : state.toGenericDict()) {
    const auto known = numbers.find(item.key().toStringRef());
    XGRAD_CHECK(known != numbers.end(), "there is state for a parameter that is in no group");
    loaded.state[known->second] = named(item.value());
  }
  return loaded;
}

[[noreturn]] void not_serialized() {
  fail("optim: options or a state without XGRAD_FIELDS and serialize() are neither saved nor restored");
}

}  // namespace

void OptimizerOptions::serialize(serialize::OutputArchive&) const { not_serialized(); }
void OptimizerOptions::serialize(serialize::InputArchive&) { not_serialized(); }
void OptimizerParamState::serialize(serialize::OutputArchive&) const { not_serialized(); }
void OptimizerParamState::serialize(serialize::InputArchive&) { not_serialized(); }

namespace detail {
template <class Base>
IValue::Dict serialized(const Base& base) {
  serialize::OutputArchive archive;
  base.serialize(archive);
  return named(IValue(archive.values()));
}

template <class Base>
void deserialize(Base& base, const IValue::Dict& values) {
  serialize::InputArchive archive{IValue(values)};
  base.serialize(archive);
}

template XGRAD_API IValue::Dict serialized(const OptimizerOptions&);
template XGRAD_API IValue::Dict serialized(const OptimizerParamState&);
template XGRAD_API void deserialize(OptimizerOptions&, const IValue::Dict&);
template XGRAD_API void deserialize(OptimizerParamState&, const IValue::Dict&);
}  // namespace detail

void Optimizer::save(serialize::OutputArchive& archive) const {
  const OptimizerStateDict saved = state_dict();
  GenericDict state;
  for (const auto& [number, fields] : saved.state) state.insert(number, IValue(fields));
  IValue::List groups;
  for (const auto& group : saved.param_groups) {
    IValue::Dict fields = group.options;
    fields.insert("params", group.params);
    groups.emplace_back(fields);
  }
  archive.write("state", IValue(std::move(state)));
  archive.write("param_groups", IValue(std::move(groups)));
}

void Optimizer::load(serialize::InputArchive& archive) {
  IValue state, groups;
  archive.read("state", state);
  archive.read("param_groups", groups);
  OptimizerStateDict loaded;
  try {
    loaded = groups.isGenericDict() ? from_libtorch(state, groups) : from_python(state, groups);
  } catch (const Error& error) {
    fail<ValueError>("load: this is no state of an optimizer: ", error.what());
  }
  load_state_dict(loaded);
}

}  // namespace xgrad::optim
