// What the ops with an index for every element have in common. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

#include <xgrad/core/kernels/index.h>

namespace xgrad::ops {

/// Where an index goes: a dimension, and for each element a place along it (int64).
struct IndexAlong {
  int64_t dim;
  Tensor index;
};

/// The rules that do not depend on the values of the index; an empty one follows all.
IndexAlong along(const char* op, const Tensor& self, int64_t dim, const Tensor& index);
/// The part of src that the index covers.
Tensor checked_source(const char* op, const Tensor& self, const Tensor& index, const Tensor& src);
/// x[index] = src along a dimension, or combined with it; every index is checked before.
void write_along(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                 optional<kernels::Combine> how = nullopt);

}  // namespace xgrad::ops
