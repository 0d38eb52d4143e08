// The node that computes its part of the graph again, and sends the walk on through it.
#include <xgrad/core/autograd/checkpoint.h>

#include <xgrad/core/autograd/function.h>
#include <xgrad/core/autograd/walk.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::autograd {

namespace {

using CheckpointFunction = std::function<variable_list(const variable_list&)>;

using RandomState = std::vector<uint8_t>;

RandomState state_of(xgrad::detail::GeneratorImpl& generator) {
  RandomState state(kernels::Mt19937Stream::kStateBytes);
  const std::lock_guard lock(generator.mutex);
  generator.stream.save(state.data());
  return state;
}

// What was drawn from a copy counts as drawn from `generator`, unless another thread drew from it meanwhile.
void advance(xgrad::detail::GeneratorImpl& generator, const RandomState& from, const RandomState& to) {
  RandomState now(from.size());
  const std::lock_guard lock(generator.mutex);
  generator.stream.save(now.data());
  if (now == from) generator.stream.load(to.data());
}

// A generator in this state; none for an empty one.
Generator generator_in(const RandomState& state) {
  if (state.empty()) return {};
  Generator generator(0);
  generator.set_state(state);
  return generator;
}

class CheckpointNode final : public FunctionNode {
 public:
  CheckpointNode(CheckpointFunction function, const variable_list& inputs, bool preserve_rng_state)
      : FunctionNode(inputs, std::vector<bool>(inputs.size(), true)), function_(std::move(function)) {
    if (preserve_rng_state) random_state_ = state_of(xgrad::detail::generator_in_use());
  }

  std::string name() const override { return "CheckpointBackward"; }
  void release_variables() override {
    FunctionNode::release_variables();
    function_ = nullptr;
  }

  variable_list run_forward(const variable_list& inputs) const {
    const NoGradGuard no_grad;
    xgrad::detail::GeneratorImpl& source = xgrad::detail::generator_in_use();
    const xgrad::detail::DrawsFrom own(generator_in(random_state_));
    variable_list outputs = function_(inputs);
    if (!random_state_.empty()) advance(source, random_state_, own.generator().get_state());
    return outputs;
  }

  bool may_lead_anywhere() const override { return true; }

 protected:
  // The inputs come back with their history, so that what is computed of them now hangs on the graph of then:
  // the walk goes on through it, to the inputs and to whatever the function captures.
  variable_list call_backward(variable_list gradients) override {
    const AutoGradMode recording(true);
    const variable_list inputs = context.get_saved_variables();
    variable_list outputs;
    {
      const xgrad::detail::DrawsFrom replay(generator_in(random_state_));
      outputs = function_(inputs);
    }
    XGRAD_CHECK(outputs.size() == gradients.size(), "checkpoint: the function returned ",
                static_cast<int64_t>(gradients.size()), " tensors in forward and ",
                static_cast<int64_t>(outputs.size()), " when it was run again");
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (!gradients[i].defined() || !outputs[i].defined() || !outputs[i].requires_grad()) continue;
      XGRAD_CHECK(outputs[i].sizes() == gradients[i].sizes(), "checkpoint: output ", static_cast<int64_t>(i),
                  " of the function had shape ", gradients[i].sizes(), " in forward and ", outputs[i].sizes(),
                  " when it was run again");
      walk_on(*this, gradient_edge(outputs[i]), gradients[i]);
    }
    return variable_list(num_outputs());
  }

 private:
  CheckpointFunction function_;
  RandomState random_state_;
};

std::vector<uint32_t> versions(const variable_list& tensors) {
  std::vector<uint32_t> all;
  for (const Tensor& t : tensors) all.push_back(t.defined() ? t.impl().version() : 0);
  return all;
}

}  // namespace

variable_list checkpoint(std::function<variable_list(const variable_list&)> function,
                         const variable_list& inputs, bool preserve_rng_state) {
  XGRAD_CHECK(function, "checkpoint: the function is empty");
  // Tangents are wanted now, with a history of their own: nothing can be left for later.
  if (!grad_enabled() || ops::carries_tangents()) return function(inputs);
  // Whether the function captures a tensor that requires a gradient shows only when backward runs it. An
  // input that always requires one makes backward come here.
  variable_list with_anchor = inputs;
  with_anchor.push_back(zeros({}, TensorOptions().requires_grad(true)));
  auto node = make_node<CheckpointNode>(std::move(function), with_anchor, preserve_rng_state);
  node->context.set_materialize_grads(false);
  const std::vector<uint32_t> before = versions(inputs);
  variable_list outputs = node->run_forward(inputs);
  XGRAD_CHECK(versions(inputs) == before,
              "checkpoint: the function changed one of its inputs in place, which backward, when it runs the "
              "function again, would find changed; use the out-of-place form of the op");
  node->context.save_for_backward(inputs);
  return node->wrap_outputs(std::move(outputs), node);
}

}  // namespace xgrad::autograd
