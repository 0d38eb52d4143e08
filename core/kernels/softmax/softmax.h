// Softmax and its logarithm along one dimension, forward and backward.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// y = exp(x - max) / sum(exp(x - max)), or its logarithm (x - max) - log(sum(exp(x - max))), over the middle
/// dimension of contiguous [outer, n, inner]. Any floating dtype, the 16-bit ones by way of float; y may be
/// x. A row of -inf, or with +inf or NaN, gives NaN.
void softmax(bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n, int64_t inner);

/// dx = y * (g - sum(g * y)), or dx = g - exp(y) * sum(g) for the logarithm; y is the result of `softmax`. dx
/// may be g or y.
void softmax_backward(bool log, const void* g, const void* y, void* dx, ScalarType dtype, int64_t outer,
                      int64_t n, int64_t inner);

/// The same with the kernels of a given instruction set.
void softmax_on(Isa isa, bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n,
                int64_t inner);
void softmax_backward_on(Isa isa, bool log, const void* g, const void* y, void* dx, ScalarType dtype,
                         int64_t outer, int64_t n, int64_t inner);

}  // namespace xgrad::kernels
