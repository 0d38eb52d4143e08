// What anomaly mode notes at forward and looks for in backward. Private to the library.
#pragma once

#include <string>

#include <xgrad/core/tape/node.h>

namespace xgrad::autograd {

/// Notes the op that `node` belongs to and where it is being called.
void remember_call(Node& node);
/// A node made on behalf of `inner`, such as the one of a changed view's base, was called where `inner` was.
void share_call(Node& node, const Node& inner);
/// The op users called (`log`) to get `node`.
std::string forward_op(const Node& node);
/// Throws if a gradient that `node` computed has a NaN.
void check_nan(const Node& node, const Tensor* outputs);
/// Warns when `gradient`, the sum of earlier backwards, belongs to values that `leaf` no longer has.
void check_zero_grad(const TensorImpl& leaf, const Tensor& gradient);

}  // namespace xgrad::autograd
