// Stores that bypass the cache, for results too large to stay in it: the old content of a line is not fetched
// first. Plain stores where the processor has none of that kind. Nothing else that is particular to a
// processor.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define XGRAD_HAS_STREAM 1
#endif

namespace xgrad::kernels {

inline constexpr int64_t kLine = 64;  // bytes

/// Copies one cache line; `dst` must be aligned to it. Call `stream_fence` after the last one.
inline void stream_line(void* dst, const void* src) {
#ifdef XGRAD_HAS_STREAM
  auto* to = static_cast<__m128i*>(dst);
  const auto* from = static_cast<const __m128i*>(src);
  for (int i = 0; i < 4; ++i) _mm_stream_si128(to + i, _mm_loadu_si128(from + i));
#else
  std::memcpy(dst, src, kLine);
#endif
}

/// Makes streamed lines visible to other threads.
inline void stream_fence() {
#ifdef XGRAD_HAS_STREAM
  _mm_sfence();
#endif
}

}  // namespace xgrad::kernels
