// The kernels of the rules of optimizers, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/optim/formulas.h>

XGRAD_KERNELS(Optimizers)
