// The graph in the languages of other programs: Graphviz and Mermaid.
#include <xgrad/graph/layout.h>
#include <xgrad/graph/notation.h>
#include <xgrad/graph/pictures.h>
#include <xgrad/graph/text.h>

namespace xgrad::graph {

namespace {

std::string lines_of(const Node& node, const char* newline) {
  std::string text = label(node);
  if (const std::string second = caption(node); !second.empty()) text += newline + second;
  if (const std::string third = gradient_caption(node); !third.empty()) text += newline + third;
  return text;
}

std::string mermaid_text(const Node& node) {
  std::string text = escaped(lines_of(node, "\n"));
  for (std::size_t k; (k = text.find('\n')) != std::string::npos;) text.replace(k, 1, "<br/>");
  return text;
}

std::string last_name(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// The nodes within their modules; `open` and `close` write the module around them.
template <class Open, class WriteNode>
void nest(const Layout& layout, int g, std::string& out, const Open& open, const char* close,
          const WriteNode& write) {
  const Group& group = layout.groups[static_cast<std::size_t>(g)];
  if (g > 0) out += open(g, group);
  for (const Item& item : group.items) {
    if (item.kind == Item::Kind::node) out += write(item.of);
    if (item.kind == Item::Kind::group) nest(layout, item.of, out, open, close, write);
  }
  if (g > 0) out += close;
}

std::string edges_of(const Graph& graph, const char* arrow) {
  std::string out;
  for (int v = 0; v < graph.size(); ++v)
    for (const Input& input : graph[v].inputs)
      if (input.node >= 0) out += "  n" + std::to_string(input.node) + arrow + "n" + std::to_string(v) + "\n";
  return out;
}

}  // namespace

std::string to_dot(const Graph& graph) {
  std::string out =
      "digraph xgrad {\n  node [shape=box, fontname=\"sans-serif\", fontsize=11, style=\"rounded,filled\", "
      "fillcolor=white]\n";
  nest(
      lay_out(graph), 0, out,
      [](int g, const Group& group) {
        return "  subgraph cluster_" + std::to_string(g) + " {\n  label=" + quoted(last_name(group.path)) +
               "; style=rounded; color=gray\n";
      },
      "  }\n",
      [&](int i) {
        const Node& node = graph[i];
        std::string text = quoted(lines_of(node, "\n"));
        for (std::size_t k; (k = text.find("\\u000a")) != std::string::npos;) text.replace(k, 6, "\\n");
        const char* const colour = node.kind == Node::Kind::leaf       ? ", fillcolor=\"#d8ecd4\""
                                   : node.kind == Node::Kind::constant ? ", fillcolor=\"#e8e8e8\""
                                                                       : "";
        return "  n" + std::to_string(i) + " [label=" + text + colour + "]\n";
      });
  return out + edges_of(graph, " -> ") + "}\n";
}

std::string to_mermaid(const Graph& graph) {
  std::string out = "flowchart TD\n";
  nest(
      lay_out(graph), 0, out,
      [](int g, const Group& group) {
        return "  subgraph g" + std::to_string(g) + " [\"" + escaped(last_name(group.path)) + "\"]\n";
      },
      "  end\n",
      [&](int i) {
        const bool is_op = graph[i].kind == Node::Kind::op;
        return "  n" + std::to_string(i) + (is_op ? "[\"" : "([\"") + mermaid_text(graph[i]) +
               (is_op ? "\"]\n" : "\"])\n");
      });
  return out + edges_of(graph, " --> ");
}

}  // namespace xgrad::graph
