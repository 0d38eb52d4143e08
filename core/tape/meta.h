// What a tensor in a graph carries beyond its data. Private to the library.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/tape/node.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::autograd {

using TensorHook = std::function<Tensor(const Tensor&)>;

/// A gradient on its way into a `.grad()`.
struct GradUpdate {
  Tensor gradient;
  Tensor total;                       // what is to take the place of `known`; undefined: it is added there
  const TensorImpl* known = nullptr;  // the `.grad()` that was there
};

/// The end of the walk: adds the gradient that arrives to the leaf's `.grad()`. It is part of its tensor and
/// shares the tensor's reference count, so a graph keeps its leaves alive and no cycle arises.
class AccumulateGrad final : public Node {
 public:
  explicit AccumulateGrad(TensorImpl* variable) : Node(InlineEdges{}, nullptr, 0), variable_(variable) {
    is_leaf_ = true;
    add_input_metadata();
  }
  std::string name() const override { return "AccumulateGrad"; }
  void run(Tensor* grads_in, Tensor* grads_out) override;
  /// Throws when `gradient` does not have the shape of the tensor.
  void check_shape(const Tensor& gradient) const;
  /// Whether the tensor collects gradients still: `requires_grad_(false)` ends that. Throws when it has
  /// become the result of an op.
  bool collects() const;
  /// Makes a gradient ready to be added to `.grad()`: all that can fail is done here.
  void prepare(GradUpdate& update) const;
  /// Adds it: takes it over when nobody else holds it.
  void commit(GradUpdate& update);
  TensorImpl* variable() const { return variable_; }
  void retain_variable() { variable_->retain(); }
  void release_variable() { variable_->release(); }

 private:
  TensorImpl* variable_;  // not counted: this object is inside it
};

struct AutogradMeta {
  explicit AutogradMeta(TensorImpl* self) : accumulate(self) {}
  Tensor grad;
  AccumulateGrad accumulate;
  std::atomic_flag accumulating = ATOMIC_FLAG_INIT;  // several threads may end at one shared parameter
  bool retains_grad = false;
  uint32_t version_at_accumulation = 0;  // anomaly mode: the version that the last gradient belongs to
  std::vector<std::pair<unsigned, TensorHook>> hooks;  // of a leaf; those of others are with their grad_fn
  Tensor tangent;              // forward mode: the derivative that travels with the value
  uint64_t tangent_level = 0;  // the dual level it belongs to
};

/// The copies of their own output that nodes keep, with a tangent that may lead back to the node: a cycle,
/// which the end of the dual level opens.
class DualOutputs : public std::enable_shared_from_this<DualOutputs> {
 public:
  /// Gives `copy` this tangent until the level ends.
  void add(const Tensor& copy, const Tensor& tangent);
  /// The level ends.
  void close();
  bool closed() const;

 private:
  mutable Mutex mutex_;  // the threads of a parallel_for are in the level of its caller
  bool closed_ = false;
  std::vector<Tensor> copies_;
};

struct NodeExtras {
  struct OutputHook : std::pair<unsigned, TensorHook> {
    uint32_t input_nr;
  };
  Mutex mutex;  // of the hooks and retain_grad: the outputs of one op may be in the hands of several threads
  std::vector<OutputHook> tensor_hooks;
  std::vector<TensorImpl*> retain_grad;  // not counted: a tensor removes itself when it goes
  std::vector<std::pair<unsigned, PreHook>> pre_hooks;
  std::vector<std::pair<unsigned, PostHook>> post_hooks;
  std::vector<void*> forward_trace;  // anomaly mode: the return addresses where the op was called,
  std::string forward_op;            // and which it was, where the node's name does not tell
  // Under graph::KeepValues: what the op computed, and its arguments as far as they have no gradient.
  struct Constant {
    Tensor value;
    bool is_inner = false;  // made in the op's module, not passed to it
  };
  Tensor value;
  std::vector<Constant> constants;
  std::optional<std::string> module;  // where one is watched: the path of that in which the op ran
};

/// The meta of `impl`, made when it has none.
AutogradMeta& ensure_meta(TensorImpl& impl);
/// Gives `impl` another grad_fn, as its first output. A tensor that retains its gradient goes on to do so.
void replace_history(TensorImpl& impl, intrusive_ptr<Node> node);
/// Makes room, so that replace_history with `node` cannot fail.
void expect_history(const TensorImpl& impl, Node& node);
/// `node`, which may be null, no longer gives `impl` its gradient to retain.
void forget_retained(Node* node, const TensorImpl& impl);

/// A number that no other hook has, of whatever tensor or node.
unsigned new_hook_number();
/// Moves the hook of that number, if it is there.
template <class Hooks>
bool take_hook(Hooks& from, unsigned number, Hooks& to) {
  for (auto at = from.begin(); at != from.end(); ++at)
    if (at->first == number) {
      to.push_back(std::move(*at));
      from.erase(at);
      return true;
    }
  return false;
}
/// Runs the tensor hooks on a gradient in their order.
void run_tensor_hooks(const std::vector<std::pair<unsigned, TensorHook>>& hooks, Tensor& gradient);

}  // namespace xgrad::autograd
