// softmax and its logarithm.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// exp(x_i) / sum_j exp(x_j) along `dim`, with the largest element subtracted first.
XGRAD_API Tensor softmax(const Tensor& self, int64_t dim, optional<ScalarType> dtype = nullopt);
/// log(softmax(x)), exact also where softmax underflows.
XGRAD_API Tensor log_softmax(const Tensor& self, int64_t dim, optional<ScalarType> dtype = nullopt);

}  // namespace xgrad
