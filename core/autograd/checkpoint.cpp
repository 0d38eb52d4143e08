// The node that computes its part of the graph again: a Function whose backward is a backward.
#include <xgrad/core/autograd/checkpoint.h>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/autograd/function.h>
#include <xgrad/core/autograd/state.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator.h>

namespace xgrad::autograd {

namespace {

using CheckpointFunction = std::function<variable_list(const variable_list&)>;

// The default generator in another state, for a scope.
class ReplayRandom {
 public:
  explicit ReplayRandom(const std::vector<uint8_t>& state) {
    if (state.empty()) return;
    interrupted_ = generator_.get_state();
    generator_.set_state(state);
  }
  ~ReplayRandom() {
    if (!interrupted_.empty()) generator_.set_state(interrupted_);
  }
  ReplayRandom(const ReplayRandom&) = delete;
  ReplayRandom& operator=(const ReplayRandom&) = delete;

 private:
  Generator generator_ = default_generator();
  std::vector<uint8_t> interrupted_;
};

class CheckpointNode final : public FunctionNode {
 public:
  CheckpointNode(CheckpointFunction function, const variable_list& inputs, std::size_t given,
                 bool preserve_rng_state)
      : FunctionNode(inputs, std::vector<bool>(inputs.size(), true)),
        function_(std::move(function)),
        given_(given) {
    if (preserve_rng_state) random_state_ = default_generator().get_state();
  }

  std::string name() const override { return "CheckpointBackward"; }
  void release_variables() override {
    FunctionNode::release_variables();
    function_ = nullptr;
  }

  variable_list run_forward(const variable_list& inputs) const {
    const NoGradGuard no_grad;
    return function_(inputs);
  }

 protected:
  variable_list call_backward(variable_list gradients) override {
    XGRAD_CHECK(!grad_enabled(),
                "checkpoint: backward with create_graph=true is not supported; call the function directly");
    const AutoGradMode recording(true);
    variable_list inputs = context.get_saved_variables();
    for (std::size_t i = 0; i < given_; ++i)
      if (inputs[i].defined()) inputs[i] = inputs[i].detach().set_requires_grad(should_compute_output(i));
    variable_list outputs;
    {
      const ReplayRandom replay(random_state_);
      outputs = function_(inputs);
    }
    XGRAD_CHECK(outputs.size() == gradients.size(), "checkpoint: the function returned ",
                static_cast<int64_t>(gradients.size()), " tensors in forward and ",
                static_cast<int64_t>(outputs.size()), " when it was run again");
    variable_list roots, root_gradients;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (!gradients[i].defined() || !outputs[i].defined() || !outputs[i].requires_grad()) continue;
      roots.push_back(outputs[i]);
      root_gradients.push_back(gradients[i]);
    }
    if (!roots.empty()) backward(roots, root_gradients);
    variable_list result(num_outputs());
    for (std::size_t i = 0; i < given_; ++i)
      if (should_compute_output(i)) result[i] = inputs[i].grad();
    return result;
  }

 private:
  CheckpointFunction function_;
  std::size_t given_;
  std::vector<uint8_t> random_state_;
};

}  // namespace

variable_list checkpoint(std::function<variable_list(const variable_list&)> function,
                         const variable_list& inputs, bool preserve_rng_state) {
  if (!grad_enabled()) return function(inputs);
  // Whether the function captures a tensor that requires a gradient shows only when backward runs it. An
  // input that always requires one makes backward come here.
  variable_list with_anchor = inputs;
  with_anchor.push_back(zeros({}, TensorOptions().requires_grad(true)));
  auto node = make_node<CheckpointNode>(std::move(function), with_anchor, inputs.size(), preserve_rng_state);
  node->context.set_materialize_grads(false);
  variable_list outputs = node->run_forward(inputs);
  node->context.save_for_backward(inputs);
  return node->wrap_outputs(std::move(outputs), node);
}

}  // namespace xgrad::autograd
