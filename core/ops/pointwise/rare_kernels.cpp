// The kernels of special functions, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/kernels/simd/vec_bessel_jy.h>
#include <xgrad/core/kernels/simd/vec_rare.h>
#include <xgrad/core/ops/pointwise/rare_formulas.h>

XGRAD_KERNELS(Rare)
