// Several tensors made one, and one tensor repeated, turned or moved around.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The tensors one after the other along an existing dimension; all other sizes must agree.
XGRAD_API Tensor cat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concat(TensorList tensors, int64_t dim = 0);
/// Tensors of one shape along a new dimension.
XGRAD_API Tensor stack(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concatenate(TensorList tensors, int64_t dim = 0);
/// Tensors beside each other (along dimension 1, vectors along 0), below each other, behind each other.
XGRAD_API Tensor hstack(TensorList tensors);
XGRAD_API Tensor vstack(TensorList tensors);
XGRAD_API Tensor row_stack(TensorList tensors);
XGRAD_API Tensor dstack(TensorList tensors);
/// As hstack, with vectors and numbers as columns of a matrix.
XGRAD_API Tensor column_stack(TensorList tensors);
/// The matrix with these matrices along its diagonal and zeros elsewhere; a vector counts as one row.
XGRAD_API Tensor block_diag(TensorList tensors);
/// All ways to take one element of each of these vectors: a row each, the last one changing fastest. Of one
/// vector that vector.
XGRAD_API Tensor cartesian_prod(TensorList tensors);
/// All ways to take r elements of a vector in their order, without or with taking one again: a row each.
XGRAD_API Tensor combinations(const Tensor& self, int64_t r = 2, bool with_replacement = false);
/// The tensor `repeats[d]` times along each dimension; more repeats than dimensions add dimensions in front.
XGRAD_API Tensor repeat(const Tensor& self, IntArrayRef repeats);
/// The same; fewer numbers than dimensions stand for the last ones.
XGRAD_API Tensor tile(const Tensor& self, IntArrayRef dims);
/// Every slice along `dim` (of the flattened tensor without one) as often as `repeats` says, which is one
/// number for all or a vector of them, int64 or int32. `output_size` is the sum, where it is known.
XGRAD_API Tensor repeat_interleave(const Tensor& self, int64_t repeats, optional<int64_t> dim = nullopt,
                                   optional<int64_t> output_size = nullopt);
XGRAD_API Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, optional<int64_t> dim = nullopt,
                                   optional<int64_t> output_size = nullopt);
/// i as often as repeats[i] says: [0, 0, 2] of [2, 0, 1].
XGRAD_API Tensor repeat_interleave(const Tensor& repeats, optional<int64_t> output_size = nullopt);
/// The order along these dimensions reversed.
XGRAD_API Tensor flip(const Tensor& self, IntArrayRef dims);
XGRAD_API Tensor fliplr(const Tensor& self);
XGRAD_API Tensor flipud(const Tensor& self);
/// Turned k times by 90 degrees, from the first of two dimensions towards the second.
XGRAD_API Tensor rot90(const Tensor& self, int64_t k = 1, IntArrayRef dims = {0, 1});
/// Moved by `shifts` along `dims`, what leaves at the end comes in at the start; without dims in the
/// flattened tensor.
XGRAD_API Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});

}  // namespace xgrad
