// Checkpointing: memory for time. A part of the graph is not kept but computed again when backward arrives
// there.
#pragma once

#include <functional>

#include <xgrad/core/autograd/node.h>

namespace xgrad::autograd {

/// function(inputs), run without recording; backward runs it once more, with recording and with the random
/// numbers of the first run (`preserve_rng_state`), and goes through it at once. So only `inputs` are kept,
/// not what function computes.
///
/// Tensors that function captures, such as parameters, collect their `.grad()` while backward is under way;
/// for `autograd::grad` and `backward(inputs)` they must be among `inputs`. The outputs always require a
/// gradient; create_graph is an error.
XGRAD_API variable_list checkpoint(std::function<variable_list(const variable_list&)> function,
                                   const variable_list& inputs, bool preserve_rng_state = true);

}  // namespace xgrad::autograd
