// What a node may ask of the walk that runs it. Private to the library.
#pragma once

#include <xgrad/core/autograd/node.h>

namespace xgrad::autograd {

/// For a node that computes its part of the graph only now, while it runs: the walk goes on at `edge` with
/// `gradient`, as if that part had been there from the start. `from` is the node itself; an error when no
/// walk runs it.
void walk_on(const Node& from, const Edge& edge, Tensor gradient);

}  // namespace xgrad::autograd
