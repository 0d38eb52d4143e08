// backward and grad: the walk from the results back to the leaves.
#pragma once

#include <optional>

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// Adds to each leaf's `.grad()` the sum over `tensors` of grad_tensors[i] * d(tensors[i])/d(leaf).
/// A missing gradient is 1 and needs a tensor of one element. With `inputs` only these tensors get their
/// gradient. `retain_graph` keeps what was saved (default: create_graph); `create_graph` records the walk
/// itself.
XGRAD_API void backward(const variable_list& tensors, const variable_list& grad_tensors = {},
                        std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                        const variable_list& inputs = {});

/// The gradients of the sum of `outputs` (weighted by `grad_outputs`) with respect to `inputs`; `.grad()` is
/// untouched. An input that was not used is an error unless `allow_unused`, then its gradient is undefined.
XGRAD_API variable_list grad(const variable_list& outputs, const variable_list& inputs,
                             const variable_list& grad_outputs = {},
                             std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                             bool allow_unused = false);

}  // namespace xgrad::autograd
