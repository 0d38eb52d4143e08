// Checkpointing: memory for time. A part of the graph is not kept but computed again when backward arrives
// there.
#pragma once

#include <functional>

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// function(inputs), run without recording; backward runs it once more, with recording and with the random
/// numbers of the first run (`preserve_rng_state`), whatever other threads draw, and goes through it at once.
/// So only `inputs` are kept, not what function computes. Gradients reach `inputs` and all that function
/// captures, such as parameters, of any order. The outputs always require a gradient.
/// function must not change `inputs` in place. Within a dual level it is simply called. (Chen et al.,
/// "Training Deep Nets with Sublinear Memory Cost", 2016.)
XGRAD_API variable_list checkpoint(std::function<variable_list(const variable_list&)> function,
                                   const variable_list& inputs, bool preserve_rng_state = true);

}  // namespace xgrad::autograd
