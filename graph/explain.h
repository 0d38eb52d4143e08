// The chain rule as text: every node with its value, its derivatives and the gradient that reaches it.
#pragma once

#include <string>

#include <xgrad/graph/trace.h>

namespace xgrad::graph {

/// A graph as text, in the order of backward: each node with its forward value (see KeepValues) and the
/// gradient that arrives; for each argument the local derivative as formula and as numbers, and the gradient
/// that is passed on. Of a small graph it ends with the chain rule as a person would write it, a product
/// along each path: `∂f/∂x = −sin(1/(x+y)) · (−1/(x+y)²) · 1 = 0.03635`.
XGRAD_API std::string explain(const Graph& graph);
/// Traces `root` first. Nothing is changed: no `.grad()` is written, and backward can still be called.
XGRAD_API std::string explain(const Tensor& root, const TraceOptions& options = {});

/// The last part of it alone; empty where the graph is too large, or its values were not kept.
XGRAD_API std::string chain_rule(const Graph& graph);

}  // namespace xgrad::graph
