// Values in order: sorting, and what stands at a place in the order. NaN is larger than all, and of equal
// values the one that comes first stays first.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// Values and int64 indices along a dimension in ascending or descending order. Always stable, asked or not.
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, optional<bool> stable, int64_t dim = -1,
                                          bool descending = false);
/// The indices alone. An int is a dimension.
XGRAD_API Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API Tensor argsort(const Tensor& self, int dim, bool descending = false);
XGRAD_API Tensor argsort(const Tensor& self, bool stable, int64_t dim = -1, bool descending = false);
/// The values in ascending order along the first dimension.
XGRAD_API Tensor msort(const Tensor& self);
/// The k largest, or smallest, elements along a dimension, and their int64 indices. Unless `sorted` they come
/// in the order in which they stand.
XGRAD_API std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1,
                                          bool largest = true, bool sorted = true);
/// The k-th smallest element along a dimension, k from 1, and its index.
XGRAD_API std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim = -1,
                                              bool keepdim = false);
/// The element in the middle of the order, the lower one of two. NaN if there is one, or (nanmedian) among
/// those that are not NaN. Of everything, equal ones share the gradient evenly; along a dimension with the
/// index.
XGRAD_API Tensor median(const Tensor& self);
XGRAD_API std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor nanmedian(const Tensor& self);
XGRAD_API std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim = false);
/// The most frequent element along a dimension, of several the smallest, and the index of the last one.
XGRAD_API std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim = -1, bool keepdim = false);

/// The values below which fractions q in [0, 1] of the elements lie, along a dimension or of all: with x
/// sorted and r = q (n - 1), "linear" x[floor r] + (r - floor r) (x[ceil r] - x[floor r]), "lower" x[floor
/// r], "higher" x[ceil r], "nearest" x[round r] or "midpoint" between lower and higher. q is a number or a
/// vector, which becomes the first dimension; float32 or float64, as self. NaN where there is one, or
/// (nanquantile) among those that are not NaN.
XGRAD_API Tensor quantile(const Tensor& self, const Tensor& q, optional<int64_t> dim = nullopt,
                          bool keepdim = false, std::string_view interpolation = "linear");
XGRAD_API Tensor quantile(const Tensor& self, double q, optional<int64_t> dim = nullopt, bool keepdim = false,
                          std::string_view interpolation = "linear");
XGRAD_API Tensor nanquantile(const Tensor& self, const Tensor& q, optional<int64_t> dim = nullopt,
                             bool keepdim = false, std::string_view interpolation = "linear");
XGRAD_API Tensor nanquantile(const Tensor& self, double q, optional<int64_t> dim = nullopt,
                             bool keepdim = false, std::string_view interpolation = "linear");

}  // namespace xgrad
