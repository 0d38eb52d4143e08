// A tensor as a set of values. None of these has a derivative.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The different values in ascending order (asked or not) as a vector, or with `dim` the different slices
/// along it, in the order of their elements; where each element or slice went; and how often each value was
/// there. What is not asked for is an empty tensor. NaN differs from NaN.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique(const Tensor& self, bool sorted = true,
                                                    bool return_inverse = false, bool return_counts = false,
                                                    optional<int64_t> dim = nullopt);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true,
                                                      bool return_inverse = false,
                                                      bool return_counts = false);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted = true,
                                                        bool return_inverse = false,
                                                        bool return_counts = false);
/// The same without sorting: only neighbours that are equal become one.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self,
                                                                bool return_inverse = false,
                                                                bool return_counts = false,
                                                                optional<int64_t> dim = nullopt);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim,
                                                                    bool return_inverse = false,
                                                                    bool return_counts = false);

/// Whether each element is (with `invert`: is not) among the test elements: bool. Dtypes are promoted; NaN is
/// in nothing.
XGRAD_API Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false,
                      bool invert = false);
XGRAD_API Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false,
                      bool invert = false);
XGRAD_API Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false,
                      bool invert = false);

}  // namespace xgrad
