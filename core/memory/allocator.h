// Where all memory of tensors and graph nodes comes from: a caching allocator.
//
// Small blocks (up to 256 KB) are kept in free lists of the thread, larger ones in one shared cache; above a
// limit memory goes back to the system. When a thread ends, the shared cache gets what it kept. Fresh pages
// are what a large elementwise op spends most of its time on, so a block that was written before is worth
// keeping. Under sanitizers (unless XGRAD_ALLOCATOR=caching), and with XGRAD_ALLOCATOR=system, every block
// comes straight from the system.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad::memory {

/// `bytes` bytes, aligned to 64 when `bytes` is a multiple of 64, else to 32. Throws Error when the system
/// has no more.
void* allocate(std::size_t bytes);
/// Gives a block back; `bytes` must be what it was allocated with.
void deallocate(void* block, std::size_t bytes) noexcept;

/// Returns all cached large blocks to the system.
void empty_cache() noexcept;

struct Stats {
  int64_t bytes_cached = 0;  // in the shared cache
  int64_t blocks_live =
      0;  // handed out and not yet returned; counted only under sanitizers or XGRAD_ALLOCATOR=system
};
Stats stats() noexcept;

namespace detail {

// Classes: multiples of 32 bytes up to 1 KB, then eight steps for each power of two. A class whose size is a
// multiple of 64 has blocks aligned to 64.
inline constexpr std::size_t kFineLimit = 1024, kFineStep = 32, kThreadLimit = std::size_t{1} << 18;
inline constexpr int kFineClasses = 32, kThreadClasses = kFineClasses + 8 * 8;

constexpr int size_class(std::size_t bytes) {
  if (bytes <= kFineLimit) return bytes == 0 ? 0 : static_cast<int>((bytes - 1) / kFineStep);
  const int log2 = 63 - __builtin_clzll(bytes - 1);  // 2^log2 < bytes <= 2^(log2+1)
  const int step = static_cast<int>(((bytes - 1) >> (log2 - 3)) & 7);
  return kFineClasses + (log2 - 10) * 8 + step;
}
constexpr std::size_t class_size(int c) {
  if (c < kFineClasses) return kFineStep * static_cast<std::size_t>(c + 1);
  const int log2 = 10 + (c - kFineClasses) / 8, step = (c - kFineClasses) % 8;
  return (std::size_t{8} + static_cast<std::size_t>(step) + 1) << (log2 - 3);
}

struct FreeBlock {
  FreeBlock* next;
  // In the first block of a batch that lies in the shared cache:
  FreeBlock* next_batch;
  std::size_t count;
};
struct FreeList {
  FreeBlock* head;
  std::size_t count;
};

// What a thread keeps of one class: a list in use, a full one in reserve, and fresh memory not yet cut into
// blocks.
struct ThreadClass {
  FreeList active;
  FreeBlock* reserve;
  char* fresh;
  char* fresh_end;
};
struct ThreadCache {
  ThreadClass classes[kThreadClasses];
};

}  // namespace detail
}  // namespace xgrad::memory
