// The kernels of arithmetic, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/pointwise/arithmetic_formulas.h>

XGRAD_KERNELS(Arithmetic)
