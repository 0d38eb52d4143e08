// explain: walks the graph as the engine does, newest node first, and writes down what it sees.
#include <xgrad/graph/explain.h>

#include <xgrad/core/autograd/walk.h>
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

class Explanation final : public autograd::Visitor {
 public:
  explicit Explanation(const Tensor& root) : root_(root) { autograd::walk(root, *this); }
  std::string take() { return std::move(text_); }

  void visit(Node& node, Tensor* gradients, Tensor* passed) override {
    text_ += node.name();
    if (const Tensor value = value_of(node); value.defined()) text_ += "   value " + value_text(value);
    for (uint32_t i = 0; i < node.num_inputs(); ++i)
      if (gradients[i].defined())
        text_ += "   gradient " +
                 (node.num_inputs() > 1 ? "of output " + std::to_string(i) + " " : std::string()) +
                 value_text(gradients[i]);
    text_ += '\n';
    const std::vector<Tensor> local = local_derivatives(node, gradients);
    node.run(gradients, passed);
    describe_inputs(node, local, passed);
  }

  void visit_leaf(const autograd::AccumulateGrad& leaf, const Tensor& gradient) override {
    const Tensor variable{intrusive_ptr<TensorImpl>(leaf.variable())};
    text_ += "leaf   value " + value_text(variable) + "   gradient " + value_text(gradient) + "\n";
  }

 private:
  // What the node makes of ones. One that sends the walk on can be run but once.
  static std::vector<Tensor> local_derivatives(Node& node, const Tensor* gradients) {
    std::vector<Tensor> ones, local(node.num_outputs());
    if (node.may_lead_anywhere()) return local;
    for (uint32_t i = 0; i < node.num_inputs(); ++i)
      ones.push_back(gradients[i].defined() ? ones_like(gradients[i]) : Tensor());
    node.run(ones.data(), local.data());
    return local;
  }

  void describe_inputs(const Node& node, const std::vector<Tensor>& local, const Tensor* passed) {
    const std::vector<std::string> formulas = node.formulas(true);
    for (uint32_t i = 0; i < node.num_outputs(); ++i) {
      const autograd::Edge& edge = node.next_edge(i);
      if (!edge.is_valid() || !passed[i].defined()) continue;
      const bool known = i < formulas.size() && !formulas[i].empty();
      const int inputs = static_cast<int>(node.num_outputs());
      text_ += std::string("    d/d") + argument_name(static_cast<int>(i), inputs) + " = " +
               (known ? formulas[i] + " = " : "") + value_text(local[i]) + "   to " + edge.function->name() +
               "\n";
    }
  }

  Tensor value_of(const Node& node) const {
    if (root_.impl().grad_fn == &node) return root_.detach();
    return node.extras() ? node.extras()->value : Tensor();
  }

  const Tensor& root_;
  std::string text_;
};

}  // namespace

KeepValues::KeepValues() : previous_(autograd::this_thread_state.keep_values) {
  autograd::this_thread_state.keep_values = true;
}
KeepValues::~KeepValues() { autograd::this_thread_state.keep_values = previous_; }

std::string explain(const Tensor& root) { return Explanation(root).take(); }

}  // namespace xgrad::graph
