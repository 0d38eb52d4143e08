// What an op costs, by its shapes. Private to the library.
#pragma once

#include <cstdint>

#include <xgrad/core/tape/observer.h>

namespace xgrad::graph {

/// Multiply-adds of what is made of products: matrices, convolutions, recurrent layers, attention. 0 for all
/// else.
int64_t mult_adds(const autograd::OpRun& run);

/// The memory of the results. Views and what was changed in place take none.
int64_t result_bytes(const autograd::OpRun& run);

}  // namespace xgrad::graph
