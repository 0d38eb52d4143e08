// What a graph is made of: a Node is an op's backward, an Edge leads from it to the backward of one of its
// inputs. This header is where ops and engine meet; nothing about particular ops or about the walk belongs
// here.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

class Node;

/// Where a gradient goes: input `input_nr` of `function`. Without a function the gradient is not wanted.
struct Edge {
  Edge() = default;
  Edge(intrusive_ptr<Node> f, uint32_t nr) : function(std::move(f)), input_nr(nr) {}
  bool is_valid() const { return static_cast<bool>(function); }
  bool operator==(const Edge& o) const { return function == o.function && input_nr == o.input_nr; }
  bool operator!=(const Edge& o) const { return !(*this == o); }

  intrusive_ptr<Node> function;
  uint32_t input_nr = 0;
};
using edge_list = std::vector<Edge>;

/// Before / after a node runs: take and return the gradients that go in, or (out, in) those that came out.
using PreHook = std::function<variable_list(variable_list)>;
using PostHook = std::function<variable_list(const variable_list& outputs, const variable_list& inputs)>;

struct NodeExtras;

/// The backward of one op: takes the gradient of the op's outputs, returns those of its inputs.
///
/// A node holds edges to its producers and never its own output, so a graph has no cycle. Every node's
/// sequence number is larger than those of the nodes its edges lead to, in whatever thread they were made:
/// walking from the largest number down visits each node after all its consumers.
class XGRAD_API Node {
 public:
  explicit Node(edge_list next_edges = {});
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Runs the backward: one gradient per output of the op in, one per input of the op out.
  variable_list operator()(variable_list&& gradients) { return apply(std::move(gradients)); }
  /// `PowBackward0`.
  virtual std::string name() const;
  /// The derivatives as text, one per input (`grad * result * (1 - result)`), or without the gradient when
  /// `local`; empty where the op has none to show.
  virtual std::vector<std::string> formulas(bool local = false) const {
    (void)local;
    return {};
  }
  /// Whether gradients may come out that its edges do not show: a part of the graph is computed only when the
  /// node runs.
  virtual bool may_lead_anywhere() const { return false; }
  /// Frees what was saved for backward.
  virtual void release_variables() {}

  uint64_t sequence_nr() const { return sequence_nr_; }
  uint32_t num_inputs() const { return num_inputs_; }
  uint32_t num_outputs() const { return num_edges_; }
  /// Announces one more output of the forward op, and so one more gradient to receive.
  uint32_t add_input_metadata() { return num_inputs_++; }
  uint32_t add_input_metadata(const Tensor&) { return num_inputs_++; }
  ArrayRef<Edge> next_edges() const { return {edges_, num_edges_}; }
  const Edge& next_edge(std::size_t i) const {
    if (__builtin_expect(i >= num_edges_, 0)) no_edge(i);
    return edges_[i];
  }
  void add_next_edge(Edge edge);
  void set_next_edge(std::size_t i, Edge edge);
  void set_next_edges(edge_list edges);
  /// Whether somebody wants the gradient of input `i`.
  bool should_compute_output(std::size_t i) const { return edges_[i].is_valid(); }
  bool task_should_compute_output(std::size_t i) const { return should_compute_output(i); }

  /// Hooks run each time the node does; the number removes them.
  unsigned add_pre_hook(PreHook hook);
  unsigned add_post_hook(PostHook hook);
  void remove_hook(unsigned id);
  NodeExtras* extras() const { return extras_.load(std::memory_order_acquire); }
  NodeExtras& ensure_extras();

  /// Before and after a walk runs the node. One that frees what is saved is `alone` in it; `enter` says
  /// whether the walk may come in yet, and throws in a forked child in which nobody can tell.
  bool enter(bool alone);
  void leave(bool alone);
  /// The engine's call: `grads_in[num_inputs()]` to `grads_out[num_outputs()]`, both owned by the caller.
  virtual void run(Tensor* grads_in, Tensor* grads_out);

  static void* operator new(std::size_t size);
  static void* operator new(std::size_t, void* where) { return where; }
  static void operator delete(void* p, std::size_t size);
  void retain();
  void release();
  uint32_t use_count() const { return refs_.value(); }

 protected:
  /// What a user-defined node overrides.
  virtual variable_list apply(variable_list&& gradients);

  struct InlineEdges {};
  /// For nodes that keep their edges in a member array; they call `number_after_edges` when these are set.
  Node(InlineEdges, Edge* edges, uint32_t count, uint32_t inputs = 0)
      : num_inputs_(inputs), edges_(edges), num_edges_(count), owns_edges_(false) {}
  void number_after_edges();

 private:
  friend class AccumulateGrad;
  static void destroy(Node* node);
  [[noreturn]] void no_edge(std::size_t i) const;

  RefCount refs_;
  uint32_t num_inputs_ = 0;
  Edge* edges_ = nullptr;
  uint32_t num_edges_ = 0;
  bool owns_edges_ = true;
  bool is_leaf_ = false;  // an AccumulateGrad: it lives inside its tensor, whose references it shares
  std::atomic<uint16_t> walks_{0};  // see enter()
  uint64_t sequence_nr_ = 0;
  std::atomic<NodeExtras*> extras_{nullptr};  // owned; hooks and other rare things
};

/// Makes a node that is shared by counting.
template <class T, class... A>
intrusive_ptr<T> make_node(A&&... args) {
  return intrusive_ptr<T>::adopt(new T(std::forward<A>(args)...));
}

/// Where the gradient of `t` goes: its grad_fn, or, for a leaf that requires one, the node that adds it to
/// `.grad()`.
XGRAD_API Edge gradient_edge(const Tensor& t);
/// Makes `node` the history of `t`, which is its next output; an undefined `t` only counts as one.
XGRAD_API void set_history(const Tensor& t, const intrusive_ptr<Node>& node);
inline void set_history(const variable_list& outputs, const intrusive_ptr<Node>& node) {
  for (const Tensor& t : outputs) set_history(t, node);
}
XGRAD_API void create_gradient_edge(const Tensor& t, intrusive_ptr<Node> node);
/// The gradient edges of tensors, for the node of what is computed of them.
XGRAD_API edge_list collect_next_edges(TensorList tensors);
template <class... T>
edge_list collect_next_edges(const Tensor& first, const Tensor& second, const T&... rest) {
  const Tensor all[] = {first, second, rest...};
  return collect_next_edges(TensorList(all));
}

/// Whether what is computed of these tensors is to be recorded.
XGRAD_API bool compute_requires_grad(TensorList tensors);
template <class... T>
bool compute_requires_grad(const Tensor& first, const Tensor& second, const T&... rest) {
  const Tensor all[] = {first, second, rest...};
  return compute_requires_grad(TensorList(all));
}

/// LibTorch's way to hold a node, `std::shared_ptr<Mine> node(new Mine, deleteNode)`, works for nodes of
/// one's own.
XGRAD_API void deleteNode(Node* node);
template <class Outputs>
void set_history(const Outputs& outputs, const std::shared_ptr<Node>& node) {
  set_history(outputs, intrusive_ptr<Node>(node.get()));
}

}  // namespace xgrad::autograd
