// The thread pool: workers that start on first use, wait by spinning for a moment and then asleep, and are
// joined when the program ends, unless they are at work for a thread that goes on. One region at a time: a
// second caller works alone. No kernel code here.
#include <xgrad/core/kernels/thread_pool.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <new>
#include <thread>
#include <vector>

#include <xgrad/core/types/error.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/warning.h>

namespace xgrad {
namespace kernels {
namespace {

constexpr int most_threads = 1024;
constexpr auto spin_time = std::chrono::microseconds(50);

thread_local bool inside_region = false;

void pause_briefly() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits until `word` differs from `old`: awake for a moment, because the next region mostly comes soon, then
// asleep.
void wait_for_change(const std::atomic<uint32_t>& word, uint32_t old, bool spin) noexcept {
  if (spin) {
    const auto end = std::chrono::steady_clock::now() + spin_time;
    do {
      for (int i = 0; i < 32; ++i) {
        if (word.load(std::memory_order_acquire) != old) return;
        pause_briefly();
      }
    } while (std::chrono::steady_clock::now() < end);
  }
  while (word.load(std::memory_order_acquire) == old) word.wait(old, std::memory_order_acquire);
}

class Pool {
 public:
  explicit Pool(const Pool* before) : parent(before) {}

  const Pool* const parent;  // in a forked process, the pool of the process before
  const uint32_t generation = fork_generation();

  // False when another region is under way; then nothing has been done.
  bool run(int64_t begin, int64_t end, int parts, detail::RangeFunction function, void* context) {
    if (busy_.exchange(true, std::memory_order_acquire)) return false;
    const int helpers = start_workers(parts - 1);
    parts = 1 + helpers;
    job_ = {function, context, begin, end, parts, NoFork::inside()};
    spin_.store(parts <= cores_, std::memory_order_relaxed);
    pending_.store(static_cast<uint32_t>(parts), std::memory_order_relaxed);
    claims_.store(Claims{++region_, static_cast<uint16_t>(parts), 0}, std::memory_order_release);
    for (int i = 0; i < helpers; ++i) wake(*workers_[static_cast<size_t>(i)]);
    inside_region = true;
    run_parts();
    inside_region = false;
    for (uint32_t left; (left = pending_.load(std::memory_order_acquire)) != 0;)
      wait_for_change(pending_, left, spin_.load(std::memory_order_relaxed));
    const std::exception_ptr error = std::move(error_);
    error_ = nullptr;
    busy_.store(false, std::memory_order_release);
    if (error) std::rethrow_exception(error);
    return true;
  }

  void stop() {
    if (busy_.exchange(true, std::memory_order_acquire)) return;
    stopping_.store(true, std::memory_order_relaxed);
    for (const auto& worker : workers_) wake(*worker);
    for (const auto& worker : workers_) worker->thread.join();
    workers_.clear();  // busy_ stays set: later regions run serially
  }

 private:
  struct Job {
    detail::RangeFunction function;
    void* context;
    int64_t begin, end;
    int parts;
    bool inside_lock;  // the caller is
  };
  struct alignas(64) Worker {
    std::atomic<uint32_t> ticket{0};  // changes when there may be a part to do
    std::thread thread;
  };
  // Whose turn it is, in one word: a worker that wakes too late must see that its region is over, and whoever
  // took a part holds the region open.
  struct alignas(8) Claims {
    uint32_t region;
    uint16_t parts, next;
  };
  static_assert(std::atomic<Claims>::is_always_lock_free);

  static void wake(Worker& worker) noexcept {
    worker.ticket.fetch_add(1, std::memory_order_release);
    worker.ticket.notify_one();
  }

  // As many as there is memory for, and as the system gives.
  int start_workers(int wanted) noexcept {
    try {
      workers_.reserve(static_cast<size_t>(wanted));
      while (static_cast<int>(workers_.size()) < wanted) {
        auto worker = std::make_unique<Worker>();
        worker->thread = std::thread([this, self = worker.get()] { work(*self); });
        workers_.push_back(std::move(worker));
      }
    } catch (const std::exception&) {
    }
    return std::min(wanted, static_cast<int>(workers_.size()));
  }

  void work(Worker& self) noexcept {
    inside_region = true;
    for (uint32_t seen = 0;;) {
      wait_for_change(self.ticket, seen, seen != 0 && spin_.load(std::memory_order_relaxed));
      if (stopping_.load(std::memory_order_relaxed)) return;
      seen = self.ticket.load(std::memory_order_acquire);
      run_parts();
    }
  }

