// trace: looks on as the engine walks, and puts what it saw into the order of the forward pass.
#include <xgrad/graph/trace.h>

#include <unordered_map>

#include <xgrad/core/autograd/walk.h>
#include <xgrad/core/stanza/op_node.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/observer.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/graph/modules.h>

namespace xgrad::graph {

int64_t Node::saved_bytes() const {
  int64_t bytes = 0;
  for (const Saved& s : saved) bytes += s.bytes;
  return bytes;
}

namespace {

constexpr int64_t kLargestDerivative = 4096;  // elements: what is larger nobody reads

std::vector<int64_t> sizes_of(const Tensor& t) { return {t.sizes().begin(), t.sizes().end()}; }

void set_shape(Node& node, IntArrayRef sizes, ScalarType dtype) {
  node.has_shape = true;
  node.sizes.assign(sizes.begin(), sizes.end());
  node.dtype = dtype;
}

// Where the elements of a tensor are: what a detached tensor has in common with the one it came from.
bool is_same_data(const Tensor& a, const Tensor& b) {
  return a.data_ptr() == b.data_ptr() && a.sizes() == b.sizes() && a.strides() == b.strides();
}

class Tracer final : public autograd::Visitor {
 public:
  Tracer(const Tensor& root, bool gradients) : root_(root), gradients_(gradients) {
    autograd::walk(root, *this);
  }

  void visit(autograd::Node& node, Tensor* grads, Tensor* passed) override {
    known_[&node] = static_cast<int>(ops_.size());
    ops_.emplace_back();
    Node& entry = ops_.back();
    entry.function = intrusive_ptr<autograd::Node>(&node);
    entry.name = node.name();
    const auto* op = dynamic_cast<const ops::OpNode*>(&node);
    if (op) entry.op = op->op().name.op;
    describe_inputs(entry, op);
    if (gradients_) {
      entry.gradients.assign(grads, grads + node.num_inputs());
      run(node, op, entry, grads, passed);
    } else {
      for (uint32_t i = 0; i < node.num_outputs(); ++i)
        if (node.next_edge(i).is_valid()) passed[i] = token_;
    }
    describe_result(entry, op);
  }

  void visit_leaf(const autograd::AccumulateGrad& leaf, const Tensor& gradient) override {
    const Tensor variable{intrusive_ptr<TensorImpl>(leaf.variable())};
    Node entry;
    entry.kind = Node::Kind::leaf;
    entry.function = intrusive_ptr<autograd::Node>(const_cast<autograd::AccumulateGrad*>(&leaf));
    entry.value = variable.detach();
    entry.version = variable.impl().version();
    set_shape(entry, variable.sizes(), variable.dtype());
    entry.gradients.push_back(gradients_ ? gradient : variable.grad());
    leaves_.emplace(&leaf, std::move(entry));
  }

  // What was visited last was computed first. Leaves and constants stand before the first that reads them.
  Graph take() {
    for (std::size_t i = ops_.size(); i-- > 0;) place(std::move(ops_[i]), static_cast<int>(i));
    if (graph_.nodes.empty())
      for (auto& [function, leaf] : leaves_) graph_.nodes.push_back(std::move(leaf));
    adopt_orphans();
    return std::move(graph_);
  }

 private:
  static std::string argument(int i, const ops::OpNode* op, int count) {
    if (op && i >= op->op().inputs) return "tensors[" + std::to_string(i - op->op().inputs) + "]";
    return argument_name(i, op ? op->op().inputs : count);
  }

  void describe_inputs(Node& entry, const ops::OpNode* op) {
    autograd::Node& node = *entry.function;
    const std::vector<std::string> formulas = node.formulas(), local = node.formulas(true);
    const int count = static_cast<int>(node.num_outputs());
    for (int i = 0; i < count; ++i) {
      const std::size_t at = static_cast<std::size_t>(i);
      Input input;
      input.name = argument(i, op, count);
      if (node.next_edge(at).is_valid() && at < formulas.size()) {
        input.formula = formulas[at];
        input.local = local[at];
      }
      entry.inputs.push_back(std::move(input));
    }
    if (!op) return;
    const int slots = op->op().inputs + static_cast<int>(node.num_inputs());
    for (int s = 0; s < slots; ++s)
      if (const SavedValue* saved = op->peek(s)) {
        const Tensor* t = saved->peek();
        if (!t) continue;
        entry.saved.push_back({argument_name(s, op->op().inputs), sizes_of(*t), t->dtype(),
                               static_cast<int64_t>(t->nbytes()), saved->version(), t->impl().version()});
      }
  }

  static void run(autograd::Node& node, const ops::OpNode* op, Node& entry, Tensor* grads, Tensor* passed) {
    const Tensor& g = grads[0];
    if (op && g.defined() && g.numel() <= kLargestDerivative && (op->op().pointwise || g.numel() == 1)) {
      std::vector<Tensor> ones(node.num_inputs()), local(node.num_outputs());
      ones[0] = ones_like(g);
      node.run(ones.data(), local.data());
      for (std::size_t i = 0; i < local.size(); ++i) entry.inputs[i].derivative = std::move(local[i]);
    }
    node.run(grads, passed);
    for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
      Input& input = entry.inputs[i];
      input.gradient = passed[i];
      // An argument that was broadcast gets the sum over where it was.
      const Tensor& arrived = entry.gradients[0];
      if (passed[i].defined() && arrived.defined() && passed[i].numel() < arrived.numel() &&
          ((op && op->op().pointwise) || input.formula == "grad") && !input.formula.empty())
        input.formula = "sum(" + input.formula + ")";
    }
  }

