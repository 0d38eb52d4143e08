// Pictures of a graph: for a page, a document, a README or Graphviz.
#pragma once

#include <string>

#include <xgrad/graph/trace.h>

namespace xgrad::graph {

/// For Graphviz: `dot -Tpng`. Modules are clusters, edges point forward.
XGRAD_API std::string to_dot(const Graph& graph);
/// For Markdown: a flowchart in Mermaid's language.
XGRAD_API std::string to_mermaid(const Graph& graph);
/// A drawing that needs nothing else: values in the boxes, gradients below them.
XGRAD_API std::string to_svg(const Graph& graph);
/// One page to look around in, which opens from disk: it steps forward and backward through the graph with
/// values, gradients and formulas; modules fold.
XGRAD_API std::string to_html(const Graph& graph, const std::string& title = "Graph");

/// Traces `output` and writes its picture to a file, as its name ends: .html, .svg, .dot or .mmd.
XGRAD_API void save_picture(const std::string& file, const Tensor& output, const TraceOptions& options = {});

}  // namespace xgrad::graph
