// The caching allocator: thread lists, the shared cache behind them, and the system behind that.
#include <xgrad/core/memory/allocator.h>

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include <xgrad/core/types/error.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define XGRAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define XGRAD_SANITIZED 1
#endif
#endif
#ifndef XGRAD_SANITIZED
#define XGRAD_SANITIZED 0
#endif

namespace xgrad::memory {
namespace detail {
thread_local constinit ThreadCache thread_cache{};
}

namespace {

using namespace detail;

constexpr int kClasses = kFineClasses + 8 * 38;
constexpr std::size_t kHugePage = std::size_t{2} << 20, kSlab = std::size_t{1} << 20;

bool use_system() {
  static const bool system = [] {
    const char* e = std::getenv("XGRAD_ALLOCATOR");
    return XGRAD_SANITIZED || (e && std::strcmp(e, "system") == 0);
  }();
  return system;
}

void* system_allocate(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : 64;
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* p = rounded < bytes ? nullptr : std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
  if (!p) fail("allocate: the system has no ", static_cast<int64_t>(bytes), " bytes left");
#ifdef MADV_HUGEPAGE
  if (bytes >= kHugePage) madvise(p, rounded, MADV_HUGEPAGE);
#endif
  return p;
}

// Everything the threads share. It is never destroyed: tensors with static storage may outlive any destructor here.
struct Central {
  std::mutex mutex;
  FreeList lists[kClasses] = {};
  FreeBlock* slabs = nullptr;  // keeps the slabs reachable for leak checkers
  char* slab_next = nullptr;
  char* slab_end = nullptr;
  std::size_t cached = 0;
  std::size_t limit = [] {
    const char* e = std::getenv("XGRAD_CACHE_LIMIT_MB");
    return static_cast<std::size_t>(e ? std::strtoull(e, nullptr, 10) : 1024) << 20;
  }();
};
Central& central() {
  alignas(Central) static unsigned char space[sizeof(Central)];
  static auto* c = new (space) Central;
  return *c;
}

std::atomic<int64_t> live_blocks{0};

// How many blocks of a class a thread keeps before it hands half of them on.
uint32_t thread_limit(int c) {
  const std::size_t size = class_size(c);
  return size <= 1024 ? 2048 : size <= (1 << 15) ? 64 : 16;
}

void push(FreeList& list, void* p) {
  auto* b = static_cast<FreeBlock*>(p);
  b->next = list.head;
  list.head = b;
  ++list.count;
}
void* pop(FreeList& list) {
  FreeBlock* b = list.head;
  list.head = b->next;
  --list.count;
  return b;
}

// The mutex is held.
void* fresh_small(Central& c, std::size_t size) {
  if (static_cast<std::size_t>(c.slab_end - c.slab_next) < size) {
    auto* slab = static_cast<char*>(system_allocate(kSlab));
    auto* header = reinterpret_cast<FreeBlock*>(slab);
    header->next = c.slabs;
    c.slabs = header;
    c.slab_next = slab + 64;
    c.slab_end = slab + kSlab;
  }
  void* p = c.slab_next;
  c.slab_next += size;
  return p;
}

// Moves `count` blocks of class `k` into the shared lists; what exceeds the limit goes to the system.
void give_back(FreeList& from, int k, uint32_t count) noexcept {
  Central& c = central();
  const std::size_t size = class_size(k);
  std::lock_guard<std::mutex> lock(c.mutex);
  for (; count > 0 && from.head; --count) {
    void* p = pop(from);
    if (k >= kFineClasses && c.cached + size > c.limit) {
      std::free(p);
      continue;
    }
    push(c.lists[k], p);
    if (k >= kFineClasses) c.cached += size;
  }
}

// Set once the thread's cache has been handed over; blocks freed by later destructors go straight to the shared lists.
thread_local constinit bool thread_ended = false;
struct ThreadEnd {
  ~ThreadEnd() {
    for (int k = 0; k < kThreadClasses; ++k) give_back(thread_cache.lists[k], k, thread_cache.lists[k].count);
    thread_ended = true;
  }
};

void* allocate_slow(int k) {
  Central& c = central();
  const std::size_t size = class_size(k);
  const bool keep_more = k < kThreadClasses && !thread_ended;
  if (keep_more) {
    static thread_local ThreadEnd at_thread_end;
    (void)at_thread_end;
  }
  std::unique_lock<std::mutex> lock(c.mutex);
  if (k < kFineClasses) {  // take a batch, so that the lock is rare
    for (int i = 0; keep_more && i < 63; ++i)
      push(thread_cache.lists[k], c.lists[k].head ? pop(c.lists[k]) : fresh_small(c, size));
    return c.lists[k].head ? pop(c.lists[k]) : fresh_small(c, size);
  }
  if (c.lists[k].head) {
    c.cached -= size;
    return pop(c.lists[k]);
  }
  lock.unlock();
  return system_allocate(size);
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes <= kThreadLimit) {
    const int k = size_class(bytes);
    FreeList& list = thread_cache.lists[k];
    if (__builtin_expect(list.head != nullptr, 1)) return pop(list);
    if (!use_system()) return allocate_slow(k);
  } else if (!use_system()) {
    XGRAD_CHECK(bytes < std::size_t{1} << 47, "allocate: the system has no ", static_cast<int64_t>(bytes), " bytes left");
    return allocate_slow(size_class(bytes));
  }
  live_blocks.fetch_add(1, std::memory_order_relaxed);
  return system_allocate(bytes);
}

void deallocate(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  if (XGRAD_SANITIZED || use_system()) {
    live_blocks.fetch_sub(1, std::memory_order_relaxed);
    std::free(block);
    return;
  }
  const int k = size_class(bytes);
  if (k < kThreadClasses && !thread_ended) {
    FreeList& list = thread_cache.lists[k];
    push(list, block);
    if (__builtin_expect(list.count > thread_limit(k), 0)) give_back(list, k, list.count / 2);
    return;
  }
  FreeList one{};
  push(one, block);
  give_back(one, k, 1);
}

void empty_cache() noexcept {
  Central& c = central();
  std::lock_guard<std::mutex> lock(c.mutex);
  for (int k = kFineClasses; k < kClasses; ++k)
    while (c.lists[k].head) {
      std::free(pop(c.lists[k]));
      c.cached -= class_size(k);
    }
}

Stats stats() noexcept {
  Central& c = central();
  std::lock_guard<std::mutex> lock(c.mutex);
  return {static_cast<int64_t>(c.cached), live_blocks.load(std::memory_order_relaxed)};
}

}  // namespace xgrad::memory
