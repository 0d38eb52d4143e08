// Module: registration, the walks over a tree of modules, modes, conversion, copying. State and printing have
// files of their own.
#include <xgrad/nn/module.h>

#include <unordered_set>

#include <xgrad/core/autograd/zero_grads.h>
#include <xgrad/core/tensor/data_change.h>
#include <xgrad/nn/utils/reparameterization.h>

namespace xgrad::nn {

namespace {

// A submodule that is a member by value has a pointer that owns nothing.
bool is_member(const std::shared_ptr<Module>& child) { return child && child.use_count() == 0; }

std::string joined(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

void refuse_members(const Module& module) {
  for (const auto& child : module.named_children())
    XGRAD_CHECK(
        !is_member(child.value()), "Module: ", module.name(), " has the submodule '", child.key(),
        "' as a member by value and cannot be copied or moved; keep it as a holder or shared_ptr, or keep ",
        module.name(), " itself in a std::unique_ptr or std::shared_ptr");
}

// Calls visit(name, module) for `module` and all below it, each once or under all its names. Iterative: a
// chain of modules may be long.
template <class Visit>
void walk(const std::shared_ptr<Module>& root, const std::string& prefix, bool once, Visit&& visit) {
  std::unordered_set<const Module*> seen;
  std::vector<std::pair<std::string, std::shared_ptr<Module>>> open{{prefix, root}};
  while (!open.empty()) {
    const auto [name, module] = std::move(open.back());
    open.pop_back();
    if (once && !seen.insert(module.get()).second) continue;
    visit(name, module);
    const auto children = module->named_children();
    for (std::size_t i = children.size(); i-- > 0;)
      open.emplace_back(joined(name, children[i].key()), children[i].value());
  }
}

// The tensors that `list(module)` gives for every module, each tensor once, under its first name, or under
// all its names.
template <class List>
OrderedDict<std::string, Tensor> collect(const std::shared_ptr<Module>& root, bool recurse, bool once,
                                         List&& list) {
  OrderedDict<std::string, Tensor> result;
  std::unordered_set<const TensorImpl*> seen;
  const auto add = [&](const std::string& prefix, const std::shared_ptr<Module>& module) {
    for (const auto& item : list(*module))
      if (item->defined() && (!once || seen.insert(item->unsafeGetTensorImpl()).second))
        result.insert(joined(prefix, item.key()), *item);
  };
  if (recurse)
    walk(root, "", once, add);
  else
    add("", root);
  return result;
}

bool contains(const std::shared_ptr<Module>& root, const Module* wanted) {
  bool found = false;
  walk(root, "", true,
       [&](const std::string&, const std::shared_ptr<Module>& m) { found |= m.get() == wanted; });
  return found;
}

}  // namespace

Module::Module(const Module& other)
    : std::enable_shared_from_this<Module>(other),
      parameters_(other.parameters_),
      buffers_(other.buffers_),
      children_(other.children_),
      not_persistent_(other.not_persistent_),
      hooks_(other.hooks_ ? std::make_shared<detail::ModuleHooks>(*other.hooks_, hooks_) : nullptr),
      name_(other.name_),
      is_training_(other.is_training_) {
  refuse_members(other);
}

Module& Module::operator=(const Module& other) {
  refuse_members(other);
  for (const auto& child : other.children_) check_child("Module", child.key(), *child);
  Module copy(other);
  parameters_ = std::move(copy.parameters_);
  buffers_ = std::move(copy.buffers_);
  children_ = std::move(copy.children_);
  not_persistent_ = std::move(copy.not_persistent_);
  hooks_ = std::move(copy.hooks_);
  if (hooks_) hooks_->of_module = &hooks_;
  name_ = std::move(copy.name_);
  is_training_ = copy.is_training_;
  return *this;
}

// ---- registration

void Module::check_new_name(const char* what, const std::string& name) const {
  XGRAD_CHECK(!name.empty(), what, ": the name must not be empty");
  XGRAD_CHECK(name.find('.') == std::string::npos, what, ": the name must not contain a dot: got '", name,
              "'");
  XGRAD_CHECK(!parameters_.contains(name), what, ": Parameter '", name, "' already defined");
  XGRAD_CHECK(!buffers_.contains(name), what, ": Buffer '", name, "' already defined");
  XGRAD_CHECK(!children_.contains(name), what, ": Submodule '", name, "' already defined");
}

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_new_name("register_parameter", name);
  if (tensor.defined()) {
    XGRAD_CHECK(tensor.is_leaf(), "register_parameter: '", name,
                "' is the result of an op and not a leaf; register tensor.detach()");
    XGRAD_CHECK_AS(TypeError, !requires_grad || tensor.is_floating_point(), "register_parameter: '", name,
                   "' has dtype ", tensor.dtype(),
                   " and cannot require a gradient; pass requires_grad = false, or use register_buffer");
    tensor.set_requires_grad(requires_grad);
  }
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor, bool persistent) {
  check_new_name("register_buffer", name);
  if (!persistent) not_persistent_.insert(name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

// A module inside itself would be walked without end.
void Module::check_child(const char* what, const std::string& name,
                         const std::shared_ptr<Module>& module) const {
  XGRAD_CHECK(module, what, ": '", name, "' is a null pointer");
  XGRAD_CHECK(module.get() != this, what, ": '", name, "' is the module itself");
  XGRAD_CHECK(!is_child_ || !contains(module, this), what, ": '", name, "' (", module->name(),
              ") contains this module (", this->name(), ")");
}

void Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_new_name("register_module", name);
  check_child("register_module", name, module);
  children_.insert(std::move(name), module);
  module->is_child_ = true;
}

void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  XGRAD_CHECK(children_.contains(name), "replace_module: ", this->name(), " has no submodule '", name, "'");
  check_child("replace_module", name, module);
  module->is_child_ = true;
  children_[name] = std::move(module);
}

void Module::unregister_module(const std::string& name) {
  XGRAD_CHECK(children_.contains(name), "unregister_module: ", this->name(), " has no submodule '", name,
              "'");
  children_.erase(name);
}

namespace {

Tensor taken_out(const char* what, const Module& module, OrderedDict<std::string, Tensor>& from,
                 const std::string& name) {
  const Tensor* found = from.find(name);
  XGRAD_CHECK(found, what, ": ", module.name(), " itself has none called '", name, "'");
  Tensor tensor = *found;
  from.erase(name);
  return tensor;
}

}  // namespace

Tensor Module::unregister_parameter(const std::string& name) {
  return taken_out("unregister_parameter", *this, parameters_, name);
}
Tensor Module::unregister_buffer(const std::string& name) {
  not_persistent_.erase(name);
  return taken_out("unregister_buffer", *this, buffers_, name);
}

// ---- walks

std::shared_ptr<Module> Module::self_pointer() const {
  auto self = const_cast<Module*>(this);
  auto shared = self->weak_from_this().lock();
  return shared ? shared : std::shared_ptr<Module>(std::shared_ptr<Module>(), self);
}

std::vector<Tensor> Module::parameters(bool recurse) const { return named_parameters(recurse).values(); }
OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse, bool remove_duplicate) const {
  return collect(
      self_pointer(), recurse, remove_duplicate,
      [](const Module& m) -> const auto& { return m.parameters_; });
}
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }
OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse, bool remove_duplicate) const {
  return collect(
      self_pointer(), recurse, remove_duplicate, [](const Module& m) -> const auto& { return m.buffers_; });
}
OrderedDict<std::string, Tensor> Module::state() const {
  return collect(self_pointer(), true, false, [](const Module& m) {
    OrderedDict<std::string, Tensor> own = m.parameters_;
    for (const auto& buffer : m.buffers_)
      if (m.not_persistent_.count(buffer.key()) == 0) own.insert(buffer.key(), *buffer);
    return own;
  });
}

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix,
                                                                        bool include_self,
                                                                        bool remove_duplicate) const {
  OrderedDict<std::string, std::shared_ptr<Module>> result;
  walk(self_pointer(), name_prefix, remove_duplicate,
       [&](const std::string& name, const std::shared_ptr<Module>& module) {
         if (include_self || module.get() != this) result.insert(name, module);
       });
  return result;
}
std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  return named_modules("", include_self).values();
}
std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