  // Takes parts until none is left. The caller does so too: it never waits for a thread that has no core to
  // run on.
  void run_parts() noexcept {
    Claims now = claims_.load(std::memory_order_acquire);
    while (now.next < now.parts) {
      const Claims mine{now.region, now.parts, static_cast<uint16_t>(now.next + 1)};
      if (!claims_.compare_exchange_weak(now, mine, std::memory_order_acq_rel, std::memory_order_acquire))
        continue;
      run_part(now.next);
      if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
      now = claims_.load(std::memory_order_acquire);
    }
  }

  void run_part(int part) noexcept {
    const InsideForAnother caller(job_.inside_lock);
    const int64_t n = job_.end - job_.begin, size = n / job_.parts, rest = n % job_.parts;
    const int64_t begin = job_.begin + part * size + (part < rest ? part : rest);
    try {
      job_.function(job_.context, begin, begin + size + (part < rest ? 1 : 0));
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_ || part < error_part_) {
        error_ = std::current_exception();
        error_part_ = part;
      }
    }
  }

  const int cores_ = static_cast<int>(std::thread::hardware_concurrency());
  std::atomic<bool> busy_{false}, stopping_{false};
  std::vector<std::unique_ptr<Worker>> workers_;  // this and the next two belong to whoever set busy_
  Job job_{};
  uint32_t region_ = 0;
  std::atomic<bool> spin_{false};
  alignas(64) std::atomic<Claims> claims_{Claims{0, 0, 0}};
  alignas(64) std::atomic<uint32_t> pending_{0};  // parts that have not ended
  Mutex error_mutex_;
  std::exception_ptr error_;
  int error_part_ = 0;
};

// Never deleted, so that a thread that outlives main() finds a pool (stopped, so it works alone) and not a
// ruin; it stays reachable from here. After a fork the child has none of the threads and starts over with a
// pool of its own.
std::atomic<Pool*> the_pool{nullptr};
std::atomic<bool> ended{false};

bool of_this_process(const Pool* p) { return p != nullptr && p->generation == fork_generation(); }

const struct Ending {
  ~Ending() {
    ended = true;
    if (Pool* p = the_pool; of_this_process(p)) p->stop();
  }
} ending;

// Null when there is no memory for one.
Pool* pool() noexcept {
  Pool* p = the_pool.load(std::memory_order_acquire);
  if (of_this_process(p)) return p;
  Pool* const fresh = new (std::nothrow) Pool(p);
  if (fresh == nullptr) return nullptr;
  if (the_pool.compare_exchange_strong(p, fresh, std::memory_order_acq_rel)) return fresh;
  delete fresh;
  return p;
}

int default_num_threads() {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const int all = static_cast<int>(std::min<unsigned>(cores, most_threads));
  const char* wish = std::getenv("XGRAD_NUM_THREADS");
  if (wish == nullptr || *wish == '\0') return all;
  char* rest = nullptr;
  const long n = std::strtol(wish, &rest, 10);
  if (rest != wish && *rest == '\0' && n >= 1) return static_cast<int>(std::min<long>(n, most_threads));
  XGRAD_WARN_ONCE("XGRAD_NUM_THREADS: expected a number from 1 on: got \"", wish, "\", which is ignored");
  return all;
}

std::atomic<int> num_threads{0};

}  // namespace

bool in_parallel_region() noexcept { return inside_region; }

void detail::parallel_for(int64_t begin, int64_t end, int64_t grain, RangeFunction function, void* context) {
  const int64_t step = grain < 1 ? 1 : grain, most = (end - begin - 1) / step + 1;
  const int threads = inside_region ? 1 : get_num_threads();
  const int parts = most < threads ? static_cast<int>(most) : threads;
  if (parts > 1 && !ended.load(std::memory_order_relaxed))
    if (Pool* const p = pool(); p && p->run(begin, end, parts, function, context)) return;
  function(context, begin, end);
}

}  // namespace kernels

void set_num_threads(int count) {
  XGRAD_CHECK_AS(ValueError, count >= 1, "set_num_threads: the number of threads must be at least 1: got ",
                 count);
  kernels::num_threads = count < kernels::most_threads ? count : kernels::most_threads;
}

int get_num_threads() {
  int n = kernels::num_threads.load(std::memory_order_relaxed);
  if (n == 0) {
    int unset = 0;
    n = kernels::default_num_threads();
    if (!kernels::num_threads.compare_exchange_strong(unset, n)) n = unset;
  }
  return n;
}

}  // namespace xgrad
