// The drawing as SVG, with the places of layout.cpp. Colours follow the reader's light or dark.
#include <cmath>
#include <utility>

#include <xgrad/graph/layout.h>
#include <xgrad/graph/notation.h>
#include <xgrad/graph/pictures.h>
#include <xgrad/graph/text.h>

namespace xgrad::graph {

namespace {

constexpr const char* kStyle =
    "<style>svg{color-scheme:light dark;background:#fff}text{font:12px "
    "ui-sans-serif,system-ui,sans-serif;text-anchor:middle;fill:#1b1f24}"
    "rect{fill:#fff;stroke:#6b7280}.leaf{fill:#dff1da;stroke:#4b8b3b}.constant{fill:#eceef1}"
    ".group{fill:#7b8aa0;fill-opacity:.08;stroke:#9aa5b4}.path{fill:none;stroke:#8791a0;stroke-width:1.3}"
    ".small{font-size:11px;fill:#4a5563}.grad{font-size:11px;fill:#b3261e}.title{text-anchor:start;fill:#"
    "5b6675}"
    "@media(prefers-color-scheme:dark){svg{background:#15181d}text{fill:#e6e9ee}rect{fill:#22272f}"
    ".leaf{fill:#21391e}.constant{fill:#2c313a}.small{fill:#aab3c0}.grad{fill:#ff8f85}.title{fill:#9aa5b4}}</"
    "style>";

std::string n(double number) { return std::to_string(static_cast<int>(std::lround(number))); }

class Drawing {
 public:
  explicit Drawing(const Graph& graph) : graph_(graph), layout_(lay_out(graph)) {}

  std::string take() {
    const Group& all = layout_.groups[0];
    draw(0, 0, 0);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"computational graph\" "
           "width=\"" +
           n(all.width) + "\" height=\"" + n(all.height) + "\" viewBox=\"0 0 " + n(all.width) + " " +
           n(all.height) + "\">" + kStyle + "\n" + out_ + "</svg>\n";
  }

 private:
  void draw(int g, double x, double y) {
    const Group& group = layout_.groups[static_cast<std::size_t>(g)];
    if (g > 0)
      out_ += "<rect class=\"group\" x=\"" + n(x) + "\" y=\"" + n(y) + "\" width=\"" + n(group.width) +
              "\" height=\"" + n(group.height) + "\" rx=\"10\"/>" + "<text class=\"title small\" x=\"" +
              n(x + 8) + "\" y=\"" + n(y + 15) + "\">" +
              escaped(group.path.substr(group.path.rfind('.') + 1)) + "</text>\n";
    for (const Link& link : group.links) draw_link(group, link, x, y);
    for (const Item& item : group.items) {
      if (item.kind == Item::Kind::group) draw(item.of, x + item.x - item.width / 2, y + item.y);
      if (item.kind == Item::Kind::node) draw_node(graph_[item.of], x + item.x, y + item.y, item);
    }
  }

  // Where the value of `source` passes the border of an item.
  double border(const Item& item, int source, bool bottom) const {
    if (item.kind != Item::Kind::group) return item.x;
    const Group& inner = layout_.groups[static_cast<std::size_t>(item.of)];
    for (int i : bottom ? inner.layers.back() : inner.layers.front()) {
      const Item& bend = inner.items[static_cast<std::size_t>(i)];
      if (bend.of == source) return item.x - item.width / 2 + bend.x;
    }
    return item.x;
  }

  void draw_link(const Group& group, const Link& link, double x, double y) {
    const Item& from = group.items[static_cast<std::size_t>(link.from)];
    const Item& to = group.items[static_cast<std::size_t>(link.to)];
    const double x1 = x + border(from, link.source, true), y1 = y + from.y + from.height;
    const double x2 = x + border(to, link.source, false), y2 = y + to.y, bow = std::abs(y2 - y1) / 2;
    out_ += "<path class=\"path\" d=\"M" + n(x1) + " " + n(from.kind == Item::Kind::bend ? y + from.y : y1) +
            "V" + n(y1) + "C" + n(x1) + " " + n(y1 + bow) + " " + n(x2) + " " + n(y2 - bow) + " " + n(x2) +
            " " + n(y2) + "\"/>\n";
  }

  void draw_node(const Node& node, double x, double y, const Item& item) {
    const char* const kind = node.kind == Node::Kind::leaf       ? "leaf"
                             : node.kind == Node::Kind::constant ? "constant"
                                                                 : "op";
    out_ += std::string("<g><title>") + escaped(node.name + " " + type_text(node)) +
            "</title><rect class=\"" + kind + "\" x=\"" + n(x - item.width / 2) + "\" y=\"" + n(y) +
            "\" width=\"" + n(item.width) + "\" height=\"" + n(item.height) + "\" rx=\"" +
            (node.kind == Node::Kind::op ? "5" : "14") + "\"/>";
    double line = y + 1;
    for (const auto& [text, style] : {std::pair(label(node), "name"), std::pair(caption(node), "small"),
                                      std::pair(gradient_caption(node), "grad")})
      if (!text.empty())
        out_ += "<text x=\"" + n(x) + "\" y=\"" + n(line += 16) + "\" class=\"" + style + "\">" +
                escaped(text) + "</text>";
    out_ += "</g>\n";
  }

  const Graph& graph_;
  Layout layout_;
  std::string out_;
};

}  // namespace

std::string to_svg(const Graph& graph) { return Drawing(graph).take(); }

}  // namespace xgrad::graph
