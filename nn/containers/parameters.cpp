// ParameterList and ParameterDict: what needs no template.
#include <xgrad/nn/containers/parameters.h>

#include <ostream>

namespace xgrad::nn {

namespace {

Tensor independent(const Tensor& parameter) {
  return parameter.detach().clone().set_requires_grad(parameter.requires_grad());
}

// `(0): Parameter containing: [torch.float32 of size 2x3]`, a line each.
std::string lines_of(const OrderedDict<std::string, Tensor>& parameters) {
  std::string text;
  for (const auto& item : parameters) {
    std::string sizes;
    for (const int64_t size : item->sizes()) sizes += (sizes.empty() ? "" : "x") + std::to_string(size);
    text += concat(text.empty() ? "" : "\n", "(", item.key(), "): Parameter containing: [torch.",
                   item->dtype(), " of size ", sizes, "]");
  }
  return text;
}

// Python moves these lines by four.
void print(std::ostream& stream, const Module& module) {
  stream << module.name() << "(";
  const std::string lines = module.extra_repr();
  if (!lines.empty()) {
    stream << "\n    ";
    for (const char c : lines) stream << (c == '\n' ? "\n    " : std::string(1, c));
    stream << "\n";
  }
  stream << ")";
}

void check(const char* op, const Tensor& parameter) {
  XGRAD_CHECK(parameter.defined(), op, ": a parameter is an undefined tensor");
}

}  // namespace

std::shared_ptr<Module> ParameterListImpl::clone(const optional<Device>&) const {
  auto copy = std::make_shared<ParameterListImpl>();
  for (const auto& item : parameters_) copy->append(independent(*item));
  copy->train(is_training());
  return copy;
}
std::string ParameterListImpl::extra_repr() const { return lines_of(parameters_); }
void ParameterListImpl::pretty_print(std::ostream& stream) const { print(stream, *this); }

void ParameterListImpl::append(const Tensor& parameter) {
  check("ParameterList", parameter);
  register_parameter(std::to_string(size()), parameter, parameter.requires_grad());
}
Tensor& ParameterListImpl::at(std::size_t index) {
  return const_cast<Tensor&>(static_cast<const ParameterListImpl&>(*this).at(index));
}
const Tensor& ParameterListImpl::at(std::size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < size(), "ParameterList: index ", index, " is out of range: it has ",
                 size(), " parameters");
  return parameters_[index].value();
}

std::shared_ptr<Module> ParameterDictImpl::clone(const optional<Device>&) const {
  auto copy = std::make_shared<ParameterDictImpl>();
  for (const auto& item : parameters_) copy->insert(item.key(), independent(*item));
  copy->train(is_training());
  return copy;
}
std::string ParameterDictImpl::extra_repr() const { return lines_of(parameters_); }
void ParameterDictImpl::pretty_print(std::ostream& stream) const { print(stream, *this); }

std::vector<std::string> ParameterDictImpl::keys() const { return parameters_.keys(); }
std::vector<Tensor> ParameterDictImpl::values() const { return parameters_.values(); }

Tensor& ParameterDictImpl::insert(const std::string& key, const Tensor& parameter) {
  check("ParameterDict", parameter);
  if (!contains(key)) return register_parameter(key, parameter, parameter.requires_grad());
  XGRAD_CHECK(parameter.is_leaf(), "ParameterDict: '", key, "' is the result of an op and not a leaf");
  return parameters_[key] = parameter;
}
Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor parameter = parameters_[key];
  parameters_.erase(key);
  return parameter;
}

XGRAD_DEFINE_LAYER(ParameterList);
XGRAD_DEFINE_LAYER(ParameterDict);

}  // namespace xgrad::nn
