// torch.masked: reductions, scans and normalisations over the elements that a mask keeps.
#pragma once

#include <xgrad/core/tensor/forward.h>

/// The function of the same name over the elements where `mask` (bool, of a shape that broadcasts to the
/// input's) is true; all of them without a mask. Over none a sum is 0, a product 1, amax the dtype's least
/// number, a mean or a median NaN. No list of dimensions, or an empty one, is all dimensions; `dtype` is that
/// of the result. No gradient reaches what is masked out.
namespace xgrad::masked {

#define XGRAD_MASKED_REDUCTION(name)                                                                  \
  XGRAD_API Tensor name(const Tensor& input, OptionalIntArrayRef dim = nullopt, bool keepdim = false, \
                        optional<ScalarType> dtype = nullopt,                                         \
                        const optional<Tensor>& mask = detail::absent());
XGRAD_MASKED_REDUCTION(sum)
XGRAD_MASKED_REDUCTION(prod)
XGRAD_MASKED_REDUCTION(mean)
XGRAD_MASKED_REDUCTION(amax)
XGRAD_MASKED_REDUCTION(amin)
XGRAD_MASKED_REDUCTION(logsumexp)
#undef XGRAD_MASKED_REDUCTION

/// Positions count the elements that are masked out too.
XGRAD_API Tensor argmax(const Tensor& input, optional<int64_t> dim = nullopt, bool keepdim = false,
                        optional<ScalarType> dtype = nullopt,
                        const optional<Tensor>& mask = detail::absent());
XGRAD_API Tensor argmin(const Tensor& input, optional<int64_t> dim = nullopt, bool keepdim = false,
                        optional<ScalarType> dtype = nullopt,
                        const optional<Tensor>& mask = detail::absent());
/// An Error for integers of which nothing is left.
XGRAD_API Tensor median(const Tensor& input, int64_t dim = -1, bool keepdim = false,
                        optional<ScalarType> dtype = nullopt,
                        const optional<Tensor>& mask = detail::absent());
XGRAD_API Tensor norm(const Tensor& input, const Scalar& ord = 2.0, OptionalIntArrayRef dim = nullopt,
                      bool keepdim = false, optional<ScalarType> dtype = nullopt,
                      const optional<Tensor>& mask = detail::absent());
/// The correction is 1 unless given; `unbiased` (true or false) is a correction of 1 or 0.
XGRAD_API Tensor var(const Tensor& input, OptionalIntArrayRef dim = nullopt,
                     const optional<Scalar>& correction = nullopt, bool keepdim = false,
                     optional<ScalarType> dtype = nullopt, const optional<Tensor>& mask = detail::absent());
XGRAD_API Tensor std(const Tensor& input, OptionalIntArrayRef dim = nullopt,
                     const optional<Scalar>& correction = nullopt, bool keepdim = false,
                     optional<ScalarType> dtype = nullopt, const optional<Tensor>& mask = detail::absent());

#define XGRAD_MASKED_ALONG(name)                                                                \
  XGRAD_API Tensor name(const Tensor& input, int64_t dim, optional<ScalarType> dtype = nullopt, \
                        const optional<Tensor>& mask = detail::absent());
XGRAD_MASKED_ALONG(cumsum)
XGRAD_MASKED_ALONG(cumprod)
XGRAD_MASKED_ALONG(softmax)
XGRAD_MASKED_ALONG(log_softmax)
XGRAD_MASKED_ALONG(softmin)
#undef XGRAD_MASKED_ALONG

/// The elements divided by their norm, which counts as `eps` at least.
XGRAD_API Tensor normalize(const Tensor& input, const Scalar& ord, int64_t dim, double eps = 1e-12,
                           optional<ScalarType> dtype = nullopt,
                           const optional<Tensor>& mask = detail::absent());
XGRAD_API Tensor logaddexp(const Tensor& input, const Tensor& other, optional<ScalarType> dtype = nullopt,
                           const optional<Tensor>& input_mask = detail::absent(),
                           const optional<Tensor>& other_mask = detail::absent());

}  // namespace xgrad::masked
