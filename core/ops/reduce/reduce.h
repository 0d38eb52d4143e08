// Reductions: over all elements, or over some dimensions, which disappear or (keepdim) stay with size 1.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The sum; integers and bool give int64. float sums are pairwise: the error grows with log n.
XGRAD_API Tensor sum(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false,
                     optional<ScalarType> dtype = nullopt);
/// The arithmetic mean of a floating-point tensor.
XGRAD_API Tensor mean(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false,
                      optional<ScalarType> dtype = nullopt);
/// The product; integers and bool give int64.
XGRAD_API Tensor prod(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false,
                      optional<ScalarType> dtype = nullopt);
/// The largest element; NaN if there is one. Equal largest elements share the gradient evenly.
XGRAD_API Tensor(max)(const Tensor& self);
XGRAD_API Tensor(min)(const Tensor& self);
XGRAD_API Tensor(max)(const Tensor& self, const Tensor& other);
XGRAD_API Tensor(min)(const Tensor& self, const Tensor& other);
/// Along a dimension: values, and the index of the first of them, which gets the gradient.
XGRAD_API auto(max)(const Tensor& self, int64_t dim, bool keepdim = false) -> std::tuple<Tensor, Tensor>;
XGRAD_API auto(min)(const Tensor& self, int64_t dim, bool keepdim = false) -> std::tuple<Tensor, Tensor>;
/// Over several dimensions (none: all); equal largest elements share the gradient evenly.
XGRAD_API Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
XGRAD_API Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
/// The index of the first largest element; without `dim` in the flattened tensor.
XGRAD_API Tensor argmax(const Tensor& self, optional<int64_t> dim = nullopt, bool keepdim = false);
XGRAD_API Tensor argmin(const Tensor& self, optional<int64_t> dim = nullopt, bool keepdim = false);
/// Smallest and largest element, of everything or along a dimension; NaN if there is one.
XGRAD_API std::tuple<Tensor, Tensor> aminmax(const Tensor& self, optional<int64_t> dim = nullopt,
                                             bool keepdim = false);
/// Whether all, or any, elements are not 0: bool, of uint8 uint8. An empty list of dimensions reduces none.
XGRAD_API Tensor all(const Tensor& self);
XGRAD_API Tensor all(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor all(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false);
XGRAD_API Tensor any(const Tensor& self);
XGRAD_API Tensor any(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor any(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false);
/// How many elements are not 0, in int64.
XGRAD_API Tensor count_nonzero(const Tensor& self);
XGRAD_API Tensor count_nonzero(const Tensor& self, int64_t dim);
XGRAD_API Tensor count_nonzero(const Tensor& self, OptionalIntArrayRef dim);
/// The sum, or the mean, of the elements that are not NaN.
XGRAD_API Tensor nansum(const Tensor& self, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                        optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                         optional<ScalarType> dtype = nullopt);

/// sum((x - mean)^2) / (n - correction), and its square root, of a floating-point tensor. The correction is 1
/// unless given; `unbiased` (true or false) is a correction of 1 or 0. With n <= correction the result is
/// inf, or NaN. An int alone is a dimension.
#define XGRAD_SPREAD(name, ...)                                                     \
  XGRAD_API __VA_ARGS__ name(const Tensor& self, bool unbiased);                    \
  XGRAD_API __VA_ARGS__ name(const Tensor& self, int dim);                          \
  XGRAD_API __VA_ARGS__ name(const Tensor& self, OptionalIntArrayRef dim = nullopt, \
                             const optional<Scalar>& correction = nullopt, bool keepdim = false);
XGRAD_SPREAD(var, Tensor)
XGRAD_SPREAD(std, Tensor)
XGRAD_SPREAD(var_mean, ::std::tuple<Tensor, Tensor>)
XGRAD_SPREAD(std_mean, ::std::tuple<Tensor, Tensor>)
#undef XGRAD_SPREAD

/// Covariances of the variables, which are the rows of a matrix, over its columns, the observations:
/// sum(w (x_i - mean_i) (x_j - mean_j)) / (sum(w) - correction * sum(w a) / sum(w)). The weights w are those
/// of frequency (integers) times those of importance, a; each is 1 unless given. A vector is one variable.
XGRAD_API Tensor cov(const Tensor& self, int64_t correction = 1,
                     const optional<Tensor>& fweights = detail::absent(),
                     const optional<Tensor>& aweights = detail::absent());
/// Pearson's correlation: covariances divided by both standard deviations, held within [-1, 1].
XGRAD_API Tensor corrcoef(const Tensor& self);

/// The p-norm (sum |x|^p)^(1/p) of the elements: the largest |x| for p = inf, the smallest for -inf, how many
/// are not 0 for p = 0. p is 2 unless given.
XGRAD_API Tensor norm(const Tensor& self, const Scalar& p = 2);
XGRAD_API Tensor norm(const Tensor& self, const optional<Scalar>& p, ScalarType dtype);
XGRAD_API Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
XGRAD_API Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim,
                      ScalarType dtype);
namespace linalg {
/// The same by its newer name.
XGRAD_API Tensor vector_norm(const Tensor& self, const Scalar& ord = 2, OptionalIntArrayRef dim = nullopt,
                             bool keepdim = false, optional<ScalarType> dtype = nullopt);
}  // namespace linalg
/// log(sum(exp(x))) without overflow; integers become the default floating dtype.
XGRAD_API Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);

/// Sums over the dimensions that were broadcast from `size`.
XGRAD_API Tensor sum_to_size(const Tensor& self, IntArrayRef size);

}  // namespace xgrad
