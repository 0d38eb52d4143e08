// Distances between vectors, and vectors brought to a length.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The p-norm of self - other, which broadcast.
XGRAD_API Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p = 2);
/// Slices along `dim` whose p-norm exceeds maxnorm, scaled down to it.
XGRAD_API Tensor renorm(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm);

/// The p-norms of all differences of a row of x1 and a row of x2: [..., p, m] and [..., r, m] give [..., p,
/// r]; batches broadcast. Euclidean distances of more than 25 long rows go through a matrix product, which is
/// faster and less exact, unless compute_mode is 2; 1 asks for the product in any case.
XGRAD_API Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2,
                       optional<int64_t> compute_mode = nullopt);
/// The p-norms of the differences of all pairs of rows i < j of a matrix of n rows: [n (n - 1) / 2].
XGRAD_API Tensor pdist(const Tensor& self, double p = 2);

}  // namespace xgrad
