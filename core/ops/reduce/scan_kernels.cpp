// The kernels of the scans, for the baseline instruction set.
#include <xgrad/core/kernels/reduce/scan_loops.h>
#include <xgrad/core/ops/reduce/scan_formulas.h>

namespace xgrad::kernels {
namespace {

template <class... F>
constexpr ScanFamily<Scans::size> family(OpList<F...>) {
  return {{base::scan_kernels<F>()...}};
}

}  // namespace

extern const ScanFamily<Scans::size> scan_family = family(Scans{});

}  // namespace xgrad::kernels
