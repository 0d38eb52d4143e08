// The doors to the engine that only the library uses.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

class AccumulateGrad;

/// For a node that computes its part of the graph only now, while it runs: the walk goes on at `edge` with
/// `gradient`, as if that part had been there from the start. `from` is the node itself; an error when no
/// walk runs it.
void walk_on(const Node& from, const Edge& edge, Tensor gradient);

/// Looks on as `walk` goes by.
class Visitor {
 public:
  virtual ~Visitor() = default;
  /// `node` was reached, and all gradients of its results have arrived. Writes those of its inputs, as
  /// Node::run does.
  virtual void visit(Node& node, Tensor* grads_in, Tensor* grads_out) = 0;
  /// The end: a leaf and its whole gradient. Leaves come last, in the order in which they were reached.
  virtual void visit_leaf(const AccumulateGrad& leaf, const Tensor& gradient) = 0;
};

/// Goes the way of backward from `root`, with 1 as its gradient, but runs no hooks, frees nothing and changes
/// no `.grad()`.
void walk(const Tensor& root, Visitor& visitor);

/// backward for a single root, which has no list to make.
void backward_from(const Tensor& root, const Tensor& gradient, bool keep_graph, bool create_graph);

}  // namespace xgrad::autograd
