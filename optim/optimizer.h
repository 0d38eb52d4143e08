// What all optimizers share: groups of parameters with options, and a state for each parameter.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/arg.h>

namespace xgrad::optim {

/// Base of the options of an optimizer: how they are copied, and the learning rate, which schedulers change.
class XGRAD_API OptimizerOptions {
 public:
  virtual ~OptimizerOptions() = default;
  virtual std::unique_ptr<OptimizerOptions> clone() const = 0;
  virtual double get_lr() const = 0;
  virtual void set_lr(double lr) = 0;
};

/// Writes `clone` for the options of an optimizer, which have a member lr.
template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
  double get_lr() const override { return static_cast<const Derived&>(*this).lr(); }
  void set_lr(double lr) override { static_cast<Derived&>(*this).lr(lr); }
};

/// Base of what an optimizer keeps for a parameter from step to step.
class XGRAD_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState() = default;
  virtual std::unique_ptr<OptimizerParamState> clone() const = 0;
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

/// Parameters that are optimized with the same options; without options of their own they get the
/// optimizer's.
class XGRAD_API OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  OptimizerParamGroup(const OptimizerParamGroup& other)
      : params_(other.params_), options_(other.options_ ? other.options_->clone() : nullptr) {}
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
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

 private:
  OptimizerOptions* checked() const {
    XGRAD_CHECK(options_,
                "OptimizerParamGroup: it has no options yet; give them, or add the group to an optimizer");
    return options_.get();
  }

  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
};

/// Changes parameters along their gradients. Parameters without a gradient are left alone; gradients are
/// never written by `step`.
class XGRAD_API Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;
  using State = std::unordered_map<TensorImpl*, std::unique_ptr<OptimizerParamState>>;

  /// Throws ValueError for a parameter that is given twice or that is no leaf.
  Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  virtual ~Optimizer();

  /// One step. A closure computes the loss anew, with gradients; its result is returned.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  /// Fills all gradients with zeros, or drops them.
  void zero_grad(bool set_to_none = false);

  virtual void add_param_group(const OptimizerParamGroup& param_group);
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

 protected:
  /// Throws ValueError when the options make no sense.
  virtual void check_options(const OptimizerOptions&) const {}
  /// The loss of the closure, computed with gradients; undefined without a closure.
  static Tensor run_closure(const LossClosure& closure);

  std::vector<OptimizerParamGroup> param_groups_;
  State state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

}  // namespace xgrad::optim