void Module::apply(const ModuleApplyFunction& function) {
  for (const auto& module : modules()) function(*module);
}
void Module::apply(const ConstModuleApplyFunction& function) const {
  for (const auto& module : modules()) function(*module);
}
void Module::apply(const NamedModuleApplyFunction& function, const std::string& name_prefix) {
  for (auto& item : named_modules(name_prefix)) function(item.key(), *item.value());
}
void Module::apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix) const {
  for (const auto& item : named_modules(name_prefix)) function(item.key(), *item.value());
}
void Module::apply(const ModulePointerApplyFunction& function) const {
  for (const auto& module : modules()) function(module);
}
void Module::apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const {
  for (const auto& item : named_modules(name_prefix)) function(item.key(), item.value());
}

// ---- modes and gradients

// Over the children and not over all modules: a subclass may override it for its own part of the tree.
void Module::train(bool on) {
  is_training_ = on;
  for (auto& child : children_) child.value()->train(on);
}

void Module::zero_grad(bool set_to_none) { zero_grads(parameters(), set_to_none); }

void Module::requires_grad_(bool on) {
  const std::vector<Tensor> all = parameters();
  for (const Tensor& parameter : all)
    XGRAD_CHECK_AS(TypeError, !on || parameter.is_floating_point(), "requires_grad_: a parameter of ", name(),
                   " has dtype ", parameter.dtype(), " and cannot require a gradient");
  for (const Tensor& parameter : all) parameter.set_requires_grad(on);
}

