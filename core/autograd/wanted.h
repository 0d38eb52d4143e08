// What `grad` and `backward(inputs)` ask for, and which nodes lead there. Private to the engine.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// A gradient that is asked for, and where it passes.
struct Capture {
  Edge edge;
  Tensor gradient;
};

class Wanted {
 public:
  explicit Wanted(std::vector<Capture>& captures) {
    for (Capture& c : captures) {
      needed_[c.edge.function.get()] = true;
      captures_.emplace(c.edge.function.get(), &c);
    }
  }

  /// Finds which nodes below `root` lead to something asked for: depth first, without recursion.
  void explore(Node* root) {
    std::vector<std::pair<Node*, uint32_t>> path{{root, 0}};
    if (leads_on_.count(root)) return;
    leads_on_[root] = root->may_lead_anywhere();
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (next == node->num_outputs()) {
        const bool wanted = leads_on_[node] || needed_[node];
        needed_[node] = wanted;
        path.pop_back();
        if (wanted && !path.empty()) leads_on_[path.back().first] = true;
        continue;
      }
      Node* child = node->next_edge(next++).function.get();
      if (!child) continue;
      if (auto known = leads_on_.find(child); known != leads_on_.end()) {
        if (needed_[child]) leads_on_[node] = true;
        continue;
      }
      leads_on_[child] = child->may_lead_anywhere();
      path.emplace_back(child, 0);
    }
  }

  /// Whether the node's own gradient or one below it is asked for / one below it.
  bool needs(Node* node) { return needed_[node]; }
  bool leads_on(Node* node) { return leads_on_[node]; }

  /// The gradients with which `node` is about to run.
  void arrive(Node* node, Tensor* gradients) {
    for (auto [c, end] = captures_.equal_range(node); c != end; ++c)
      c->second->gradient = gradients[c->second->edge.input_nr];
  }
  /// One more share of a leaf's gradient.
  void arrive_at_leaf(Node* leaf, const Tensor& gradient) {
    for (auto [c, end] = captures_.equal_range(leaf); c != end; ++c)
      ops::accumulate(c->second->gradient, gradient);
  }

 private:
  std::unordered_multimap<Node*, Capture*> captures_;
  std::unordered_map<Node*, bool> needed_, leads_on_;
};

}  // namespace xgrad::autograd
