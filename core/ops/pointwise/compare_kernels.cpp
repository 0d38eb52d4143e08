// The kernels of comparisons and choices, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/pointwise/compare_formulas.h>

XGRAD_KERNELS(Compare)