// ---- conversion and copies

void Module::to(Device device, ScalarType dtype, bool) { convert(TensorOptions(device).dtype(dtype)); }
void Module::to(ScalarType dtype, bool) { convert(TensorOptions(dtype)); }
void Module::to(Device device, bool) { convert(TensorOptions(device)); }

void Module::convert(const TensorOptions& options) {
  const auto dtype = options.dtype_opt();
  XGRAD_CHECK_AS(TypeError, !dtype || is_floating_type(*dtype),
                 "to: a module can only be converted to a floating-point dtype: got ",
                 dtype.value_or(kFloat));
  if (!dtype) return;
  // All is converted before anything is changed: there may be no memory for it.
  std::vector<DataChange> data;
  std::vector<std::pair<Tensor, Tensor>> gradients;
  for (const Tensor& parameter : parameters()) {
    if (!parameter.is_floating_point()) continue;
    data.emplace_back(parameter, parameter.detach().to(*dtype));
    if (parameter.grad().defined()) gradients.emplace_back(parameter, parameter.grad().detach().to(*dtype));
  }
  for (const Tensor& buffer : buffers())
    if (buffer.is_floating_point()) data.emplace_back(buffer, buffer.detach().to(*dtype));
  for (DataChange& change : data) change.commit();
  for (auto& [parameter, gradient] : gradients) parameter.mutable_grad() = std::move(gradient);
}

std::shared_ptr<Module> Module::clone(const optional<Device>&) const {
  fail("clone: ", name(), " does not say how it is copied; derive it from Cloneable<", name(),
       "> and write reset()");
}

void Module::clone_(Module& other, const optional<Device>& device) { copy_state_of(other, device); }

void Module::copy_state_of(const Module& other, const optional<Device>& device) {
  XGRAD_CHECK(!device || device->is_cpu(), "clone: xgrad computes on the CPU: got ", device->str());
  detail::Reparameterization::apply_again(*this);
  const bool same = parameters_.keys() == other.parameters_.keys() &&
                    buffers_.keys() == other.buffers_.keys() && children_.keys() == other.children_.keys();
  XGRAD_CHECK(same, "clone: reset() of ", name(),
              " does not register what the original has; register everything there");
  const auto copy_into = [&](auto& mine, const auto& theirs) {
    // The members of the copy are handles of the registered tensors: these stay and get new contents.
    for (const auto& item : theirs)
      if (Tensor* tensor = mine.find(item.key()); tensor && tensor->defined() && item->defined()) {
        XGRAD_CHECK(!tensor->is_same(*item), "clone: reset() of ", name(), " registers the very tensor '",
                    item.key(), "' of the original; register a clone() or detach() of it");
        tensor->set_data(item->detach().clone());
        tensor->set_requires_grad(item->requires_grad());
      }
  };
  copy_into(parameters_, other.parameters_);
  copy_into(buffers_, other.buffers_);
  for (const auto& child : other.children_) children_[child.key()]->clone_(*child.value(), device);
  is_training_ = other.is_training_;
}

}  // namespace xgrad::nn
