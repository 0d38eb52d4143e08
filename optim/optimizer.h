// What all optimizers share: groups of parameters with options, a state for each parameter, and how both are
// checked, copied, saved and restored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/fields.h>

namespace xgrad::serialize {
class OutputArchive;
class InputArchive;
}  // namespace xgrad::serialize

namespace xgrad::optim {

/// Base of the options of an optimizer.
class XGRAD_API OptimizerOptions {
 public:
  virtual ~OptimizerOptions() = default;
  virtual std::unique_ptr<OptimizerOptions> clone() const = 0;
  /// Throws ValueError when the options make no sense.
  virtual void check() const {}
  /// The learning rate, which schedulers change.
  virtual double get_lr() const = 0;
  virtual void set_lr(double lr) = 0;
  /// The momentum, or the first of the betas, which cyclic schedulers change; none where there is neither.
  virtual optional<double> get_momentum() const { return nullopt; }
  virtual void set_momentum(double) {}
  /// The options by name; setting those that have an entry.
  virtual IValue::Dict to_dict() const = 0;
  virtual void from_dict(const IValue::Dict& values) = 0;
  /// How a class without XGRAD_FIELDS is saved and restored, as LibTorch's are; Error where it does not say.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
  /// Takes over from `defaults`, of the same class, what still is as in new options.
  virtual void inherit(const OptimizerOptions& defaults) = 0;
};

/// Base of what an optimizer keeps for a parameter from step to step.
class XGRAD_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState() = default;
  /// A copy that shares the tensors.
  virtual std::unique_ptr<OptimizerParamState> clone() const = 0;
  virtual IValue::Dict to_dict() const = 0;
  virtual void from_dict(const IValue::Dict& values) = 0;
  /// How a class without XGRAD_FIELDS is saved and restored, as LibTorch's are; Error where it does not say.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
};

namespace detail {
// What `serialize` writes by name, and the values that it reads.
template <class Base>
XGRAD_API IValue::Dict serialized(const Base& base);
template <class Base>
XGRAD_API void deserialize(Base& base, const IValue::Dict& values);

// The functions of a Base that follow from the list of fields of Derived.
template <class Base, class Derived>
class XGRAD_API FromFields : public Base {
 public:
  std::unique_ptr<Base> clone() const override { return std::make_unique<Derived>(derived()); }
  IValue::Dict to_dict() const override {
    if constexpr (xgrad::detail::has_fields<Derived>)
      return xgrad::to_dict(derived());
    else
      return serialized<Base>(*this);
  }
  void from_dict(const IValue::Dict& values) override {
    if constexpr (xgrad::detail::has_fields<Derived>)
      xgrad::from_dict(derived(), values);
    else
      deserialize<Base>(*this, values);
  }

 protected:
  Derived& derived() { return static_cast<Derived&>(*this); }
  const Derived& derived() const { return static_cast<const Derived&>(*this); }
};

template <class Options, class = void>
inline constexpr bool has_momentum = false;
template <class Options>
inline constexpr bool has_momentum<Options, std::void_t<decltype(std::declval<Options&>().momentum())>> =
    true;
template <class Options, class = void>
inline constexpr bool has_betas = false;
template <class Options>
inline constexpr bool has_betas<Options, std::void_t<decltype(std::declval<Options&>().betas())>> = true;
}  // namespace detail

/// Base of a class of options with a default constructor, a field lr and a list of fields (XGRAD_FIELDS).
template <class Derived>
class XGRAD_API OptimizerCloneableOptions : public detail::FromFields<OptimizerOptions, Derived> {
 public:
  double get_lr() const override { return this->derived().lr(); }
  void set_lr(double lr) override { this->derived().lr(lr); }
  optional<double> get_momentum() const override {
    if constexpr (detail::has_momentum<Derived>)
      return this->derived().momentum();
    else if constexpr (detail::has_betas<Derived>)
      return std::get<0>(this->derived().betas());
    else
      return nullopt;
  }
  void set_momentum([[maybe_unused]] double momentum) override {
    if constexpr (detail::has_momentum<Derived>)
      this->derived().momentum(momentum);
    else if constexpr (detail::has_betas<Derived>)
      std::get<0>(this->derived().betas()) = momentum;
  }
  void inherit([[maybe_unused]] const OptimizerOptions& defaults) override {
    if constexpr (xgrad::detail::has_fields<Derived>)
      inherit_fields(this->derived(), Derived(), static_cast<const Derived&>(defaults));
  }
};

