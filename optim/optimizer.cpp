// Optimizer: the groups of parameters and their gradients, and what is saved. What a step computes is each
// optimizer's own.
#include <xgrad/optim/optimizer.h>

#include <typeinfo>
#include <unordered_set>

#include <xgrad/core/autograd/zero_grads.h>
#include <xgrad/core/tape/grad_mode.h>

namespace xgrad::optim {

OptimizerParamGroup::OptimizerParamGroup(const OrderedDict<std::string, Tensor>& named,
                                         std::unique_ptr<OptimizerOptions> options)
    : params_(named.values()), param_names_(named.keys()), options_(std::move(options)) {}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups,
                     std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  defaults_->check();
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
}
Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
                std::move(defaults)) {}
Optimizer::~Optimizer() = default;

void Optimizer::check_class(const OptimizerOptions& options) const {
  const OptimizerOptions& defaults = *defaults_;
  XGRAD_CHECK_AS(TypeError, typeid(options) == typeid(defaults),
                 "optim: the options of a group are of another class than the optimizer's");
}

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  std::unordered_set<const TensorImpl*> known;
  for (const OptimizerParamGroup& group : param_groups_)
    for (const Tensor& parameter : group.params()) known.insert(parameter.unsafeGetTensorImpl());
  for (const Tensor& parameter : param_group.params()) {
    XGRAD_CHECK_AS(ValueError, parameter.defined(), "add_param_group: a parameter is an undefined tensor");
    XGRAD_CHECK_AS(ValueError, parameter.is_leaf(),
                   "add_param_group: can't optimize a non-leaf Tensor: got one of shape ", parameter.sizes(),
                   " that an op has computed; use detach() and requires_grad_()");
    XGRAD_CHECK_AS(ValueError, known.insert(parameter.unsafeGetTensorImpl()).second,
                   "add_param_group: some parameters appear more than once: one of shape ",
                   parameter.sizes());
  }
  const std::size_t names = param_group.param_names().size();
  XGRAD_CHECK_AS(ValueError, names == 0 || names == param_group.params().size(),
                 "add_param_group: there are ", names, " names for ", param_group.params().size(),
                 " parameters");
  XGRAD_CHECK_AS(ValueError, param_groups_.empty() || (names == 0) == param_groups_[0].param_names().empty(),
                 "add_param_group: all parameter groups should be with or without names: group ",
                 param_groups_.size(), " has ",
                 names == 0 ? "none, those before it have some" : "some, those before it have none",
                 "; pass named_parameters() for all, or for none");
  OptimizerParamGroup group = param_group;
  if (!group.has_options()) group.set_options(defaults_->clone());
  check_class(group.options());
  group.options().inherit(*defaults_);
  group.options().check();
  param_groups_.push_back(std::move(group));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  add_param_group(OptimizerParamGroup(parameters));
}

std::vector<Tensor> Optimizer::parameters() const {
  std::vector<Tensor> all;
  for (const OptimizerParamGroup& group : param_groups_)
    all.insert(all.end(), group.params().begin(), group.params().end());
  return all;
}

