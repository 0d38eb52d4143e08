// Building and reading the arguments of a recorded call.
#include "args.h"

namespace conformance {

namespace {

[[noreturn]] void missing(std::string_view name, const char* what) {
  throw Misuse{"argument '" + std::string(name) + "' is not " + what};
}

lib::Scalar to_scalar(const Value& value) {
  if (value.is(Value::Kind::boolean)) return lib::Scalar(value.boolean);
  if (value.is(Value::Kind::integer)) return lib::Scalar(value.integer);
  return lib::Scalar(value.to_real());
}

}  // namespace

Args::Args(const Value& named) : named_(named) {
  for (size_t i = 0; i < named_.keys.size(); ++i) build(named_.keys[i], named_.items[i], -1);
}

void Args::build(const std::string& name, const Value& value, int64_t item) {
  if (value.is_tensor()) {
    place_of_[&value] = places_.size();
    places_.push_back({name, item, build_tensor(value)});
    if (item >= 0) lists_[name].push_back(places_.back().built.tensor);
  } else if (value.is(Value::Kind::list) && item < 0) {
    lists_[name] = {};
    for (size_t i = 0; i < value.items.size(); ++i) build(name, value.items[i], static_cast<int64_t>(i));
  } else if (value.is(Value::Kind::none) && item >= 0) {
    lists_[name].push_back(lib::Tensor());
  }
}

const Value* Args::given(std::string_view name) const {
  const Value* value = named_.find(name);
  return value == nullptr || value->is(Value::Kind::none) ? nullptr : value;
}

bool Args::has(std::string_view name) const { return given(name) != nullptr; }

bool Args::is_tensor(std::string_view name) const {
  const Value* value = given(name);
  return value != nullptr && value->is_tensor();
}

bool Args::is_list(std::string_view name) const {
  const Value* value = given(name);
  return value != nullptr && value->is(Value::Kind::list);
}

bool Args::is_text(std::string_view name) const {
  const Value* value = given(name);
  return value != nullptr && value->is(Value::Kind::text);
}

const Value& Args::value(std::string_view name) const {
  if (const Value* value = given(name)) return *value;
  missing(name, "there");
}

const lib::Tensor& Args::tensor_at(const Value& recorded) const {
  const auto place = place_of_.find(&recorded);
  if (place == place_of_.end()) throw Misuse{"not a tensor: " + recorded.to_string()};
  return places_[place->second].built.tensor;
}

const lib::Tensor& Args::tensor(std::string_view name) const { return tensor_at(value(name)); }

lib::Tensor Args::tensor_or_undefined(std::string_view name) const {
  return has(name) ? tensor(name) : lib::Tensor();
}

Optional<lib::Tensor> Args::optional_tensor(std::string_view name) const {
  return has(name) ? Optional<lib::Tensor>(tensor(name)) : Optional<lib::Tensor>();
}

const std::vector<lib::Tensor>& Args::tensors(std::string_view name) const {
  const auto list = lists_.find(name);
  if (list == lists_.end()) missing(name, "a list of tensors");
  return list->second;
}

lib::Scalar Args::scalar(std::string_view name) const { return to_scalar(value(name)); }

lib::Scalar Args::scalar(std::string_view name, int64_t fallback) const {
  return has(name) ? scalar(name) : lib::Scalar(fallback);
}

Optional<lib::Scalar> Args::optional_scalar(std::string_view name) const {
  return has(name) ? Optional<lib::Scalar>(scalar(name)) : Optional<lib::Scalar>();
}

double Args::real(std::string_view name) const { return value(name).to_real(); }

double Args::real(std::string_view name, double fallback) const { return has(name) ? real(name) : fallback; }

int64_t Args::integer(std::string_view name) const { return value(name).to_integer(); }

int64_t Args::integer(std::string_view name, int64_t fallback) const {
  return has(name) ? integer(name) : fallback;
}

Optional<int64_t> Args::optional_integer(std::string_view name) const {
  return has(name) ? Optional<int64_t>(integer(name)) : Optional<int64_t>();
}

Optional<double> Args::optional_real(std::string_view name) const {
  return has(name) ? Optional<double>(real(name)) : Optional<double>();
}

bool Args::flag(std::string_view name, bool fallback) const {
  return has(name) ? value(name).to_bool() : fallback;
}

std::string Args::text(std::string_view name, std::string fallback) const {
  if (!has(name)) return fallback;
  if (!is_text(name)) missing(name, "a text");
  return value(name).text;
}

std::vector<int64_t> Args::integers(std::string_view name) const {
  const Value& given = value(name);
  if (given.is(Value::Kind::integer)) return {given.integer};
  return given.to_integers();
}

std::vector<int64_t> Args::integers(std::string_view name, std::vector<int64_t> fallback) const {
  return has(name) ? integers(name) : std::move(fallback);
}

Optional<lib::ScalarType> Args::dtype(std::string_view name) const {
  if (!has(name)) return {};
  return dtype_from_name(text(name));
}

lib::TensorOptions Args::options() const {
  lib::TensorOptions result;
  if (has("dtype")) result = result.dtype(*dtype());
  return result;
}

}  // namespace conformance
