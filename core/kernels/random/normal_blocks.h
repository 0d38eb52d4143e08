// The seam between random.cpp and random_isa.cpp, which is compiled once per instruction set. Declarations
// only.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// Turns blocks of 16 uniform numbers of [0, 1), 8 for the radius and 8 for the angle, into normal ones.
using NormalBlocks = void (*)(float* p, std::int64_t blocks, float mean, float std);

namespace base {
void normal_blocks(float* p, std::int64_t blocks, float mean, float std);
}
namespace avx2 {
void normal_blocks(float* p, std::int64_t blocks, float mean, float std);
}
namespace avx512 {
void normal_blocks(float* p, std::int64_t blocks, float mean, float std);
}

}  // namespace xgrad::kernels
