// explain: walks the graph as the engine does, newest node first, and writes down what it sees.
#include <xgrad/graph/explain.h>

#include <xgrad/core/tape/grad_mode.h>
#include <algorithm>
#include <map>

#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/stanza/symbol.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::graph {

namespace {

using autograd::Node;

// "tensor(0.5000)" without the word: numbers stand alone, arrays keep their brackets.
std::string value_text(const Tensor& t) {
  const std::string text = t.detach().toString();
  const std::size_t open = text.find('('), close = text.find(", dtype");
  const std::size_t end = close == std::string::npos ? text.rfind(')') : close;
  return text.substr(open + 1, end - open - 1);
}

class Walk {
 public:
  explicit Walk(const Tensor& root) {
    const autograd::Edge edge = autograd::gradient_edge(root);
    XGRAD_CHECK(edge.is_valid(), "explain: the tensor does not require grad and does not have a grad_fn");
    if (root.grad_fn()) values_[edge.function.get()] = root.detach();
    arrive(edge, ops::one_like(root));
  }

  std::string text() {
    std::string out;
    while (!pending_.empty()) {
      auto first = pending_.begin();
      Node* node = first->first.second;
      std::vector<Tensor> gradients = std::move(first->second);
      pending_.erase(first);
      describe(*node, gradients, out);
    }
    for (const auto& [leaf, gradient] : leaves_) describe_leaf(*leaf, gradient, out);
    return out;
  }

 private:
  struct NewestFirst {
    bool operator()(const std::pair<uint64_t, Node*>& a, const std::pair<uint64_t, Node*>& b) const {
      return a > b;
    }
  };

  void arrive(const autograd::Edge& edge, Tensor gradient) {
    Node* node = edge.function.get();
    if (node->sequence_nr() == 0)
      return arrive_at_leaf(static_cast<autograd::AccumulateGrad*>(node), std::move(gradient));
    auto& slots = pending_[{node->sequence_nr(), node}];
    slots.resize(node->num_inputs());
    ops::accumulate(slots[edge.input_nr], std::move(gradient));
  }

  // Leaves have no number to sort by; they are shown in the order in which the walk meets them.
  void arrive_at_leaf(autograd::AccumulateGrad* leaf, Tensor gradient) {
    auto at =
        std::find_if(leaves_.begin(), leaves_.end(), [&](const auto& known) { return known.first == leaf; });
    if (at == leaves_.end()) at = leaves_.emplace(at, leaf, Tensor());
    ops::accumulate(at->second, std::move(gradient));
  }

  void describe(Node& node, const std::vector<Tensor>& gradients, std::string& out) {
    out += node.name();
    if (const Tensor value = value_of(node); value.defined()) out += "   value " + value_text(value);
    for (std::size_t i = 0; i < gradients.size(); ++i)
      if (gradients[i].defined())
        out += "   gradient " + (gradients.size() > 1 ? "of output " + std::to_string(i) + " " : "") +
               value_text(gradients[i]);
    out += '\n';
    const std::vector<std::string> formulas = node.formulas(true);
    std::vector<Tensor> ones, local(node.num_outputs()), passed(node.num_outputs()), in = gradients;
    for (const Tensor& g : gradients) ones.push_back(g.defined() ? ones_like(g) : g);
    node.run(ones.data(), local.data());
    node.run(in.data(), passed.data());
    for (uint32_t i = 0; i < node.num_outputs(); ++i) {
      const autograd::Edge& edge = node.next_edge(i);
      if (!edge.is_valid() || !passed[i].defined()) continue;
      const bool known = i < formulas.size() && !formulas[i].empty();
      const int inputs = static_cast<int>(node.num_outputs());
      out += std::string("    d/d") + argument_name(static_cast<int>(i), inputs) + " = " +
             (known ? formulas[i] + " = " : "") + value_text(local[i]) + "   to " + edge.function->name() +
             "\n";
      arrive(edge, passed[i]);
    }
  }

  static void describe_leaf(const autograd::AccumulateGrad& leaf, const Tensor& gradient, std::string& out) {
    const Tensor variable{intrusive_ptr<TensorImpl>(leaf.variable())};
    out += "leaf   value " + value_text(variable) + "   gradient " + value_text(gradient) + "\n";
  }

  Tensor value_of(Node& node) const {
    if (const auto known = values_.find(&node); known != values_.end()) return known->second;
    return node.extras() ? node.extras()->value : Tensor();
  }

  std::map<std::pair<uint64_t, Node*>, std::vector<Tensor>, NewestFirst> pending_;
  std::map<const Node*, Tensor> values_;
  std::vector<std::pair<autograd::AccumulateGrad*, Tensor>> leaves_;
};

}  // namespace

KeepValues::KeepValues() : previous_(autograd::this_thread_state.keep_values) {
  autograd::this_thread_state.keep_values = true;
}
KeepValues::~KeepValues() { autograd::this_thread_state.keep_values = previous_; }

std::string explain(const Tensor& root) {
  const NoGradGuard no_grad;
  return Walk(root).text();
}

}  // namespace xgrad::graph
