// Differences and integrals of values on a grid.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// x[i + 1] - x[i] along a dimension, n times, of the tensor between `prepend` and `append`, where given; of
/// bool whether neighbours differ.
XGRAD_API Tensor diff(const Tensor& self, int64_t n = 1, int64_t dim = -1,
                      const optional<Tensor>& prepend = detail::absent(),
                      const optional<Tensor>& append = detail::absent());

/// The derivative of a function by its values on a grid, along each of `dim` (unless given, of all
/// dimensions): central differences of second order inside, and at both ends of order `edge_order`, 1 or 2.
/// `spacing` is the distance of neighbours, for all or for each dimension, or for each the coordinates of its
/// points.
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, const optional<Scalar>& spacing = nullopt,
                                       optional<int64_t> dim = nullopt, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim,
                                       int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing,
                                       optional<int64_t> dim = nullopt, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim,
                                       int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, TensorList spacing,
                                       optional<int64_t> dim = nullopt, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim,
                                       int64_t edge_order = 1);

/// The integral along a dimension by the trapezoidal rule, sum of (x[i + 1] - x[i]) (y[i] + y[i + 1]) / 2; x
/// are the coordinates, of y's shape or broadcast to it, or the points are `dx` apart.
XGRAD_API Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
XGRAD_API Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
/// The running sums of the same.
XGRAD_API Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);

}  // namespace xgrad
