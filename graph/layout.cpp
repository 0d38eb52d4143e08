// A layered drawing (Sugiyama, Tagawa, Toda 1981), done in each module by itself, so that no two modules
// overlap.
#include <xgrad/graph/layout.h>

#include <algorithm>
#include <map>
#include <utility>

#include <xgrad/graph/notation.h>

namespace xgrad::graph {

namespace {

constexpr double kGap = 22, kLayerGap = 30, kMargin = 14, kTitle = 22, kBend = 8;
constexpr int kLongestBend = 60;  // layers that an edge may pass with a place of its own in each
constexpr int kSweeps = 8;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

class Builder {
 public:
  explicit Builder(const Graph& graph) : graph_(graph) {
    group_of("");
    for (int i = 0; i < graph.size(); ++i) place_node(i);
    std::vector<std::vector<std::pair<int, int>>> direct(layout_.groups.size());
    for (int v = 0; v < graph.size(); ++v)
      for (const Input& input : graph[v].inputs)
        if (input.node >= 0) route(input.node, v, direct);
    for (std::size_t g = 0; g < layout_.groups.size(); ++g) {
      set_layers(layout_.groups[g], direct[g]);
      connect(static_cast<int>(g));
    }
    order(0);
  }

  Layout take() { return std::move(layout_); }

 private:
  // A value on its way through a group: from an item, or (-1) from above; to items, or below.
  struct Passage {
    int from = -1;
    std::vector<int> to;
    bool leaves = false;
  };

  int group_of(const std::string& path) {
    const auto [found, is_new] = groups_.emplace(path, static_cast<int>(groups_.size()));
    const int index = found->second;
    if (!is_new) return index;
    layout_.groups.emplace_back();
    layout_.groups.back().path = path;
    item_in_parent_.push_back(-1);
    passages_.emplace_back();
    if (path.empty()) return index;
    const std::size_t dot = path.rfind('.');
    const int parent = group_of(dot == std::string::npos ? "" : path.substr(0, dot));
    layout_.groups[at(index)].parent = parent;
    item_in_parent_[at(index)] = add({Item::Kind::group, index}, parent);
    return index;
  }

  int add(Item item, int group) {
    layout_.groups[at(group)].items.push_back(item);
    return static_cast<int>(layout_.groups[at(group)].items.size()) - 1;
  }

  void place_node(int i) {
    const int group = group_of(graph_[i].module);
    Item item{Item::Kind::node, i};
    group_of_node_.push_back(group);
    item_of_node_.push_back(add(item, group));
  }

  // The groups around a node, innermost first, each with the item in it that holds the node.
  std::vector<std::pair<int, int>> around(int node) const {
    std::vector<std::pair<int, int>> all;
    int item = item_of_node_[at(node)];
    for (int g = group_of_node_[at(node)]; g >= 0; g = layout_.groups[at(g)].parent) {
      all.emplace_back(g, item);
      item = item_in_parent_[at(g)];
    }
    return all;
  }

  void route(int u, int v, std::vector<std::vector<std::pair<int, int>>>& direct) {
    const auto from = around(u), to = around(v);
    std::size_t a = from.size(), b = to.size();
    while (a > 1 && b > 1 && from[a - 2].first == to[b - 2].first) --a, --b;
    const auto [group, source] = from[a - 1];
    const int target = to[b - 1].second;
    direct[at(group)].emplace_back(source, target);
    passages_[at(group)][u].from = source;
    passages_[at(group)][u].to.push_back(target);
    for (std::size_t i = 0; i + 1 < a; ++i) {
      Passage& p = passages_[at(from[i].first)][u];
      p.from = from[i].second;
      p.leaves = true;
    }
    for (std::size_t i = 0; i + 1 < b; ++i) passages_[at(to[i].first)][u].to.push_back(to[i].second);
  }

  // Longest paths; what has no input in the group stands just above its first reader. A module that is used
  // several times may read what comes after it: such an edge has no say.
  void set_layers(Group& group, const std::vector<std::pair<int, int>>& edges) const {
    const std::size_t n = group.items.size();
    std::vector<std::vector<int>> next(n);
    std::vector<int> age(n);
    for (std::size_t i = 0; i < n; ++i) age[i] = first_op(group.items[i]);
    std::vector<bool> reads(n);
    for (const auto& [from, to] : edges)
      if (age[at(from)] < age[at(to)]) {
        next[at(from)].push_back(to);
        reads[at(to)] = true;
      }
    std::vector<int> by_age(n);
    for (std::size_t i = 0; i < n; ++i) by_age[i] = static_cast<int>(i);
    std::sort(by_age.begin(), by_age.end(), [&](int a, int b) { return age[at(a)] < age[at(b)]; });
    for (Item& item : group.items) item.layer = 1;
    for (int i : by_age)
      for (int j : next[at(i)]) {
        int& layer = group.items[at(j)].layer;
        layer = std::max(layer, group.items[at(i)].layer + 1);
      }
    int last = 1;
    for (std::size_t i = 0; i < n; ++i) {
      int first = 0;
      for (int j : next[i])
        first = first == 0 ? group.items[at(j)].layer : std::min(first, group.items[at(j)].layer);
      if (!reads[i] && first > 1) group.items[i].layer = first - 1;
      last = std::max(last, group.items[i].layer);
    }
    group.layers.resize(at(last) + 2);
  }