  void describe_result(Node& entry, const ops::OpNode* op) const {
    const autograd::NodeExtras* extras = entry.function->extras();
    if (root_.impl().grad_fn == entry.function.get())
      entry.value = root_.detach();
    else if (extras)
      entry.value = extras->value;
    if (entry.value.defined())
      set_shape(entry, entry.value.sizes(), entry.value.dtype());
    else if (op && !op->result_shapes().empty())
      set_shape(entry, op->result_shapes()[0].sizes, op->result_shapes()[0].dtype);
    else if (!entry.gradients.empty() && entry.gradients[0].defined())
      set_shape(entry, entry.gradients[0].sizes(), entry.gradients[0].dtype());
  }

  int push(Node&& node) {
    graph_.nodes.push_back(std::move(node));
    return graph_.size() - 1;
  }

  void place(Node&& op, int visited) {
    const autograd::NodeExtras* extras = op.function->extras();
    for (std::size_t i = 0; i < op.inputs.size(); ++i) {
      Input& input = op.inputs[i];
      const autograd::Edge& edge = op.function->next_edge(i);
      if (edge.is_valid()) {
        input.node = place_of(edge.function.get());
        input.result = edge.input_nr;
      } else if (extras && i < extras->constants.size() && extras->constants[i].value.defined()) {
        const Tensor& constant = extras->constants[i].value;
        if (constant.dim() == 0)
          input.number = constant;
        else
          input.node = place_of_constant(constant);
      }
    }
    placed_[visited] = push(std::move(op));
  }

  int place_of(const autograd::Node* function) {
    if (const auto op = known_.find(function); op != known_.end()) {
      const auto at = placed_.find(op->second);
      return at == placed_.end() ? -1 : at->second;
    }
    const auto leaf = leaves_.find(function);
    if (leaf == leaves_.end()) return -1;  // no gradient went there
    const auto [at, is_new] = placed_leaves_.emplace(function, -1);
    if (is_new) at->second = push(std::move(leaf->second));
    return at->second;
  }

  int place_of_constant(const Tensor& constant) {
    for (int i : constants_)
      if (is_same_data(graph_[i].value, constant)) return i;
    Node node;
    node.kind = Node::Kind::constant;
    node.value = constant;
    node.version = constant.impl().version();
    set_shape(node, constant.sizes(), constant.dtype());
    constants_.push_back(push(std::move(node)));
    return constants_.back();
  }

  // A node that computes its part of the graph only as it runs has no edge there.
  void adopt_orphans() {
    std::vector<bool> read(graph_.nodes.size());
    for (const Node& node : graph_.nodes)
      for (const Input& input : node.inputs)
        if (input.node >= 0) read[static_cast<std::size_t>(input.node)] = true;
    for (std::size_t i = graph_.nodes.size(); i-- > 0;) {
      Node& parent = graph_.nodes[i];
      if (!parent.function || !parent.function->may_lead_anywhere()) continue;
      for (std::size_t j = i; j-- > 0 && !read[i - 1];)
        if (!read[j]) {
          Input part;
          part.name = "computed again";
          part.node = static_cast<int>(j);
          parent.inputs.push_back(std::move(part));
          read[j] = true;
        }
    }
  }

  const Tensor& root_;
  bool gradients_;
  const Tensor token_ = ones({});  // stands for a gradient where none is wanted
  std::vector<Node> ops_;
  std::unordered_map<const autograd::Node*, int> known_;
  std::unordered_map<const autograd::Node*, Node> leaves_;
  std::unordered_map<int, int> placed_;
  std::unordered_map<const autograd::Node*, int> placed_leaves_;
  std::vector<int> constants_;
  Graph graph_;
};

void set_names(Graph& graph, const Names& names) {
  std::unordered_map<const void*, std::vector<const Names::Item*>> by_data;
  for (const Names::Item& item : names)
    if (item.value().defined()) by_data[item.value().data_ptr()].push_back(&item);
  for (Node& node : graph.nodes) {
    if (node.kind == Node::Kind::op) continue;
    const auto found = by_data.find(node.value.data_ptr());
    if (found == by_data.end()) continue;
    for (const Names::Item* item : found->second)
      if (node.name.empty() && is_same_data(item->value(), node.value)) node.name = item->key();
  }
}

Graph traced(const Tensor& output, bool gradients) { return Tracer(output, gradients).take(); }

}  // namespace

Graph trace(const Tensor& output, const TraceOptions& options) {
  XGRAD_CHECK(
      output.defined() && output.requires_grad(),
      "trace: the tensor does not require grad and does not have a grad_fn; compute it from leaves with "
      "requires_grad_()");
  const autograd::ObserverScope alone(nullptr);
  Graph graph = [&] {
    if (!options.gradients()) return traced(output, false);
    try {
      return traced(output, true);
    } catch (const Error&) {
      return traced(output, false);
    }
  }();
  set_names(graph, options.names());
  set_module_paths(graph);
  return graph;
}

}  // namespace xgrad::graph
