// The seam between sgd.cpp and the loops that are compiled once per instruction set. Plain data and
// declarations only.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// One SGD step over a range of elements. `fresh`: the buffer gets the direction itself.
struct SgdStep {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, fresh;
};

/// Updates p[0..n) along g, and the momentum buffer b when it is not null.
using SgdFloat = void (*)(const SgdStep& step, float* p, const float* g, float* b, int64_t n);
using SgdDouble = void (*)(const SgdStep& step, double* p, const double* g, double* b, int64_t n);
struct SgdTable {
  SgdFloat float_step;
  SgdDouble double_step;
};

namespace base {
extern const SgdTable sgd_table;
}
namespace avx2 {
extern const SgdTable sgd_table;
}
namespace avx512 {
extern const SgdTable sgd_table;
}

}  // namespace xgrad::kernels
