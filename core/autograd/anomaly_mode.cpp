// Anomaly mode: what it notes in forward, what it looks for in backward, and what it says then.
#include <xgrad/core/autograd/anomaly_mode.h>

#include <xgrad/core/stanza/registry.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/types/stack_trace.h>
#include <xgrad/core/types/warning.h>

namespace xgrad::autograd {

namespace {

constexpr int kFramesKept = 32, kFramesShown = 10;  // the first of those kept are inside xgrad

thread_local bool warned_of_zero_grad = false;

std::string without_suffix(std::string name) {
  const std::size_t at = name.rfind("Backward");
  return at == std::string::npos || at == 0 ? name : name.substr(0, at);
}

}  // namespace

void AnomalyMode::set_enabled(bool enabled, bool check_nan) {
  if (enabled && !this_thread_state.anomaly_mode) warned_of_zero_grad = false;
  this_thread_state.anomaly_mode = enabled;
  this_thread_state.anomaly_check_nan = check_nan;
}

void remember_call(Node& node) { node.ensure_extras().forward_trace = stack_frames(kFramesKept); }

void share_call(Node& node, const Node& inner) {
  if (!inner.extras()) return;
  NodeExtras& extras = node.ensure_extras();
  extras.forward_trace = inner.extras()->forward_trace;
  extras.forward_op = forward_op(inner);
}

std::string forward_op(const Node& node) {
  if (node.extras() && !node.extras()->forward_op.empty()) return node.extras()->forward_op;
  const std::string name = node.name();
  for (const ops::OpInfo& op : ops::registered_ops())
    if (name == op.node) return op.op;
  return without_suffix(name);
}

void check_nan(const Node& node, const Tensor* outputs) {
  if (!this_thread_state.anomaly_check_nan) return;
  const NoGradGuard no_grad;
  for (uint32_t i = 0; i < node.num_outputs(); ++i) {
    if (!outputs[i].defined() || !outputs[i].is_floating_point()) continue;
    const int64_t count = outputs[i].isnan().sum().item<int64_t>();
    if (count == 0) continue;
    const std::string op = forward_op(node);
    const std::string place =
        node.extras() ? stack_text(node.extras()->forward_trace, kFramesShown) : std::string();
    fail("backward: Function '", node.name(), "' returned nan values in its ", static_cast<int64_t>(i),
         "th output: ", count, " of ", outputs[i].numel(), " elements of the gradient of input ",
         static_cast<int64_t>(i), " of ", op, ", of shape ", outputs[i].sizes(),
         place.empty() ? concat("; compute it within the scope of a DetectAnomalyGuard to learn where ", op,
                                " was called")
                       : concat("; ", op, " was called here:\n", place));
  }
}

void check_zero_grad(const TensorImpl& leaf, const Tensor& gradient) {
  if (leaf.meta->version_at_accumulation == leaf.version() || warned_of_zero_grad) return;
  const NoGradGuard no_grad;
  if (!gradient.ne(0).any().item<bool>()) return;
  warned_of_zero_grad = true;
  XGRAD_WARN(
      "backward: a leaf of shape ", leaf.sizes(),
      " was changed since its last backward and still has the gradient from before, to which the new one is "
      "added; call optimizer.zero_grad(), or .mutable_grad().reset(), after each step");
}

}  // namespace xgrad::autograd
