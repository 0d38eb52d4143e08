// The kernels of the reductions, compiled once per instruction set.
#include <xgrad/core/kernels/reduce/loops.h>
#include <xgrad/core/ops/reduce/formulas.h>

namespace xgrad::kernels::XGRAD_ISA {

extern const ReduceKernels* const reductions = ReduceFamily<Reductions>::kernels;

}  // namespace xgrad::kernels::XGRAD_ISA