  // What reads nothing is older than all ops.
  int first_op(const Item& item) const {
    if (item.kind == Item::Kind::node) return graph_[item.of].kind == Node::Kind::op ? item.of : -1;
    int first = graph_.size();
    for (const Item& inner : layout_.groups[at(item.of)].items)
      if (const int op = inner.kind == Item::Kind::bend ? -1 : first_op(inner); op >= 0)
        first = std::min(first, op);
    return first;
  }

  // Pieces from layer to layer. All that one node's value reaches goes by the same bends.
  void connect(int g) {
    Group& group = layout_.groups[at(g)];
    const int bottom = static_cast<int>(group.layers.size()) - 1;
    for (auto& [source, p] : passages_[at(g)]) {
      std::sort(p.to.begin(), p.to.end());
      p.to.erase(std::unique(p.to.begin(), p.to.end()), p.to.end());
      int here = p.from < 0 ? bend(g, source, 0) : p.from, layer = group.items[at(here)].layer;
      int end = p.leaves ? bottom : layer;
      for (int to : p.to) end = std::max(end, group.items[at(to)].layer);
      const bool is_short = end - layer <= kLongestBend;
      const int start = here;
      for (const int from_layer = layer; layer < end;) {
        ++layer;
        for (int to : p.to) {
          const int at_layer = group.items[at(to)].layer;
          if (at_layer == layer || (at_layer <= from_layer && layer == from_layer + 1))
            group.links.push_back({is_short ? here : start, to, source});
        }
        if (layer == end && !(p.leaves && layer == bottom)) break;
        if (!is_short && layer != bottom) continue;
        const int through = bend(g, source, layer);
        group.links.push_back({is_short ? here : start, through, source});
        here = through;
      }
    }
    for (std::size_t i = 0; i < group.items.size(); ++i)
      group.layers[at(group.items[i].layer)].push_back(static_cast<int>(i));
  }

  int bend(int g, int source, int layer) {
    Item item{Item::Kind::bend, source};
    item.layer = layer;
    return add(item, g);
  }

  // From the outside in: what comes into a module comes in the order that it has outside.
  void order(int g) {
    Group& group = layout_.groups[at(g)];
    if (g > 0) {
      const Group& parent = layout_.groups[at(group.parent)];
      std::map<int, double> places;  // by the node whose value it is
      for (const Link& link : parent.links)
        if (link.to == item_in_parent_[at(g)]) places[link.source] = place_in_layer(parent, link.from);
      std::stable_sort(group.layers.front().begin(), group.layers.front().end(), [&](int a, int b) {
        return places[group.items[at(a)].of] < places[group.items[at(b)].of];
      });
    }
    order_layers(group);
    for (const Item& item : group.items)
      if (item.kind == Item::Kind::group) order(item.of);
  }

  static double place_in_layer(const Group& group, int item) {
    const std::vector<int>& layer = group.layers[at(group.items[at(item)].layer)];
    const auto index = std::find(layer.begin(), layer.end(), item) - layer.begin();
    return (static_cast<double>(index) + 0.5) / static_cast<double>(layer.size());
  }

  // Every item goes to the mean of its neighbours in the layer before, downwards and upwards in turns; the
  // first layer stays.
  static void order_layers(Group& group) {
    std::vector<std::vector<int>> up(group.items.size()), down(group.items.size());
    for (const Link& link : group.links) {
      down[at(link.from)].push_back(link.to);
      up[at(link.to)].push_back(link.from);
    }
    std::vector<double> place(group.items.size());
    const auto number = [&] {
      for (const auto& layer : group.layers)
        for (std::size_t i = 0; i < layer.size(); ++i)
          place[at(layer[i])] = (static_cast<double>(i) + 0.5) / static_cast<double>(layer.size());
    };
    number();
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const bool downwards = sweep % 2 == 0;
      for (std::size_t k = 0; k < group.layers.size(); ++k) {
        if (k == (downwards ? 0 : group.layers.size() - 1)) continue;
        std::vector<int>& layer = group.layers[downwards ? k : group.layers.size() - 1 - k];
        std::map<int, double> mean;
        for (int i : layer) {
          const std::vector<int>& near = (downwards ? up : down)[at(i)];
          double sum = 0;
          for (int j : near) sum += place[at(j)];
          mean[i] = near.empty() ? place[at(i)] : sum / static_cast<double>(near.size());
        }
        std::stable_sort(layer.begin(), layer.end(), [&](int a, int b) { return mean[a] < mean[b]; });
        for (std::size_t i = 0; i < layer.size(); ++i)
          place[at(layer[i])] = (static_cast<double>(i) + 0.5) / static_cast<double>(layer.size());
      }
    }
  }

