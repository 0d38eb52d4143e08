// Window functions, over double arrays in row-major order. Their period is in elements.
#pragma once

#include <xgrad/core/kernels/array.h>

namespace xgrad::kernels {

/// a - b cos(t) + c cos(2 t), t = 2 pi k / period.
void cosine_window(const ArrayView& out, double period, double a, double b, double c);
/// 1 - |2 k / period - 1|.
void triangular_window(const ArrayView& out, double period);

/// i0(beta sqrt(1 - (2 k / period - 1)^2)) / i0(beta).
void kaiser_window(const ArrayView& out, double period, double beta);

}  // namespace xgrad::kernels
