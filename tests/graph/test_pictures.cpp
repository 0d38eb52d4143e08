// Pictures as text: what other programs read, and a layout in which nothing overlaps.
#include "core/autograd/checks.h"

#include <xgrad/graph/layout.h>
#include <xgrad/graph/pictures.h>

using namespace xgrad;
using checks::check_error;
using checks::error_of;
using graph::Graph;
using graph::Item;
using graph::Names;

namespace {

Graph small_graph() {
  const graph::KeepValues keep;
  const Tensor x = tensor(1., requires_grad()), y = tensor(2., requires_grad());
  return graph::trace(cos(1 / (x + y)), Names{{"x", x}, {"y", y}});
}

Graph transformer(int64_t layers) {
  nn::TransformerEncoderLayer layer(
      nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16).dropout(0.0));
  nn::TransformerEncoder net(nn::TransformerEncoderOptions(layer, layers));
  const graph::KeepValues keep;
  return graph::trace(net(ones({5, 1, 8})).sum(), net->named_parameters());
}

Graph decoder(int64_t layers) {
  nn::TransformerDecoderLayer layer(
      nn::TransformerDecoderLayerOptions(8, 2).dim_feedforward(16).dropout(0.0));
  nn::TransformerDecoder net(nn::TransformerDecoderOptions(layer, layers));
  const graph::KeepValues keep;
  const Tensor x = ones({5, 1, 8}, requires_grad());
  return graph::trace(net(x.exp(), x.sin()).sum(), net->named_parameters());
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("Graphviz gets every node with its value and gradient, and every edge") {
  CHECK_EQ(
      graph::to_dot(small_graph()),
      "digraph xgrad {\n"
      "  node [shape=box, fontname=\"sans-serif\", fontsize=11, style=\"rounded,filled\", fillcolor=white]\n"
      "  n0 [label=\"x\\n1\\n∇ 0.03635\", fillcolor=\"#d8ecd4\"]\n"
      "  n1 [label=\"y\\n2\\n∇ 0.03635\", fillcolor=\"#d8ecd4\"]\n"
      "  n2 [label=\"add\\n3\\n∇ 0.03635\"]\n"
      "  n3 [label=\"reciprocal\\n0.3333\\n∇ −0.3272\"]\n"
      "  n4 [label=\"cos\\n0.945\\n∇ 1\"]\n"
      "  n0 -> n2\n  n1 -> n2\n  n2 -> n3\n  n3 -> n4\n}\n");
}

TEST_CASE("Mermaid gets a flowchart, with modules as subgraphs") {
  CHECK_EQ(graph::to_mermaid(small_graph()),
           "flowchart TD\n"
           "  n0([\"x<br/>1<br/>∇ 0.03635\"])\n"
           "  n1([\"y<br/>2<br/>∇ 0.03635\"])\n"
           "  n2[\"add<br/>3<br/>∇ 0.03635\"]\n"
           "  n3[\"reciprocal<br/>0.3333<br/>∇ −0.3272\"]\n"
           "  n4[\"cos<br/>0.945<br/>∇ 1\"]\n"
           "  n0 --> n2\n  n1 --> n2\n  n2 --> n3\n  n3 --> n4\n");
  const std::string net = graph::to_mermaid(transformer(2));
  CHECK_EQ(count(net, "  subgraph "), count(net, "  end\n"));
  check_error(net, "[\"self_attn\"]");
}

TEST_CASE("a watched layer without parameters is a module in every picture and text") {
  nn::Sequential net(nn::Linear(2, 3), nn::ReLU());
  const graph::KeepValues keep(net);
  const Graph g = graph::trace(net->forward(ones({1, 2})), net->named_parameters());
  const auto node = std::to_string(g.size() - 1);
  check_error(graph::to_dot(g), "label=\"1\"; style=rounded; color=gray\n  n" + node + " [label=\"relu");
  check_error(graph::to_mermaid(g), "[\"1\"]\n  n" + node + "[\"relu");
  CHECK_EQ(count(graph::to_svg(g), "<rect class=\"group\""), 2);
  check_error(graph::to_html(g), "\"label\":\"relu\",\"name\":\"ReluBackward\",\"module\":\"1\"");
  check_error(graph::explain(g), "ReluBackward   in 1 ");
}

TEST_CASE("boxes do not overlap, and lie within their module") {
  const graph::Layout layout = graph::lay_out(transformer(3));
  for (const graph::Group& group : layout.groups) {
    for (const Item& a : group.items) {
      if (a.kind == Item::Kind::bend) continue;
      CHECK_GE(a.x - a.width / 2, 0);
      CHECK_LE(a.x + a.width / 2, group.width);
      CHECK_LE(a.y + a.height, group.height);
      for (const Item& b : group.items)
        if (&a != &b && b.kind != Item::Kind::bend) {
          const bool apart = std::abs(a.x - b.x) >= (a.width + b.width) / 2 || a.y + a.height <= b.y ||
                             b.y + b.height <= a.y;
          CHECK(apart);
        }
    }
  }
}

TEST_CASE("edges lead from layer to layer, downwards") {
  const graph::Layout layout = graph::lay_out(transformer(3));
  for (const graph::Group& group : layout.groups)
    for (const graph::Link& link : group.links) {
      const Item& from = group.items[static_cast<std::size_t>(link.from)];
      const Item& to = group.items[static_cast<std::size_t>(link.to)];
      CHECK_EQ(to.layer, from.layer + 1);
    }
}

TEST_CASE(
    "what enters a module has the order inside that it has outside, so that edges cross nowhere twice") {
  const graph::Layout layout = graph::lay_out(decoder(3));
  int pairs = 0;
  for (std::size_t g = 1; g < layout.groups.size(); ++g) {
    const graph::Group& inner = layout.groups[g];
    const graph::Group& outer = layout.groups[static_cast<std::size_t>(inner.parent)];
    double last = -1;
    for (int entry : inner.layers.front())
      for (const graph::Link& link : outer.links) {
        const Item& to = outer.items[static_cast<std::size_t>(link.to)];
        if (to.kind != Item::Kind::group || to.of != static_cast<int>(g) ||
            link.source != inner.items[static_cast<std::size_t>(entry)].of)
          continue;
        const double x = outer.items[static_cast<std::size_t>(link.from)].x;
        CHECK_GE(x, last);
        pairs += last >= 0;
        last = x;
      }
  }
  CHECK_GT(pairs, 0);
}

TEST_CASE("a drawing is one SVG with a box for every node and names made safe") {
  const graph::KeepValues keep;
  const Tensor x = tensor(1., requires_grad());
  const std::string svg = graph::to_svg(graph::trace(x.exp(), Names{{"<x&>", x}}));
  check_error(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  check_error(svg, ">&lt;x&amp;&gt;</text>");
  CHECK_EQ(count(svg, "<rect class=\"op\""), 1);
  CHECK_EQ(count(svg, "<rect class=\"leaf\""), 1);
  const Graph net = transformer(2);
  CHECK_EQ(count(graph::to_svg(net), "<g>"), net.size());
}

TEST_CASE("a page holds no link to anywhere, and a name cannot end its data") {
  const Tensor x = tensor(1., requires_grad());
  const std::string page = graph::to_html(graph::trace(x.exp(), Names{{"</script>", x}}), "<title>");
  CHECK_EQ(count(page, "</script>"), 2);
  CHECK_EQ(count(page, "src="), 0);
  CHECK_EQ(count(page, "https:"), 0);
  check_error(page, "<title>&lt;title&gt;</title>");
}

TEST_CASE("a picture's file says by its name what it is to be") {
  const Tensor x = tensor(1., requires_grad());
  check_error(
      error_of([&] { graph::save_picture("picture.png", x.exp()); }),
      "save_picture: the name of the file must end in .html, .svg, .dot or .mmd: file is picture.png");
  check_error(error_of([&] { graph::save_picture("no/such/folder/a.svg", x.exp()); }),
              "cannot write no/such/folder/a.svg");
}
