// The doors to the engine that only the library uses.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// For a node that computes its part of the graph only now, while it runs: the walk goes on at `edge` with
/// `gradient`, as if that part had been there from the start. `from` is the node itself; an error when no
/// walk runs it.
void walk_on(const Node& from, const Edge& edge, Tensor gradient);

/// backward for a single root, which has no list to make.
void backward_from(const Tensor& root, const Tensor& gradient, bool keep_graph, bool create_graph);

}  // namespace xgrad::autograd
