// In which module an op was computed, where nobody has seen it told by the parameters it reads. Private to
// the library.
#pragma once

#include <xgrad/graph/trace.h>

namespace xgrad::graph {

/// Fills in Node::module, from what KeepValues has seen and the names of the leaves.
void set_module_paths(Graph& graph);

/// The innermost module that holds both.
std::string common_module(const std::string& a, const std::string& b);

}  // namespace xgrad::graph
