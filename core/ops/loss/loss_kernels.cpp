// The kernels of elementwise losses, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/loss/loss_formulas.h>

XGRAD_KERNELS(Losses)
