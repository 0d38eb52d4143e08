// Triangles and diagonals of matrices. A diagonal of k goes through the elements (i, i + k).
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The lower (upper) triangle of a matrix or of each in a batch, up to (from) a diagonal; zeros elsewhere.
XGRAD_API Tensor tril(const Tensor& self, int64_t diagonal = 0);
XGRAD_API Tensor triu(const Tensor& self, int64_t diagonal = 0);
/// The coordinates of a triangle's elements, row by row: [2, count], int64 or int32.
XGRAD_API Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0,
                              const TensorOptions& options = kLong);
XGRAD_API Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0,
                              const TensorOptions& options = kLong);

/// Matrices with self's last dimension on a diagonal and zeros elsewhere; dim1 and dim2 are theirs.
XGRAD_API Tensor diag_embed(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
/// The matrix with a vector on its diagonal; of a matrix a copy of its diagonal.
XGRAD_API Tensor diag(const Tensor& self, int64_t diagonal = 0);
/// The matrix with all elements of self on its diagonal.
XGRAD_API Tensor diagflat(const Tensor& self, int64_t offset = 0);
/// The sum of a matrix's diagonal; integers give int64.
XGRAD_API Tensor trace(const Tensor& self);

}  // namespace xgrad
