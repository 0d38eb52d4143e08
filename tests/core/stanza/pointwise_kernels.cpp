// The kernels of the formulas of test_pointwise.cpp, compiled once per instruction set.
#include <xgrad/core/kernels/elementwise/rows.h>

#include "pointwise_formulas.h"

XGRAD_KERNELS(TestFormulas)
