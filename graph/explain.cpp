// explain: a trace written down backwards, and the chain rule along its paths.
#include <xgrad/graph/explain.h>

#include <xgrad/core/stanza/op_node.h>
#include <xgrad/graph/notation.h>

namespace xgrad::graph {

namespace {

constexpr std::size_t kMostOps = 24, kMostPaths = 6, kLongestRule = 220;

bool is_op(const Node& node) { return node.kind == Node::Kind::op; }

// The gradient on its way along a path: factors, of which the last step may have made a single one.
using Factors = std::vector<Symbol>;

Symbol product_of(const Factors& factors) {
  Factors products{Symbol::unit()};
  for (const Symbol& f : factors) products.push_back(products.back() * f);
  return products.back();
}

class ChainRule {
 public:
  explicit ChainRule(const Graph& graph) : graph_(graph), expressions_(graph), paths_(graph.nodes.size()) {
    std::size_t ops = 0;
    for (const Node& node : graph.nodes) ops += is_op(node);
    if (!expressions_.complete() || ops == 0 || ops > kMostOps) return;
    const std::size_t last = graph.nodes.size() - 1;
    paths_[last].push_back({});
    for (std::size_t i = last + 1; i-- > 0 && readable_;) step(static_cast<int>(i));
  }

  std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < graph_.nodes.size() && readable_; ++i) {
      const Node& leaf = graph_.nodes[i];
      if (leaf.kind != Node::Kind::leaf || paths_[i].empty() || leaf.gradients.empty()) continue;
      const std::string line = rule(paths_[i]);
      if (line.size() > kLongestRule) continue;
      const Node& root = graph_.nodes.back();
      const bool is_number = !root.has_shape || numel_of(root.sizes) == 1;
      text += (text.empty() ? definitions() : "") + (is_number ? "∂f/∂" : "∂sum(f)/∂") +
              expressions_[static_cast<int>(i)].text() + " = " + line + " = " +
              value_text(leaf.gradients[0]) + "\n";
    }
    return text;
  }

 private:
  std::string definitions() const {
    std::string text = "f = " + in_math(expressions_[graph_.size() - 1]) + "\n";
    for (const auto& [node, whole] : expressions_.named())
      text += expressions_[node].text() + " = " + in_math(whole) + "\n";
    return text;
  }

  void step(int i) {
    const auto at = static_cast<std::size_t>(i);
    const Node& node = graph_.nodes[at];
    if (!is_op(node) || paths_[at].empty()) return;
    const std::vector<Symbol> slots = expressions_.slots(i);
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      const int to = node.inputs[k].node;
      if (to < 0 || !node.inputs[k].gradient.defined()) continue;
      for (const Factors& path : paths_[at])
        paths_[static_cast<std::size_t>(to)].push_back(along(node, static_cast<int>(k), path, slots));
      readable_ = readable_ && paths_[static_cast<std::size_t>(to)].size() <= kMostPaths;
    }
  }

  // A factor where the derivative is one; otherwise what the op makes of the product so far.
  Factors along(const Node& node, int input, Factors path, const std::vector<Symbol>& slots) const {
    const auto* op = dynamic_cast<const ops::OpNode*>(node.function.get());
    const Input& to = node.inputs[static_cast<std::size_t>(input)];
    if (op && to.derivative.defined()) {
      const Symbol factor = op->derivative_text(input, Symbol::unit(), slots.data());
      if (!factor.text().empty()) {
        path.push_back(factor);
        const bool was_spread =
            node.has_shape && numel_of(node.sizes) > to.gradient.numel();  // a broadcast is undone
        return was_spread ? Factors{Symbol::call("sum", {product_of(path)})} : path;
      }
    }
    const Symbol so_far = product_of(path);
    const Symbol made = op ? op->derivative_text(input, so_far, slots.data()) : Symbol("");
    if (made.text().empty()) return {Symbol::call(node.name.c_str(), {so_far})};
    return {to.formula == "sum(grad)" ? Symbol::call("sum", {made}) : made};
  }

  static std::string rule(const std::vector<Factors>& paths) {
    std::string sum;
    for (const Factors& path : paths) {
      std::string product;
      for (const Symbol& factor : path)
        product += (product.empty() ? "" : " · ") +
                   (path.size() == 1 ? in_math(factor) : as_factor(factor, product.empty()));
      sum += (sum.empty() ? "" : " + ") + product;
    }
    return sum;
  }

  const Graph& graph_;
  Expressions expressions_;
  std::vector<std::vector<Factors>> paths_;  // by node: the ways from the root
  bool readable_ = true;
};

std::string arrival(const Node& node) {
  std::string text;
  for (std::size_t r = 0; r < node.gradients.size(); ++r)
    if (node.gradients[r].defined())
      text += "   gradient " +
              (node.gradients.size() > 1 ? "of result " + std::to_string(r) + " " : std::string()) +
              value_text(node.gradients[r]);
  return text;
}

std::string title(const Node& node) {
  if (is_op(node)) return node.name;
  const char* const kind = node.kind == Node::Kind::leaf ? "leaf" : "data";
  return node.name.empty() ? kind : std::string(kind) + " " + node.name;
}

std::string describe(const Graph& graph, const Node& node) {
  std::string text = title(node);
  if (!node.module.empty() && is_op(node)) text += "   in " + node.module;
  if (node.value.defined()) text += "   value " + value_text(node.value);
  text += arrival(node) + "\n";
  for (const Input& input : node.inputs) {
    if (input.node < 0 || graph[input.node].kind == Node::Kind::constant) continue;
    text += "    ∂/∂" + input.name;
    const bool is_factor = input.derivative.defined() && !input.local.empty();
    if (is_factor)
      text += " = " + input.local + " = " + value_text(input.derivative);
    else if (!input.formula.empty())
      text += " · grad = " + input.formula;
    if (input.gradient.defined()) text += "   passes " + value_text(input.gradient);
    text += " to " + title(graph[input.node]) + "\n";
  }
  return text;
}

}  // namespace

std::string explain(const Graph& graph) {
  std::string text;
  for (int i = graph.size(); i-- > 0;)
    if (is_op(graph[i])) text += describe(graph, graph[i]);
  for (const Node& node : graph.nodes)
    if (node.kind == Node::Kind::leaf) text += describe(graph, node);
  const std::string rule = chain_rule(graph);
  return rule.empty() ? text : text + "\n" + rule;
}

std::string chain_rule(const Graph& graph) { return ChainRule(graph).text(); }

std::string explain(const Tensor& root, const TraceOptions& options) { return explain(trace(root, options)); }

}  // namespace xgrad::graph
