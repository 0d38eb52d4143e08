// Distances between the rows of two matrices.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// `batch` times n rows of a and r rows of b, of m elements each; all of float or double. a is row-major, of
/// b the columns lie side by side: m x r. `p` is the order of the norm.
struct Distances {
  const void *a, *columns;
  int64_t batch, n, r, m;
  double p;
};

/// out[i, j] = |a_i - b_j|_p: batch x n x r. Of `pairs`, where b is a, only those of i < j, one after the
/// other.
void distances(ScalarType dtype, const Distances& rows, bool pairs, void* out);

/// da[i, k] = the sum over j of g[i, j] times the derivative of d[i, j], the distances, by a[i, k]. Of
/// `pairs`, the gradient of all points.
void distances_backward(ScalarType dtype, const Distances& rows, bool pairs, const void* g, const void* d,
                        void* da);

}  // namespace xgrad::kernels
