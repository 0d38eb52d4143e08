// The kernels of activations, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/pointwise/activation_formulas.h>

XGRAD_KERNELS(Activations)
