// Scans: every element along a dimension becomes the sum, product, ... of itself and those before it.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// Running sums; integers and bool give int64. Summed in float64.
XGRAD_API Tensor cumsum(const Tensor& self, int64_t dim, optional<ScalarType> dtype = nullopt);
/// Running products; integers and bool give int64.
XGRAD_API Tensor cumprod(const Tensor& self, int64_t dim, optional<ScalarType> dtype = nullopt);
/// log(cumsum(exp(x))) without overflow, of a floating-point tensor.
XGRAD_API Tensor logcumsumexp(const Tensor& self, int64_t dim);
/// The largest, or smallest, element so far and the index of the last of them, which gets the gradient.
XGRAD_API std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim);
XGRAD_API std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim);

// What derivatives are made of; private to the library.
namespace ops {

/// A dimension, and which end a scan begins at.
struct Along {
  int64_t dim;
  bool reversed = false;
  Along back() const { return {dim, !reversed}; }
};

/// y_i = a_i y_i-1 + b_i with y_-1 = 0. a and b have one shape and one floating dtype.
XGRAD_API Tensor linear_recurrence(const Tensor& a, const Tensor& b, const Along& along);
/// The product of all other elements along a dimension, whatever is zero.
Tensor product_of_others(const Tensor& x, int64_t dim);

}  // namespace ops

}  // namespace xgrad
