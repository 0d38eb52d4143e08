// Several tensors made one, and one tensor repeated, turned or moved around.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The tensors one after the other along an existing dimension; all other sizes must agree.
XGRAD_API Tensor cat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concat(TensorList tensors, int64_t dim = 0);
/// Tensors of one shape along a new dimension.
XGRAD_API Tensor stack(TensorList tensors, int64_t dim = 0);
/// The tensor `repeats[d]` times along each dimension; more repeats than dimensions add dimensions in front.
XGRAD_API Tensor repeat(const Tensor& self, IntArrayRef repeats);
/// The same; fewer numbers than dimensions stand for the last ones.
XGRAD_API Tensor tile(const Tensor& self, IntArrayRef dims);
/// The order along these dimensions reversed.
XGRAD_API Tensor flip(const Tensor& self, IntArrayRef dims);
/// Moved by `shifts` along `dims`, what leaves at the end comes in at the start; without dims in the
/// flattened tensor.
XGRAD_API Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});

}  // namespace xgrad
