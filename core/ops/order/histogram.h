// Counting values, and finding their places among sorted ones. None of these has a derivative.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// result[v] = how often v is in self, a vector of integers that are not negative; or the sum of the weights
/// at its places. As long as the largest value asks for, and at least `minlength`. int64; weights give
/// float32 where they are that, else float64.
XGRAD_API Tensor bincount(const Tensor& self, const optional<Tensor>& weights = detail::absent(),
                          int64_t minlength = 0);
/// How many elements lie in each of `bins` bins of equal width from min to max, or from the smallest to the
/// largest element where these are equal; in self's dtype, which is floating. The last bin holds max.
XGRAD_API Tensor histc(const Tensor& self, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);

/// How many elements, or how much of `weight` (of self's shape), lie in each bin, and the edges of the bins:
/// those given, which ascend, or `bins` of equal width over `range`, from the smallest to the largest element
/// without one. A bin holds its left edge, the last one both. `density` divides by total and width, so that
/// the integral is 1. self is float32 or float64, and so are the results.
XGRAD_API std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins,
                                               const optional<Tensor>& weight = detail::absent(),
                                               bool density = false);
XGRAD_API std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins = 100,
                                               optional<ArrayRef<double>> range = nullopt,
                                               const optional<Tensor>& weight = detail::absent(),
                                               bool density = false);
/// The same for points: the last dimension of self holds coordinates, the histogram has one for each of them,
/// and so many lists of edges. `range` has two numbers for each.
XGRAD_API std::tuple<Tensor, std::vector<Tensor>> histogramdd(
    const Tensor& self, TensorList bins, optional<ArrayRef<double>> range = nullopt,
    const optional<Tensor>& weight = detail::absent(), bool density = false);
XGRAD_API std::tuple<Tensor, std::vector<Tensor>> histogramdd(
    const Tensor& self, IntArrayRef bins, optional<ArrayRef<double>> range = nullopt,
    const optional<Tensor>& weight = detail::absent(), bool density = false);

/// For each value the position in an ascending sequence before which it belongs: the first whose element is
/// not less, or (right) greater. `sorted_sequence` is a vector, or has a row for each row of self. Dtypes are
/// promoted; a NaN among the values comes last. `side` is "left" or "right"; `sorter` (int64, as argsort
/// gives it) orders a sequence that is not. int64, or int32.
XGRAD_API Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false,
                              bool right = false, optional<std::string_view> side = nullopt,
                              const optional<Tensor>& sorter = detail::absent());
XGRAD_API Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32 = false,
                              bool right = false, optional<std::string_view> side = nullopt,
                              const optional<Tensor>& sorter = detail::absent());
/// The same in a vector of boundaries: boundaries[i - 1] < value <= boundaries[i], or (right) <= and <.
XGRAD_API Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false,
                           bool right = false);
XGRAD_API Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false,
                           bool right = false);

}  // namespace xgrad
