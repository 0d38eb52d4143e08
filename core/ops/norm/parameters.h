// The dtypes of weights and biases. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

/// Throws a TypeError for op's parameter `what` unless it has input's dtype or, beside an input of 16 bits,
/// float32.
inline void check_parameter_dtype(const char* op, const char* what, const Tensor& parameter,
                                  const Tensor& input) {
  const bool narrow = input.dtype() == kHalf || input.dtype() == kBFloat16;
  XGRAD_CHECK_AS(TypeError, parameter.dtype() == input.dtype() || (narrow && parameter.dtype() == kFloat), op,
                 ": ", what, " must have input's dtype: input is ", input.dtype(), ", ", what, " is ",
                 parameter.dtype());
}

inline Tensor to_float(const Tensor& t) { return t.defined() ? t.to(kFloat) : t; }

}  // namespace xgrad