/// Base of a class of states with a list of fields.
template <class Derived>
class XGRAD_API OptimizerCloneableParamState : public detail::FromFields<OptimizerParamState, Derived> {};

/// Parameters that are optimized with the same options. Options that are left as in a new object, or all of
/// them, are the optimizer's.
class XGRAD_API OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  /// Parameters with names, as of `Module::named_parameters()`: `SGD({net->named_parameters()}, .1)`.
  OptimizerParamGroup(const OrderedDict<std::string, Tensor>& named,
                      std::unique_ptr<OptimizerOptions> options = nullptr);
  OptimizerParamGroup(const OptimizerParamGroup& other)
      : params_(other.params_),
        param_names_(other.param_names_),
        options_(other.options_ ? other.options_->clone() : nullptr),
        initial_lr_(other.initial_lr_) {}
  OptimizerParamGroup(OptimizerParamGroup&&) = default;
  OptimizerParamGroup& operator=(const OptimizerParamGroup& other) {
    *this = OptimizerParamGroup(other);
    return *this;
  }
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) = default;

  bool has_options() const { return options_ != nullptr; }
  OptimizerOptions& options() { return *checked(); }
  const OptimizerOptions& options() const { return *checked(); }
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  /// The learning rate before any scheduler, once there is one.
  const optional<double>& initial_lr() const { return initial_lr_; }
  void initial_lr(double lr) { initial_lr_ = lr; }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }
  /// One for each parameter, or none.
  const std::vector<std::string>& param_names() const { return param_names_; }
  void param_names(std::vector<std::string> names) { param_names_ = std::move(names); }

 private:
  OptimizerOptions* checked() const {
    XGRAD_CHECK(options_,
                "OptimizerParamGroup: it has no options yet; give them, or add the group to an optimizer");
    return options_.get();
  }

  std::vector<Tensor> params_;
  std::vector<std::string> param_names_;
  std::unique_ptr<OptimizerOptions> options_;
  optional<double> initial_lr_;
};

/// An optimizer without its parameters, as Python's state_dict: parameters are numbered through all groups.
/// Among the options of a group are its `initial_lr` and its `param_names`, where it has them.
struct OptimizerStateDict {
  struct ParamGroup {
    IValue::Dict options;
    std::vector<int64_t> params;
  };
  std::map<int64_t, IValue::Dict> state;
  std::vector<ParamGroup> param_groups;
};

/// Changes parameters along their gradients. Parameters without a gradient are left alone; gradients are
/// never written by `step`.
class XGRAD_API Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  using State = std::unordered_map<TensorImpl*, std::unique_ptr<OptimizerParamState>>;

  /// Throws ValueError for a parameter that is given twice or that is no leaf, for options that make no
  /// sense, and where some parameters have names and others none; TypeError for options of another class than
  /// the defaults.
  Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  virtual ~Optimizer();

  /// One step. A closure computes the loss anew, with gradients; its result is returned. When it throws, no
  /// parameter and no state has changed.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  /// False while it is known that no step was taken; a class of one's own may leave it open.
  virtual bool has_stepped() const { return true; }
  /// Drops all gradients, or fills them with zeros.
  void zero_grad(bool set_to_none = true);

  void add_param_group(const OptimizerParamGroup& param_group);
  void add_parameters(const std::vector<Tensor>& parameters);
  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  /// The parameters of all groups, and their number.
  std::vector<Tensor> parameters() const;
  std::size_t size() const noexcept;
  /// The options of groups that have none of their own.
  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  /// What is kept for each parameter, by `parameter.unsafeGetTensorImpl()`.
  State& state() noexcept { return state_; }
  const State& state() const noexcept { return state_; }

  /// Options and state; the tensors are those in use.
  OptimizerStateDict state_dict() const;
  /// Takes over options and state of an optimizer with as many parameters in as many groups. The tensors are
  /// copied, with the dtype of their parameter; names, where there are some, are taken over. Throws
  /// ValueError when something does not fit, and nothing has changed then.
  void load_state_dict(const OptimizerStateDict& state_dict);
  /// The same into and from an archive (`<xgrad/io/archive.h>`), as Python's dict of `state` and
  /// `param_groups`.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

 protected:
  /// A state as before the first step; for load_state_dict.
  virtual std::unique_ptr<OptimizerParamState> new_state() const;
  /// Whether a tensor of the state may have these sizes: those of the parameter, where nothing else is said.
  virtual bool fits(const std::string& name, IntArrayRef sizes, const Tensor& parameter) const;
  /// Throws TypeError for options of another class than the defaults.
  void check_class(const OptimizerOptions& options) const;
  /// The loss of the closure, computed with gradients; undefined without a closure.
  static Tensor run_closure(const LossClosure& closure);

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;

 private:
  State restored_state(const OptimizerStateDict& state_dict) const;
};

