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

inline constexpr int64_t kLine = 64;                        // bytes
inline constexpr int64_t kStreamBytes = int64_t{32} << 20;  // a result that no cache keeps until it is read

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

/// The same for any number of bytes, whose first and last ones may share a line with others.
inline void stream_copy(void* dst, const void* src, int64_t bytes) {
  auto* to = static_cast<char*>(dst);
  const auto* from = static_cast<const char*>(src);
  const int64_t to_line = -reinterpret_cast<std::intptr_t>(to) & (kLine - 1);
  const int64_t head = to_line < bytes ? to_line : bytes;
  if (head > 0) std::memcpy(to, from, static_cast<std::size_t>(head));
  int64_t done = head;
  for (; done + kLine <= bytes; done += kLine) stream_line(to + done, from + done);
  if (done < bytes) std::memcpy(to + done, from + done, static_cast<std::size_t>(bytes - done));
}

/// Asks for the line that `p` is in; p need not be a valid address.
inline void prefetch_line(const char* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p);
  asm volatile("" : : "r"(p));  // GCC drops calls of a function that does nothing but this
#else
  (void)p;
#endif
}

/// Makes streamed lines visible to other threads.
inline void stream_fence() {
#ifdef XGRAD_HAS_STREAM
  _mm_sfence();
#endif
}

}  // namespace xgrad::kernels
