// The kernels of the elementary functions, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/kernels/simd/vec_rare.h>
#include <xgrad/core/ops/pointwise/math_formulas.h>

XGRAD_KERNELS(Math)