  const Graph& graph_;
  Layout layout_;
  std::map<std::string, int> groups_;
  std::vector<int> item_in_parent_, group_of_node_, item_of_node_;
  std::vector<std::map<int, Passage>> passages_;  // by group and source
};

// The places nearest to where each item wants to be that keep order and distance: pool adjacent violators.
std::vector<double> without_overlap(const std::vector<double>& wish, const std::vector<double>& widths) {
  struct Pool {
    double sum;
    int count;
  };
  std::vector<double> offsets;
  std::vector<Pool> pools;
  double offset = 0;
  for (std::size_t i = 0; i < wish.size(); ++i) {
    if (i > 0) offset += (widths[i - 1] + widths[i]) / 2 + kGap;
    offsets.push_back(offset);
    pools.push_back({wish[i] - offset, 1});
    while (pools.size() > 1) {
      Pool& last = pools.back();
      Pool& before = pools[pools.size() - 2];
      if (before.sum / before.count <= last.sum / last.count) break;
      before = {before.sum + last.sum, before.count + last.count};
      pools.pop_back();
    }
  }
  std::vector<double> places;
  for (const Pool& pool : pools)
    for (int k = 0; k < pool.count; ++k) places.push_back(pool.sum / pool.count + offsets[places.size()]);
  return places;
}

// Sizes from the inside out, then places.
void place(const Graph& graph, Layout& layout, int g) {
  Group& group = layout.groups[at(g)];
  for (Item& item : group.items) {
    if (item.kind == Item::Kind::group) {
      place(graph, layout, item.of);
      item.width = layout.groups[at(item.of)].width;
      item.height = layout.groups[at(item.of)].height;
    } else if (item.kind == Item::Kind::node) {
      item.width = box_width(graph[item.of]);
      item.height = box_height(graph[item.of]);
    } else {
      item.width = kBend;
    }
  }
  std::vector<std::vector<int>> near(group.items.size());
  for (const Link& link : group.links) {
    near[at(link.from)].push_back(link.to);
    near[at(link.to)].push_back(link.from);
  }
  for (int sweep = -1; sweep < kSweeps; ++sweep)
    for (std::size_t k = 0; k < group.layers.size(); ++k) {
      const std::vector<int>& layer = group.layers[sweep % 2 == 0 ? group.layers.size() - 1 - k : k];
      std::vector<double> wish, widths;
      for (int i : layer) {
        double sum = 0;
        for (int j : near[at(i)]) sum += group.items[at(j)].x;
        wish.push_back(sweep < 0 || near[at(i)].empty() ? group.items[at(i)].x
                                                        : sum / static_cast<double>(near[at(i)].size()));
        widths.push_back(group.items[at(i)].width);
      }
      const std::vector<double> places = without_overlap(wish, widths);
      for (std::size_t i = 0; i < layer.size(); ++i) group.items[at(layer[i])].x = places[i];
    }
  double left = 0, right = 0, y = g == 0 ? kMargin : kTitle;
  bool is_first = true;
  for (const auto& layer : group.layers) {
    double height = 0;
    for (int i : layer) {
      const Item& item = group.items[at(i)];
      left = is_first ? item.x - item.width / 2 : std::min(left, item.x - item.width / 2);
      right = is_first ? item.x + item.width / 2 : std::max(right, item.x + item.width / 2);
      is_first = false;
      height = std::max(height, item.height);
    }
    for (int i : layer) {
      Item& item = group.items[at(i)];
      if (item.kind == Item::Kind::bend) item.height = height;  // straight past its neighbours
      item.y = y + height - item.height;                        // near to who reads it
    }
    if (height > 0) y += height + kLayerGap;
  }
  group.width = std::max(right - left + 2 * kMargin, 8 * static_cast<double>(group.path.size()));
  group.height = y - kLayerGap + kMargin;
  const double shift = (group.width - left - right) / 2;
  for (Item& item : group.items) item.x += shift;
  for (int i : group.layers.back()) group.items[at(i)].y = group.height;
  for (int i : group.layers.front()) group.items[at(i)].y = 0;
}

}  // namespace

const Item* Layout::find(int group, Item::Kind kind, int of) const {
  for (const Item& item : groups[at(group)].items)
    if (item.kind == kind && item.of == of) return &item;
  return nullptr;
}

Layout lay_out(const Graph& graph) {
  Layout layout = Builder(graph).take();
  place(graph, layout, 0);
  return layout;
}

}  // namespace xgrad::graph
