// Where the boxes of a graph's picture go: layers of modules within modules. Private to the library.
//
// The page of to_html places the boxes itself, for they change their sizes as modules fold; which layer a box
// is in, and which box stands left of which, is decided here for both.
#pragma once

#include <string>
#include <vector>

#include <xgrad/graph/trace.h>

namespace xgrad::graph {

/// A box in its module: a node, a module, or the point through which an edge from afar passes.
struct Item {
  enum class Kind { node, group, bend };
  Kind kind = Kind::node;
  int of = -1;  ///< The node, the group, or of a bend the node whose value passes.
  int layer = 0;
  double x = 0, y = 0, width = 0, height = 0;  ///< Within the group; x is the middle.
};

/// A piece of an edge between neighbouring layers.
struct Link {
  int from = -1, to = -1;  ///< Items of the group.
  int source = -1;         ///< The node whose value it carries.
};

/// A module, or, first of all, the whole graph.
struct Group {
  std::string path;
  int parent = -1;
  std::vector<Item> items;
  std::vector<std::vector<int>> layers;  ///< Items from left to right. The first and last hold bends alone.
  std::vector<Link> links;
  double width = 0, height = 0;
};

struct Layout {
  std::vector<Group> groups;
  const Item* find(int group, Item::Kind kind, int of) const;
};

/// Layers by longest path, order by barycentre; then places for all boxes, without overlap.
Layout lay_out(const Graph& graph);

}  // namespace xgrad::graph
