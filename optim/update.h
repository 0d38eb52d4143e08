// Update: the change of one parameter, as the class of an optimizer describes it. Private to the library.
#pragma once

#include <deque>
#include <vector>

#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

/// A step asks its optimizer to describe the change of every parameter. All that may fail happens there: the
/// changes are checked and prepared, and what is new in the state is made aside. Then all is written.
class Update {
 public:
  // ---- for the step
  void open(PerParameterOptimizer& optimizer);
  void begin(const Tensor& parameter, const OptimizerOptions& options);
  void write();
  /// Forgets what was described; and, if it was not written, the states that were made for it.
  void close() noexcept;

  // ---- for the optimizer
  template <class Options>
  const Options& options() const {
    return static_cast<const Options&>(*options_);
  }
  /// The state of the parameter, made for its first step.
  template <class ParamState>
  ParamState& state() {
    return static_cast<ParamState&>(find_state());
  }
  /// The number of this step, which `step` counts.
  int64_t count(int64_t& step);
  /// base to the power of a step's number.
  double power(double base, int64_t step);
  /// A number of the state becomes `value` with the step.
  void set(double& number, double value) { numbers_.push_back({&number, value}); }
  /// A tensor of the state. It has the parameter's shape and dtype; a new one is full of `initial`.
  const Tensor& buffer(Tensor& t, double initial = 0);
  /// A tensor of the state becomes another one with the step; without a place it is only kept until then.
  const Tensor& replace(Tensor* place, Tensor value);
  /// The parameter becomes shrink * p - size * along, which is of its dtype and shape.
  void move(double shrink, double size, Tensor along);
  /// The parameter and its gradient.
  const Tensor& parameter() const { return *parameter_; }
  const Tensor& gradient() const { return parameter_->grad(); }
  /// Whether the last buffer is new.
  bool is_new() const { return is_new_; }
  /// The rule makes of parameter, gradient and tensors of the state the next parameter and the next tensors.
  template <class Rule, class... Buffers>
  void apply(const Rule& rule, const Buffers&... buffers) {
    static_assert(
        xgrad::detail::result_count<Rule> == 1 + sizeof...(Buffers),
        "a rule returns the parameter and as many buffers as it gets: using outputs = Slots<Same, ...>");
    const Tensor* const results[] = {parameter_, &buffers...};
    passes_.push_back(ops::prepare_pass(rule, results, *parameter_, parameter_->grad(), buffers...));
  }

 private:
  struct NewTensor {
    Tensor* place;
    Tensor value;
  };
  struct NewNumber {
    double* place;
    double value;
  };
  struct Power {
    double base = 0, value = 0;
    int64_t step = 0;
  };
  OptimizerParamState& find_state();

  PerParameterOptimizer* optimizer_ = nullptr;
  const Tensor* parameter_ = nullptr;
  const OptimizerOptions* options_ = nullptr;
  bool is_new_ = false, written_ = false;
  Power powers_[2];  // most parameters ask for the same
  std::vector<ops::PreparedPass> passes_;
  std::vector<int64_t*> counters_;
  std::vector<NewNumber> numbers_;
  std::vector<TensorImpl*> new_states_;  // whose they are
  std::deque<NewTensor> new_tensors_;    // which stay where they are
};

}  // namespace xgrad::optim
