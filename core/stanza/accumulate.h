// The sums of gradients, as the engine needs them. Private to the library.
#pragma once

#include <xgrad/core/tape/node.h>

namespace xgrad::ops {

/// total += gradient: in place when nobody else holds `total`'s memory and nothing is recorded.
void accumulate(Tensor& total, Tensor gradient);
/// The same for a leaf's `.grad()`, which users hold: in place unless the sum is recorded.
void accumulate_leaf(Tensor& total, Tensor gradient);
/// A gradient fit to become a leaf's `.grad()`: dense and nobody else's; a copy only if need be.
Tensor own_gradient(Tensor gradient);
/// Ones of the shape and dtype of `t`.
Tensor one_like(const Tensor& t);

}  // namespace xgrad::ops
