// The kernels of recurrent cells, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>
#include <xgrad/core/ops/recurrent/cell_formulas.h>

XGRAD_KERNELS(Recurrent)