std::size_t Optimizer::size() const noexcept {
  std::size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

void Optimizer::zero_grad(bool set_to_none) {
  if (param_groups_.size() == 1)
    zero_grads(param_groups_[0].params(), set_to_none);
  else
    zero_grads(parameters(), set_to_none);
}

Tensor Optimizer::run_closure(const LossClosure& closure) {
  if (!closure) return {};
  AutoGradMode with_gradients(true);
  return closure();
}

// ---- saving and restoring

std::unique_ptr<OptimizerParamState> Optimizer::new_state() const {
  fail(
      "load_state_dict: this class of optimizer does not say how the state of a parameter is made; "
      "override new_state()");
}

bool Optimizer::fits(const std::string&, IntArrayRef sizes, const Tensor& parameter) const {
  return sizes == parameter.sizes();
}

OptimizerStateDict Optimizer::state_dict() const {
  OptimizerStateDict result;
  int64_t number = 0;
  for (const OptimizerParamGroup& group : param_groups_) {
    result.param_groups.push_back({group.options().to_dict(), {}});
    IValue::Dict& options = result.param_groups.back().options;
    if (group.initial_lr()) options.insert("initial_lr", *group.initial_lr());
    if (!group.param_names().empty()) options.insert("param_names", group.param_names());
    for (const Tensor& parameter : group.params()) {
      const auto found = state_.find(parameter.unsafeGetTensorImpl());
      if (found != state_.end()) result.state.emplace(number, found->second->to_dict());
      result.param_groups.back().params.push_back(number++);
    }
  }
  return result;
}

Optimizer::State Optimizer::restored_state(const OptimizerStateDict& state_dict) const {
  const NoGradGuard no_grad;
  State restored;
  std::size_t found = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g)
    for (std::size_t i = 0; i < param_groups_[g].params().size(); ++i) {
      const int64_t number = state_dict.param_groups[g].params[i];
      const auto saved = state_dict.state.find(number);
      if (saved == state_dict.state.end()) continue;
      const Tensor& parameter = param_groups_[g].params()[i];
      auto& state = restored[parameter.unsafeGetTensorImpl()] = new_state();
      state->from_dict(saved->second);
      IValue::Dict own("Field");
      const IValue::Dict kept = state->to_dict();
      for (const auto& item : saved->second)
        XGRAD_CHECK_AS(ValueError,
                       !item->isTensor() || !item->toTensor().defined() || kept.contains(item.key()),
                       "load_state_dict: the state of parameter ", number, " holds a tensor '", item.key(),
                       "', which this optimizer does not keep; was another kind of optimizer saved?");
      const auto copy = [&](const std::string& name, const Tensor& t) {
        XGRAD_CHECK_AS(ValueError, fits(name, t.sizes(), parameter), "load_state_dict: the ", name,
                       " of parameter ", number, " has another shape: it is ", t.sizes(),
                       ", the parameter is ", parameter.sizes());
        return t.detach().to(parameter.dtype(), false, true);
      };
      for (const auto& item : kept) {
        IValue value = *item;
        if (value.isTensor()) value = copy(item.key(), value.toTensor());
        if (value.isList()) {
          IValue::List list = value.toListRef();
          for (IValue& element : list)
            if (element.isTensor()) element = copy(item.key(), element.toTensor());
          value = std::move(list);
        }
        own.insert(item.key(), std::move(value));
      }
      state->from_dict(own);
      ++found;
    }
  XGRAD_CHECK_AS(ValueError, found == state_dict.state.size(),
                 "load_state_dict: there is state for a parameter that is in no group");
  return restored;
}

void Optimizer::load_state_dict(const OptimizerStateDict& state_dict) {
  XGRAD_CHECK_AS(ValueError, state_dict.param_groups.size() == param_groups_.size(),
                 "load_state_dict: loaded state dict has a different number of parameter groups: it has ",
                 state_dict.param_groups.size(), ", the optimizer has ", param_groups_.size());
  std::vector<std::unique_ptr<OptimizerOptions>> options;
  std::vector<optional<double>> initial_lrs;
  std::vector<std::vector<std::string>> names;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const OptimizerStateDict::ParamGroup& saved = state_dict.param_groups[g];
    XGRAD_CHECK_AS(ValueError, saved.params.size() == param_groups_[g].params().size(),
                   "load_state_dict: loaded state dict contains a parameter group that doesn't match the "
                   "size of optimizer's group: group ",
                   g, " has ", saved.params.size(), " parameters, the optimizer's has ",
                   param_groups_[g].params().size());
    options.push_back(param_groups_[g].options().clone());
    options.back()->from_dict(saved.options);
    options.back()->check();
    const IValue* initial = saved.options.find("initial_lr");
    initial_lrs.push_back(param_groups_[g].initial_lr());
    if (initial) xgrad::detail::read_field(*initial, initial_lrs.back());
    names.push_back(param_groups_[g].param_names());
    const IValue* saved_names = saved.options.find("param_names");
    if (saved_names) xgrad::detail::read_field(*saved_names, names.back());
    XGRAD_CHECK_AS(ValueError, names.back().empty() || names.back().size() == saved.params.size(),
                   "load_state_dict: group ", g, " has ", names.back().size(), " names for ",
                   saved.params.size(), " parameters");
  }
  state_ = restored_state(state_dict);
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    param_groups_[g].set_options(std::move(options[g]));
    if (initial_lrs[g]) param_groups_[g].initial_lr(*initial_lrs[g]);
    param_groups_[g].param_names(std::move(names[g]));
  }
}

}  // namespace xgrad::optim
