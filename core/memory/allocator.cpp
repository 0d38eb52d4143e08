// The caching allocator: thread lists, the shared cache behind them, and the system behind that.
#include <xgrad/core/memory/allocator.h>

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include <xgrad/core/types/error.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/warning.h>

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
namespace {

using namespace detail;

constexpr int kClasses = kFineClasses + 8 * 38;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Small blocks are cut from slabs. The first is small, for the sake of small programs; later ones are made of
// huge pages: a graph of millions of nodes otherwise spends its time on page faults and on misses of the TLB.
constexpr std::size_t kFirstSlab = std::size_t{128} << 10, kLastSlab = std::size_t{32} << 20;

constexpr int64_t kCacheLimitMb = 1024;

// Decided at the first allocation; until then nothing can be given back.
enum class Mode : uint8_t { undecided, caching, system };
constinit std::atomic<Mode> mode{Mode::undecided};

// What the environment says; -1 for nonsense.
int64_t cache_limit_mb() {
  const char* e = std::getenv("XGRAD_CACHE_LIMIT_MB");
  if (!e || !*e) return kCacheLimitMb;
  char* rest = nullptr;
  const long long n = std::strtoll(e, &rest, 10);
  return *rest == '\0' && n >= 0 ? std::min<long long>(n, int64_t{1} << 40) : -1;
}

// Everything the threads share.
struct Central {
  Mutex mutex;
  FreeBlock* batches[kClasses] = {};  // of thread classes; larger blocks are batches of one
  FreeBlock* slabs = nullptr;         // keeps the slabs reachable for leak checkers
  std::size_t next_slab = kFirstSlab;
  char* slab_next = nullptr;
  char* slab_end = nullptr;
  std::size_t cached = 0;
  std::size_t limit = 0;  // decided with the mode
};
constinit Central central;

// Apart, so that the question costs no more than a load from the second time on.
[[gnu::noinline, gnu::cold]] Mode decide_mode() {
  const char* e = std::getenv("XGRAD_ALLOCATOR");
  const bool set = e && *e, system = set && std::strcmp(e, "system") == 0;
  const bool caching = set && std::strcmp(e, "caching") == 0;
  const Mode m = system || (XGRAD_SANITIZED && !caching) ? Mode::system : Mode::caching;
  const int64_t limit_mb = cache_limit_mb();
  {
    const std::lock_guard lock(central.mutex);
    central.limit = static_cast<std::size_t>(limit_mb < 0 ? kCacheLimitMb : limit_mb) << 20;
  }
  mode.store(m, std::memory_order_relaxed);
  if (set && !system && !caching)
    XGRAD_WARN_ONCE("XGRAD_ALLOCATOR: expected caching or system: got \"", e, "\", which is ignored");
  if (limit_mb < 0)
    XGRAD_WARN_ONCE("XGRAD_CACHE_LIMIT_MB: expected a number of megabytes: got \"",
                    std::getenv("XGRAD_CACHE_LIMIT_MB"), "\", which is ignored");
  return m;
}

inline bool use_system() {
  Mode m = mode.load(std::memory_order_relaxed);
  if (__builtin_expect(m == Mode::undecided, 0)) m = decide_mode();
  return m == Mode::system;
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

// How many blocks of a class make a batch: what a thread collects before it hands them on, all at once and
// untouched.
std::size_t batch_size(int k) {
  const std::size_t size = class_size(k);
  return size <= kFineLimit ? 512 : size <= (1 << 15) ? 32 : 8;
}

std::atomic<int64_t> live_blocks{0};

// Constant initialisation and no destructor: reading it costs one segment-relative load.
thread_local constinit ThreadCache thread_cache{};
// A thread starts without a cache and gets one, with the destructor that hands it over, when it first takes
// or gives back a block. Once it is handed over, what later destructors free goes straight to the shared
// cache.
enum class ThreadState : uint8_t { without_cache, with_cache, ended };
thread_local constinit ThreadState thread_state = ThreadState::without_cache;

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

// Puts a batch into the shared cache; small blocks stay for ever, larger ones beyond the limit go to the
// system.
void give_batch(FreeBlock* head, std::size_t count, int k) noexcept {
  if (!head) return;
  Central& c = central;
  const std::size_t bytes = count * class_size(k);
  {
    const std::lock_guard lock(c.mutex);
    if (k < kFineClasses || c.cached + bytes <= c.limit) {
      head->next_batch = c.batches[k];
      head->count = count;
      c.batches[k] = head;
      if (k >= kFineClasses) c.cached += bytes;
      return;
    }
  }
  while (head) {
    FreeBlock* next = head->next;
    std::free(head);
    head = next;
  }
}

// A batch of the shared cache, or none. The mutex is held.
FreeList take_batch(Central& c, int k) {
  FreeBlock* head = c.batches[k];
  if (!head) return {};
  c.batches[k] = head->next_batch;
  if (k >= kFineClasses) c.cached -= head->count * class_size(k);
  return {head, head->count};
}

// Memory for a few dozen blocks of `size`. The mutex is held.
void take_fresh(Central& c, std::size_t size, ThreadClass& to) {
  const std::size_t wanted = (32 * size + 63) / 64 * 64;
  if (static_cast<std::size_t>(c.slab_end - c.slab_next) < wanted) {
    const std::size_t bytes = c.next_slab;
    c.next_slab = std::min(4 * bytes, kLastSlab);
    auto* slab = static_cast<char*>(system_allocate(bytes));
    auto* header = reinterpret_cast<FreeBlock*>(slab);
    header->next = c.slabs;
    c.slabs = header;
    c.slab_next = slab + 64;
    c.slab_end = slab + bytes;
  }
  to.fresh = c.slab_next;
  to.fresh_end = c.slab_next + 32 * size;
  c.slab_next += wanted;
}

struct ThreadEnd {
  ~ThreadEnd() {
    for (int k = 0; k < kThreadClasses; ++k) {
      ThreadClass& t = thread_cache.classes[k];
      for (; t.fresh < t.fresh_end; t.fresh += class_size(k)) push(t.active, t.fresh);
      give_batch(t.active.head, t.active.count, k);
      give_batch(t.reserve, batch_size(k), k);
      t = {};
    }
    thread_state = ThreadState::ended;
  }
};

// Whether the thread may keep blocks; from now on they are handed over when it ends.
bool has_thread_cache() noexcept {
  if (thread_state == ThreadState::without_cache) {
    static thread_local ThreadEnd at_thread_end;
    (void)at_thread_end;
    thread_state = ThreadState::with_cache;
  }
  return thread_state == ThreadState::with_cache;
}

void* allocate_slow(int k) {
  const std::size_t size = class_size(k);
  if (k >= kThreadClasses || !has_thread_cache()) {
    Central& c = central;
    std::unique_lock lock(c.mutex);
    FreeList batch = take_batch(c, k);
    lock.unlock();
    if (!batch.head) return system_allocate(size);
    void* p = pop(batch);
    give_batch(batch.head, batch.count, k);
    return p;
  }
  ThreadClass& t = thread_cache.classes[k];
  if (t.reserve) {
    t.active = {t.reserve, batch_size(k)};
    t.reserve = nullptr;
    return pop(t.active);
  }
  Central& c = central;
  std::unique_lock lock(c.mutex);
  t.active = take_batch(c, k);
  if (t.active.head) return pop(t.active);
  if (k >= kFineClasses) {
    lock.unlock();
    return system_allocate(size);
  }
  take_fresh(c, size, t);
  t.fresh += size;
  return t.fresh - size;
}

void keep_batch(ThreadClass& t, int k) noexcept {
  if (t.reserve) give_batch(t.reserve, batch_size(k), k);
  t.reserve = t.active.head;
  t.active = {};
}

}  // namespace

namespace {

[[gnu::noinline]] void* allocate_any(std::size_t bytes) {
  if (bytes <= kThreadLimit) {
    const int k = size_class(bytes);
    ThreadClass& t = thread_cache.classes[k];
    if (t.active.head) return pop(t.active);
    if (t.fresh < t.fresh_end) {
      void* p = t.fresh;
      t.fresh += class_size(k);
      return p;
    }
    if (!use_system()) return allocate_slow(k);
  } else if (!use_system()) {
    XGRAD_CHECK(bytes < std::size_t{1} << 47, "allocate: the system has no ", static_cast<int64_t>(bytes),
                " bytes left");
    return allocate_slow(size_class(bytes));
  }
  void* const block = system_allocate(bytes);
  live_blocks.fetch_add(1, std::memory_order_relaxed);
  return block;
}

[[gnu::noinline]] void deallocate_any(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  if (use_system()) {
    live_blocks.fetch_sub(1, std::memory_order_relaxed);
    std::free(block);
    return;
  }
  const int k = size_class(bytes);
  if (has_thread_cache() && k < kThreadClasses) {
    ThreadClass& t = thread_cache.classes[k];
    push(t.active, block);
    if (t.active.count == batch_size(k)) keep_batch(t, k);
    return;
  }
  static_cast<FreeBlock*>(block)->next = nullptr;
  give_batch(static_cast<FreeBlock*>(block), 1, k);
}

}  // namespace

// Small blocks of a thread that has some make and break no frame: nothing here may need one but the last
// call.
void* allocate(std::size_t bytes) {
  if (__builtin_expect(bytes <= kFineLimit, 1)) {
    FreeList& list = thread_cache.classes[size_class(bytes)].active;
    if (__builtin_expect(list.head != nullptr, 1)) return pop(list);
  }
  return allocate_any(bytes);
}

// A thread has a cache only where the system's allocator is not used.
void deallocate(void* block, std::size_t bytes) noexcept {
  if (__builtin_expect(bytes <= kFineLimit && block && thread_state == ThreadState::with_cache, 1)) {
    FreeList& list = thread_cache.classes[size_class(bytes)].active;
    if (__builtin_expect(list.count + 1 < batch_size(0), 1)) return push(list, block);
  }
  deallocate_any(block, bytes);
}

void empty_cache() noexcept {
  Central& c = central;
  const std::lock_guard lock(c.mutex);
  for (int k = kFineClasses; k < kClasses; ++k)
    for (FreeList batch = take_batch(c, k); batch.head; batch = take_batch(c, k))
      while (batch.head) std::free(pop(batch));
}

Stats stats() noexcept {
  Central& c = central;
  const std::lock_guard lock(c.mutex);
  return {static_cast<int64_t>(c.cached), live_blocks.load(std::memory_order_relaxed)};
}

}  // namespace xgrad::memory
