// Which threads are inside a lock, and the one handler of forks.
#include <xgrad/core/types/mutex.h>

#include <thread>

#include <xgrad/core/types/intrusive_ptr.h>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#define XGRAD_CAN_FORK 1
#endif

namespace xgrad {
namespace {

// Threads count themselves in several places, so that their own locks do not slow each other down.
struct alignas(64) Count {
  std::atomic<uint32_t> inside{0};
};
constexpr uint32_t kCounts = 16;
constinit Count counts[kCounts];
constinit std::atomic<uint32_t> next_count{0};
constinit std::atomic<uint32_t> forks{0};  // under way
constinit std::atomic<uint32_t> generation{0};

struct ThisThread {
  uint32_t depth = 0;
  bool counted = false;
  std::atomic<uint32_t>* count = nullptr;
};
thread_local constinit ThisThread here{};

#if defined(XGRAD_CAN_FORK)

// A fork that comes from within a lock does not wait for itself.
bool counts_itself() { return here.depth > 0 && here.counted; }

void before_fork() {
  forks.fetch_add(1);
  if (counts_itself()) here.count->fetch_sub(1);
  for (const Count& c : counts)
    while (c.inside.load() != 0) std::this_thread::yield();
}

void after_fork_in_parent() {
  if (counts_itself()) here.count->fetch_add(1);
  forks.fetch_sub(1);
  forks.notify_all();
}

void after_fork_in_child() {
  for (Count& c : counts) c.inside.store(0);
  if (counts_itself()) here.count->store(1);
  forks.store(0);
  generation.fetch_add(1);
}

[[maybe_unused]] const int registered =
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);

#endif

}  // namespace

bool NoFork::inside() noexcept { return here.depth > 0; }

void NoFork::enter() noexcept {
  if (here.depth++ > 0) return;
  here.counted = !XGRAD_SINGLE_THREADED;
  if (!here.counted) return;
  if (!here.count) here.count = &counts[next_count.fetch_add(1, std::memory_order_relaxed) % kCounts].inside;
  for (;;) {
    // Sequentially consistent, both: either this thread sees the fork, or the fork sees this thread.
    here.count->fetch_add(1);
    const uint32_t now = forks.load();
    if (__builtin_expect(now == 0, 1)) return;
    here.count->fetch_sub(1);
    forks.wait(now);
  }
}

void NoFork::leave() noexcept {
  if (--here.depth == 0 && here.counted) here.count->fetch_sub(1, std::memory_order_release);
}

InsideForAnother::InsideForAnother(bool inside) noexcept : inside_(inside) {
  if (inside_ && here.depth++ == 0) here.counted = false;
}

InsideForAnother::~InsideForAnother() {
  if (inside_) --here.depth;
}

uint32_t fork_generation() noexcept { return generation.load(std::memory_order_relaxed); }

}  // namespace xgrad
