// The kernels of functions of integers and bits, compiled for the baseline instruction set alone.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/kernels/simd/vec_rare.h>
#include <xgrad/core/ops/pointwise/bits_formulas.h>

XGRAD_KERNELS(Bits)
