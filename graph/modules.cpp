// The path of the module of each node. Nodes need know nothing of modules: who reads `fc1.weight` is
// part of `fc1`, and modules run one after the other, so that what was computed between two layers belongs to
// what holds both.
#include <xgrad/graph/modules.h>

#include <algorithm>
#include <optional>

#include <xgrad/core/tape/meta.h>

namespace xgrad::graph {

namespace {

using Path = std::optional<std::string>;  // none: tells nothing

Path common(const Path& a, const Path& b) { return !a ? b : !b ? a : Path(common_module(*a, *b)); }

std::string module_of_parameter(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

bool is_parameter(const Node& node) {
  return node.kind != Node::Kind::op && node.name.find('.') != std::string::npos;
}

// What KeepValues has seen of an op.
const autograd::NodeExtras* seen_of(const Node& node) {
  return node.kind == Node::Kind::op ? node.function->extras() : nullptr;
}

// What is made of parameters alone, such as the transpose of a weight, counts as one.
struct Reading {
  std::vector<Path> of;  // by node: where it ran, or the module of the parameters that it reads
  std::vector<bool> is_made_of_parameters;

  explicit Reading(const Graph& graph) : of(graph.nodes.size()), is_made_of_parameters(graph.nodes.size()) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      if (is_parameter(node)) of[i] = module_of_parameter(node.name);
      bool all = is_parameter(node) || !node.inputs.empty();
      for (const Input& input : node.inputs) {
        if (input.node < 0 && !input.number.defined()) all = false;
        if (input.node < 0) continue;
        const auto from = static_cast<std::size_t>(input.node);
        if (is_made_of_parameters[from])
          of[i] = common(of[i], of[from]);
        else
          all = false;
      }
      is_made_of_parameters[i] = all && of[i];
      if (const auto* seen = seen_of(node); seen && seen->module) of[i] = seen->module;
    }
  }
};

// A constant that a module has made for its own ops, such as what dropout multiplies by, stands beside them.
void place_inner_constants(Graph& graph) {
  std::vector<Path> places(graph.nodes.size());
  for (const Node& node : graph.nodes) {
    const autograd::NodeExtras* seen = seen_of(node);
    for (std::size_t k = 0; seen && k < std::min(seen->constants.size(), node.inputs.size()); ++k) {
      const int from = node.inputs[k].node;
      if (from < 0 || graph[from].kind != Node::Kind::constant) continue;
      Path& place = places[static_cast<std::size_t>(from)];
      place = common(place, seen->constants[k].is_inner ? node.module : "");
    }
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] && !is_parameter(graph.nodes[i])) graph.nodes[i].module = *places[i];
}

}  // namespace

std::string common_module(const std::string& a, const std::string& b) {
  std::size_t shared = 0;
  for (std::size_t i = 0; i <= std::min(a.size(), b.size()); ++i) {
    const bool a_ends = i == a.size() || a[i] == '.', b_ends = i == b.size() || b[i] == '.';
    if (a_ends && b_ends) shared = i;
    if (i == a.size() || i == b.size() || a[i] != b[i]) break;
  }
  return a.substr(0, shared);
}

void set_module_paths(Graph& graph) {
  const Reading reading(graph);
  const std::size_t n = graph.nodes.size();
  std::vector<Path> next(n);  // of the next op that reads parameters
  Path seen;
  for (std::size_t i = n; i-- > 0;) {
    next[i] = seen;
    if (graph.nodes[i].kind == Node::Kind::op && reading.of[i]) seen = reading.of[i];
  }
  seen.reset();
  for (std::size_t i = 0; i < n; ++i) {
    Node& node = graph.nodes[i];
    if (reading.of[i]) {
      node.module = *reading.of[i];
      if (node.kind == Node::Kind::op) seen = reading.of[i];
    } else if (node.kind == Node::Kind::op && seen && next[i]) {
      node.module = common_module(*seen, *next[i]);
    }
  }
  place_inner_constants(graph);
}

}  // namespace xgrad::graph
