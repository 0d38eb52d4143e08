// Takes the place of the system's allocator.
#include "core/autograd/no_memory.h"

#include <cstdlib>

thread_local constinit long allocations_left = -1;
thread_local constinit long blocks_of_new = 0;

namespace {

bool fails() { return allocations_left >= 0 && allocations_left-- == 0; }

void* aligned(std::size_t alignment, std::size_t bytes) {
  void* block = nullptr;
  return posix_memalign(&block, alignment, bytes) == 0 ? block : nullptr;
}

}  // namespace

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return fails() ? nullptr : aligned(alignment, bytes);
}
// Not inline: GCC would see malloc and delete, or new and free, and take them for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  void* const block = fails() ? nullptr : std::malloc(bytes + 1);
  if (!block) throw std::bad_alloc();
  ++blocks_of_new;
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  if (block) --blocks_of_new;
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
