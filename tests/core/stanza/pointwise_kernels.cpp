// The kernels of the formulas of test_pointwise.cpp, compiled once per instruction set.
#include "pointwise_formulas.h"

namespace xgrad {
XGRAD_KERNELS(TestFormulas)
}
