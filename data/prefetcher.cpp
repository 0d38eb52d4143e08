#include <xgrad/data/prefetcher.h>

#include <deque>
#include <map>
#include <semaphore>
#include <thread>
#include <vector>

#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::data {

namespace {

struct Task {
  uint64_t number, seed;
  Prefetcher::Job job;
};

struct Result {
  std::shared_ptr<void> value;
  std::exception_ptr error;
};

Result run(const Task& task, std::size_t worker) {
  Result result;
  try {
    const xgrad::detail::DrawsFrom stream(make_generator(task.seed));
    result.value = task.job(worker);
  } catch (...) {
    result.error = std::current_exception();
  }
  return result;
}

// Neighbouring seeds are those of neighbouring epochs and jobs: mixed, so that their streams are not alike.
uint64_t mixed(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

}  // namespace

struct Prefetcher::State {
  bool ordered = true;
  Position position;
  uint64_t submitted = 0;
  Mutex mutex;  // of what follows
  std::deque<Task> tasks;
  std::map<uint64_t, Result> results;
  std::size_t running = 0;
  bool stopping = false;
  std::counting_semaphore<> task_is_there{0}, result_is_there{0};
  uint32_t process = fork_generation();
  std::vector<std::thread> threads;

  void work(std::size_t worker) {
    for (;;) {
      task_is_there.acquire();
      Task task;
      {
        const std::lock_guard lock(mutex);
        if (stopping) return;
        if (tasks.empty()) continue;  // dropped
        task = std::move(tasks.front());
        tasks.pop_front();
        ++running;
      }
      Result result = run(task, worker);
      task.job = nullptr;
      {
        const std::lock_guard lock(mutex);
        results.emplace(task.number, std::move(result));
        --running;
      }
      result_is_there.release();
    }
  }

  void drop_waiting() {
    const std::lock_guard lock(mutex);
    tasks.clear();
  }

  // Takes the result that is due, if it is there.
  bool take(Result& result) {
    const std::lock_guard lock(mutex);
    const auto found = ordered ? results.find(position.taken) : results.begin();
    if (found == results.end()) return false;
    result = std::move(found->second);
    results.erase(found);
    return true;
  }
};

Prefetcher::Prefetcher(std::size_t workers, bool ordered) : state_(std::make_unique<State>()) {
  state_->ordered = ordered;
  for (std::size_t i = 0; i < workers; ++i)
    state_->threads.emplace_back([s = state_.get(), i] { s->work(i); });
}

Prefetcher::~Prefetcher() {
  if (state_->process != fork_generation()) {  // in a forked child the threads do not exist
    static_cast<void>(state_.release());
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->task_is_there.release(static_cast<std::ptrdiff_t>(state_->threads.size()));
  for (std::thread& thread : state_->threads) thread.join();
}

Prefetcher::Position Prefetcher::position() const { return state_->position; }

void Prefetcher::start() { start({default_generator().current_seed(), state_->position.epoch + 1, 0}); }

void Prefetcher::start(const Position& position) {
  State& s = *state_;
  s.drop_waiting();
  for (;;) {
    {
      const std::lock_guard lock(s.mutex);
      if (s.running == 0) {
        s.results.clear();
        break;
      }
    }
    s.result_is_there.acquire();
  }
  while (s.result_is_there.try_acquire()) {
  }
  s.position = position;
  s.submitted = position.taken;
}

void Prefetcher::drawing_from(const Generator& generator, const std::function<void()>& body) {
  const xgrad::detail::DrawsFrom stream(generator.clone());
  body();
}

void Prefetcher::submit(Job job) {
  State& s = *state_;
  XGRAD_CHECK(s.process == fork_generation(),
              "DataLoader: its threads belong to the process before the fork; make "
              "a loader in the child");
  const uint64_t seed = mixed(mixed(s.position.seed + s.position.epoch) + s.submitted);
  {
    const std::lock_guard lock(s.mutex);
    s.tasks.push_back({s.submitted, seed, std::move(job)});
  }
  ++s.submitted;
  s.task_is_there.release();
}

std::size_t Prefetcher::pending() const {
  return static_cast<std::size_t>(state_->submitted - state_->position.taken);
}

std::shared_ptr<void> Prefetcher::next(optional<std::chrono::milliseconds> timeout) {
  State& s = *state_;
  Result result;
  if (s.threads.empty()) {
    result = run(s.tasks.front(), 0);
    s.tasks.pop_front();
  } else {
    const auto deadline = std::chrono::steady_clock::now() + timeout.value_or(std::chrono::milliseconds(0));
    while (!s.take(result)) {
      if (!timeout)
        s.result_is_there.acquire();
      else
        XGRAD_CHECK(s.result_is_there.try_acquire_until(deadline),
                    "DataLoader: no batch came within the timeout of ",
                    static_cast<int64_t>(timeout->count()), " ms");
    }
  }
  ++s.position.taken;
  if (result.error) std::rethrow_exception(result.error);
  return result.value;
}

}  // namespace xgrad::data
