// Products of bfloat16 matrices by the processor's matrix unit (AMX), in blocks that the caller packs. It
// takes numbers below 2^-126 for zero, and sums in float. The bits of an element of C depend on its row of A
// and its column of B alone.
#pragma once

#include <cstdint>

#include <xgrad/core/types/half.h>

namespace xgrad::kernels {

inline constexpr int64_t kAmxRows = 32, kAmxDepth = 32;  // the multiples that blocks come in

/// Whether this machine has such a unit, the system lets the process use it, and XGRAD_ISA does not forbid
/// it.
bool has_amx() noexcept;

/// A as the unit reads it, or the transpose of B (`pairs`): `lines` rows of k elements, filled up with zeros
/// to multiples of kAmxRows and kAmxDepth, as words of two elements. One of the steps, in elements, is 1.
void amx_pack(uint32_t* to, bool pairs, const BFloat16* from, int64_t line_step, int64_t k_step,
              int64_t lines, int64_t k);

/// C (m x n) = A B, for packed B and multiples of the above. A is packed where lda is 0, else rows of memory
/// that are lda elements apart.
void amx_multiply(const void* a, int64_t lda, const uint32_t* b, int64_t m, int64_t n, int64_t k, float* c,
                  int64_t ldc);

}  // namespace xgrad::kernels
