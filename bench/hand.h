// What a hand-written benchmark returns and shares. Plain C++ and xsimd; no tensor library in here.
#pragma once

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include <xsimd/xsimd.hpp>

#include "harness.h"

namespace bench {

/// A result that lives in the workload's own memory.
struct Span {
  const float* data;
  std::int64_t size;
};

template <>
struct Result<Span> {
  static void keep(const Span& s) { keep_pointer(s.data); }
  static Digest digest(const Span& s) { return Digest::of(s.data, s.size); }
};

/// Memory on cache lines, and on huge pages where it is large: what a careful programmer allocates once and
/// reuses.
template <class T>
struct Allocator {
  using value_type = T;
  Allocator() = default;
  template <class U>
  explicit Allocator(const Allocator<U>&) {}

  T* allocate(std::size_t n) {
    constexpr std::size_t huge = std::size_t{2} << 20;
    const std::size_t bytes = n * sizeof(T), align = bytes < huge ? 64 : huge;
    void* p = std::aligned_alloc(align, (bytes + align - 1) / align * align);
    if (!p) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    if (align == huge) madvise(p, bytes, MADV_HUGEPAGE);
#endif
    return static_cast<T*>(p);
  }
  void deallocate(T* p, std::size_t) { std::free(p); }

  friend bool operator==(const Allocator&, const Allocator&) { return true; }
  friend bool operator!=(const Allocator&, const Allocator&) { return false; }
};

using Floats = std::vector<float, Allocator<float>>;
using Batch = xsimd::batch<float>;
constexpr std::int64_t width = Batch::size;

inline Floats aligned_values(std::int64_t size, unsigned seed, float scale = 1.F) {
  const auto list = values(size, seed, scale);
  return Floats(list.begin(), list.end());
}

inline Batch load(const float* p) { return Batch::load_unaligned(p); }

/// Writes a batch past the caches, to an aligned place: for results that come a line here and a line there,
/// where fetching each line before overwriting it would take most of the time.
inline void stream(float* p, const Batch& b) {
#if defined(__AVX512F__)
  _mm512_stream_ps(p, b);
#elif defined(__AVX__)
  _mm256_stream_ps(p, b);
#else
  b.store_aligned(p);
#endif
}

/// y = a^T for a square of 16 x 16 with the given distances between rows; four by four, in registers.
void transpose_tile(const float* a, std::int64_t a_stride, float* y, std::int64_t y_stride);

void add_hand_limit_workloads();
void add_hand_array_workloads();
void add_hand_reduction_workloads();
void add_hand_small_workloads();
void add_hand_optim_workloads();
void add_hand_product_workloads();
void add_hand_file_workloads();

}  // namespace bench
