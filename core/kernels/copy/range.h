// Evenly spaced numbers in a row of memory.
#pragma once

#include <xgrad/core/types/scalar.h>

namespace xgrad::kernels {

/// out[i] = start + i * step, in 64 bits that wrap around to the integer dtype.
void arange(void* out, ScalarType dtype, int64_t n, int64_t start, int64_t step);
/// The same in float64, rounded to the floating dtype.
void arange(void* out, ScalarType dtype, int64_t n, double start, double step);
/// n numbers from start to end, both exact. Bounds and results in an integer dtype are truncated.
void linspace(void* out, ScalarType dtype, int64_t n, const Scalar& start, const Scalar& end);

/// base to the powers that linspace gives, which are not rounded for integers.
void logspace(void* out, ScalarType dtype, int64_t n, const Scalar& start, const Scalar& end, double base);

}  // namespace xgrad::kernels
