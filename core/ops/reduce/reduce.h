// Reductions: over all elements, or over some dimensions, which disappear or (keepdim) stay with size 1.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// The sum; integers and bool give int64. float sums are pairwise: the error grows with log n.
XGRAD_API Tensor sum(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor sum(const Tensor& self, IntArrayRef dim, bool keepdim = false,
                     optional<ScalarType> dtype = nullopt);
/// The arithmetic mean of a floating-point tensor.
XGRAD_API Tensor mean(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor mean(const Tensor& self, IntArrayRef dim, bool keepdim = false,
                      optional<ScalarType> dtype = nullopt);
/// The product; integers and bool give int64.
XGRAD_API Tensor prod(const Tensor& self, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false,
                      optional<ScalarType> dtype = nullopt);
/// The largest element; NaN if there is one. Equal largest elements share the gradient evenly.
XGRAD_API Tensor max(const Tensor& self);
XGRAD_API Tensor min(const Tensor& self);
XGRAD_API Tensor max(const Tensor& self, const Tensor& other);
XGRAD_API Tensor min(const Tensor& self, const Tensor& other);
/// Along a dimension: values, and the index of the first of them, which gets the gradient.
XGRAD_API std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim = false);
/// Over several dimensions (none: all); equal largest elements share the gradient evenly.
XGRAD_API Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
XGRAD_API Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
/// The index of the first largest element; without `dim` in the flattened tensor.
XGRAD_API Tensor argmax(const Tensor& self, optional<int64_t> dim = nullopt, bool keepdim = false);
XGRAD_API Tensor argmin(const Tensor& self, optional<int64_t> dim = nullopt, bool keepdim = false);
/// Whether all, or any, elements are not 0.
XGRAD_API Tensor all(const Tensor& self);
XGRAD_API Tensor any(const Tensor& self);
/// Sums over the dimensions that were broadcast from `size`.
XGRAD_API Tensor sum_to_size(const Tensor& self, IntArrayRef size);

}  // namespace xgrad
