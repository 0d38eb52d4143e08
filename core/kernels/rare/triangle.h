// Triangles of matrices. A diagonal of k goes through the elements (i, i + k).
#pragma once

#include <xgrad/core/kernels/array.h>

namespace xgrad::kernels {

enum class Triangle : bool { lower, upper };

/// Zeros all of the row-major matrices but the triangle up to `diagonal`, or from it on.
void keep_triangle(const ArrayView& matrices, int64_t diagonal, Triangle which);

/// How many elements the triangle of a rows x columns matrix has.
int64_t triangle_size(int64_t rows, int64_t columns, int64_t diagonal, Triangle which);
/// Their coordinates, row by row: `out` is row-major int64 [2, triangle_size].
void triangle_indices(const ArrayView& out, int64_t rows, int64_t columns, int64_t diagonal, Triangle which);

}  // namespace xgrad::kernels