class Update;

/// An optimizer that changes every parameter by its own gradient and state. `step` checks and prepares
/// everything before it writes anything.
class XGRAD_API PerParameterOptimizer : public Optimizer {
 public:
  using Optimizer::Optimizer;
  Tensor step(LossClosure closure = nullptr) override;
  bool has_stepped() const override { return has_stepped_; }

 protected:
  /// Describes the change of one parameter.
  virtual void update(Update& u) const = 0;

 private:
  friend class Update;
  bool has_stepped_ = false;
  std::shared_ptr<Update> update_;  // kept from step to step for its memory
};

/// The same with its options and the state of a parameter: what a class such as Adam derives from.
template <class Options, class ParamState>
class XGRAD_API PerParameterOptimizerOf : public PerParameterOptimizer {
 public:
  explicit PerParameterOptimizerOf(std::vector<OptimizerParamGroup> param_groups, Options defaults = {})
      : PerParameterOptimizer(std::move(param_groups), defaults.clone()) {}
  explicit PerParameterOptimizerOf(std::vector<Tensor> params, Options defaults = {})
      : PerParameterOptimizer(std::move(params), defaults.clone()) {}

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override { return std::make_unique<ParamState>(); }
};

}  // namespace xgrad::optim

// For the optimizers of the library, where the code of the templates is made once (XGRAD_DEFINE_OPTIMIZER)
// and not in every program.
#define XGRAD_OPTIONS_TEMPLATES(linkage, Options)                       \
  linkage template class detail::FromFields<OptimizerOptions, Options>; \
  linkage template class OptimizerCloneableOptions<Options>
#define XGRAD_OPTIMIZER_TEMPLATES(linkage, Name, State) \
  XGRAD_OPTIONS_TEMPLATES(linkage, Name##Options);      \
  linkage template class PerParameterOptimizerOf<Name##Options, State>
#define XGRAD_STATE_TEMPLATES(linkage, State)                            \
  linkage template class detail::FromFields<OptimizerParamState, State>; \
  linkage template class OptimizerCloneableParamState<State>
#define XGRAD_OPTIMIZER_EXTERN(Name)               \
  XGRAD_STATE_TEMPLATES(extern, Name##ParamState); \
  XGRAD_OPTIMIZER_TEMPLATES(extern, Name, Name##ParamState)
// Declares an optimizer of options, state and rule alone, whose source defines `update`.
#define XGRAD_OPTIMIZER_CLASS(Name)                                                        \
  class XGRAD_API Name : public PerParameterOptimizerOf<Name##Options, Name##ParamState> { \
   public:                                                                                 \
    using PerParameterOptimizerOf::PerParameterOptimizerOf;                                \
                                                                                           \
   protected:                                                                              \
    void update(Update& u) const override;                                                 \
  }
#define XGRAD_OPTIMIZER(Name)  \
  XGRAD_OPTIMIZER_CLASS(Name); \
  XGRAD_OPTIMIZER_EXTERN(Name)
#define XGRAD_DEFINE_OPTIMIZER(Name)         \
  XGRAD_STATE_TEMPLATES(, Name##ParamState); \
  XGRAD_OPTIMIZER_TEMPLATES(, Name, Name##ParamState)
