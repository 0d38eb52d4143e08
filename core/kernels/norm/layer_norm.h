// Normalisation of rows to mean 0 and variance 1.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// What layer_norm reads and writes: rows x n elements of float or double; weight and bias have n, mean and
/// rstd one for each row. Null where there is none.
struct LayerNorm {
  const void *x, *weight, *bias;
  void *y, *mean, *rstd;
  double eps;
  bool centred;  ///< Otherwise the mean counts as 0, and is not written.
};
/// y = (x - mean) * rstd * weight + bias, with rstd = 1 / sqrt(variance + eps) of the row.
void layer_norm(ScalarType dtype, const LayerNorm& arrays, int64_t rows, int64_t n);

/// Gradients are null where they are not wanted.
struct LayerNormBackward {
  const void *g, *x, *weight, *mean, *rstd;
  void *dx, *dweight, *dbias;
  bool centred;
};
/// dx = rstd * (gw - mean(gw) - xh * mean(gw * xh)) with gw = g * weight and xh = (x - mean) * rstd; dweight
/// and dbias are the sums of g * xh and g over the rows, in blocks that do not depend on threads.
void layer_norm_backward(ScalarType dtype, const LayerNormBackward& arrays, int64_t rows, int64_t n);

}  // namespace xgrad::kernels
