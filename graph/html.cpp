// The page: the graph as JSON, for the page's script.
#include <cmath>

#include <xgrad/graph/explain.h>
#include <xgrad/graph/layout.h>
#include <xgrad/graph/notation.h>
#include <xgrad/graph/pictures.h>
#include <xgrad/graph/text.h>

namespace xgrad::graph {

namespace {

// One JSON object; empty texts are left out.
class Object {
 public:
  Object& add(const char* key, const std::string& text) {
    return text.empty() ? *this : raw(key, quoted(text));
  }
  Object& add(const char* key, double number) {
    return raw(key, std::to_string(static_cast<int>(std::lround(number))));
  }
  Object& raw(const char* key, const std::string& json) {
    text_ += (text_.empty() ? "{\"" : ",\"") + std::string(key) + "\":" + json;
    return *this;
  }
  std::string take() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

std::string shown(const Tensor& t) { return t.defined() ? value_text(t) : ""; }

std::string saved_text(const Node& node) {
  std::string text;
  for (const Saved& s : node.saved)
    text += (text.empty() ? "" : ", ") + s.name + " (" + std::to_string(s.bytes) + " bytes, version " +
            std::to_string(s.version) +
            (s.version == s.version_now
                 ? ")"
                 : ", changed in place since: version " + std::to_string(s.version_now) + ")");
  return text;
}

std::string input_json(const Input& input, const std::string& math) {
  return Object()
      .add("name", input.name)
      .add("node", input.node)
      .add("number", shown(input.number))
      .add("formula", input.formula)
      .add("math", math)
      .add("derivative", input.local.empty() ? "" : shown(input.derivative))
      .add("passed", shown(input.gradient))
      .take();
}

class Page {
 public:
  explicit Page(const Graph& graph) : graph_(graph), layout_(lay_out(graph)), expressions_(graph) {}

  std::string data() {
    std::string nodes = "[";
    for (int i = 0; i < graph_.size(); ++i) nodes += (i == 0 ? "" : ",\n") + node_json(i);
    std::string groups = "[";
    for (std::size_t g = 0; g < layout_.groups.size(); ++g)
      groups += (g == 0 ? "" : ",\n") + group_json(layout_.groups[g]);
    return "{\"nodes\":" + nodes + "],\n\"groups\":" + groups + "],\n\"rule\":" + quoted(chain_rule(graph_)) +
           "}";
  }

 private:
  std::string node_json(int i) const {
    const Node& node = graph_[i];
    const bool is_op = node.kind == Node::Kind::op;
    std::string inputs = "[";
    for (std::size_t k = 0; k < node.inputs.size(); ++k)
      inputs += (k == 0 ? "" : ",") + input_json(node.inputs[k], expressions_.local(i, static_cast<int>(k)));
    return Object()
        .add("kind", is_op                           ? "op"
                     : node.kind == Node::Kind::leaf ? "leaf"
                                                     : "constant")
        .add("label", label(node))
        .add("name", node.name)
        .add("module", node.module)
        .add("caption", caption(node))
        .add("gradient", gradient_caption(node))
        .add("type", type_text(node))
        .add("value", shown(node.value))
        .add("arrived", node.gradients.empty() ? "" : shown(node.gradients[0]))
        .add("expression", is_op && expressions_.complete() ? in_math(expressions_[i]) : "")
        .add("saved", saved_text(node))
        .add("width", box_width(node))
        .add("height", box_height(node))
        .raw("inputs", inputs + "]")
        .take();
  }

  int count(const Group& group) const {
    int n = 0;
    for (const Item& item : group.items)
      n += item.kind == Item::Kind::node    ? 1
           : item.kind == Item::Kind::group ? count(layout_.groups[static_cast<std::size_t>(item.of)])
                                            : 0;
    return n;
  }

  std::string group_json(const Group& group) const {
    const auto number = [](int i) { return std::to_string(i); };
    return Object()
        .raw("path", quoted(group.path))
        .raw("name", quoted(group.path.substr(group.path.rfind('.') + 1)))
        .add("count", count(group))
        .raw("items",
             array(group.items,
                   [](const Item& item) {
                     return Object().add("kind", static_cast<int>(item.kind)).add("of", item.of).take();
                   }))
        .raw("layers",
             array(group.layers, [&](const std::vector<int>& layer) { return array(layer, number); }))
        .raw("links", array(group.links,
                            [&](const Link& link) {
                              return array(std::vector<int>{link.from, link.to, link.source}, number);
                            }))
        .take();
  }

  const Graph& graph_;
  Layout layout_;
  Expressions expressions_;
};

}  // namespace

std::string to_html(const Graph& graph, const std::string& title) {
  return graph_page(title, Page(graph).data());
}

void save_picture(const std::string& file, const Tensor& output, const TraceOptions& options) {
  const std::size_t dot = file.rfind('.');
  const std::string kind = dot == std::string::npos ? "" : file.substr(dot);
  XGRAD_CHECK_AS(ValueError, kind == ".html" || kind == ".svg" || kind == ".dot" || kind == ".mmd",
                 "save_picture: the name of the file must end in .html, .svg, .dot or .mmd: file is ", file);
  const Graph graph = trace(output, options);
  write_file(file, kind == ".html"  ? to_html(graph)
                   : kind == ".svg" ? to_svg(graph)
                   : kind == ".dot" ? to_dot(graph)
                                    : to_mermaid(graph));
}

}  // namespace xgrad::graph
