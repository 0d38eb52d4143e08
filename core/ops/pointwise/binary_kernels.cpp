// The kernels of functions of two numbers, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/pointwise/binary_formulas.h>

XGRAD_KERNELS(BinaryFunctions)
