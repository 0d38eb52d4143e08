// The kernels of functions that are hardly ever hot, compiled for the baseline instruction set alone.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/kernels/simd/vec_bessel_jy.h>
#include <xgrad/core/kernels/simd/vec_rare.h>
#include <xgrad/core/ops/pointwise/rare_formulas.h>

XGRAD_KERNELS(Rare)
