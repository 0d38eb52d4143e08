#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/error.h>

#include "threads.h"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>
#define XGRAD_TEST_FORK 1
#endif
// ThreadSanitizer does not allow threads in a child of a process that had threads.
#if defined(__SANITIZE_THREAD__)
#undef XGRAD_TEST_FORK
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef XGRAD_TEST_FORK
#endif
#endif

using xgrad::kernels::in_parallel_region;
using xgrad::kernels::parallel_for;

namespace {

int visits_once(int64_t begin, int64_t end, int64_t grain) {
  std::vector<int> seen(static_cast<size_t>(end > 0 ? end : 0), 0);
  parallel_for(begin, end, grain, [&](int64_t b, int64_t e) {
    for (int64_t i = b; i < e; ++i) ++seen[static_cast<size_t>(i)];
  });
  int wrong = 0;
  for (int64_t i = 0; i < end; ++i) wrong += seen[static_cast<size_t>(i)] != (i >= begin ? 1 : 0);
  return wrong;
}

}  // namespace

TEST_CASE("every index is visited exactly once for any number of threads") {
  for (int threads = 1; threads <= 4; ++threads) {
    const Threads limit(threads);
    for (int64_t n : {0, 1, 2, 3, 7, 8, 100, 1001}) {
      CHECK(visits_once(0, n, 1) == 0);
      CHECK(visits_once(n / 2, n, 3) == 0);
    }
  }
}

TEST_CASE("a range no longer than the grain is one call on the calling thread") {
  const Threads limit(4);
  int calls = 0;
  parallel_for(5, 15, 10, [&](int64_t begin, int64_t end) {
    CHECK(begin == 5);
    CHECK(end == 15);
    CHECK_FALSE(in_parallel_region());
    ++calls;
  });
  CHECK(calls == 1);
}

TEST_CASE("no more parts than threads, and none shorter than needed") {
  const Threads limit(4);
  std::atomic<int> parts{0};
  parallel_for(0, 1000, 1, [&](int64_t, int64_t) { ++parts; });
  CHECK(parts <= 4);
  parts = 0;
  parallel_for(0, 20, 10, [&](int64_t, int64_t) { ++parts; });
  CHECK(parts <= 2);
}

TEST_CASE("one thread means that the calling thread does the work") {
  const Threads limit(1);
  const auto caller = std::this_thread::get_id();
  parallel_for(0, 1000, 1, [&](int64_t, int64_t) { CHECK(std::this_thread::get_id() == caller); });
}

TEST_CASE("a region inside a region runs serially and completely") {
  const Threads limit(4);
  std::atomic<int64_t> sum{0};
  parallel_for(0, 16, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      parallel_for(0, 100, 1, [&](int64_t b, int64_t e) { sum += e - b; });
  });
  CHECK(sum == 1600);
  CHECK_FALSE(in_parallel_region());
}

TEST_CASE("an exception of any part reaches the caller and the pool goes on working") {
  const Threads limit(4);
  for (int64_t culprit : {0, 3, 7}) {
    std::string text;
    try {
      parallel_for(0, 8, 1, [&](int64_t begin, int64_t end) {
        if (begin <= culprit && culprit < end) throw std::runtime_error("part " + std::to_string(culprit));
      });
    } catch (const std::runtime_error& e) {
      text = e.what();
    }
    CHECK(text == "part " + std::to_string(culprit));
    CHECK_FALSE(in_parallel_region());
    CHECK(visits_once(0, 1000, 1) == 0);
  }
}

TEST_CASE("of several exceptions the one of the first part is thrown") {
  const Threads limit(4);
  for (int round = 0; round < 20; ++round) {
    int64_t thrown = -1;
    try {
      parallel_for(0, 4, 1, [](int64_t begin, int64_t) { throw begin; });
    } catch (int64_t begin) {
      thrown = begin;
    }
    CHECK(thrown == 0);
  }
}

TEST_CASE("many host threads may call at once") {
  const Threads limit(4);
  std::atomic<int> wrong{0};
  std::vector<std::thread> hosts;
  for (int t = 0; t < 8; ++t)
    hosts.emplace_back([&] {
      for (int round = 0; round < 200; ++round) wrong += visits_once(0, 50 + round, 1);
    });
  for (auto& host : hosts) host.join();
  CHECK(wrong == 0);
}

TEST_CASE("the number of threads may change between regions and while others run") {
  const Threads limit(2);
  std::atomic<bool> stop{false};
  std::thread changer([&] {
    for (int n = 1; !stop; n = n % 4 + 1) xgrad::set_num_threads(n);
  });
  int wrong = 0;
  for (int round = 0; round < 500; ++round) wrong += visits_once(0, 200, 1);
  stop = true;
  changer.join();
  CHECK(wrong == 0);
}

TEST_CASE("set_num_threads is what get_num_threads says, and refuses less than one") {
  const Threads limit(3);
  CHECK(xgrad::get_num_threads() == 3);
  CHECK_THROWS_AS(xgrad::set_num_threads(0), xgrad::ValueError);
  CHECK_THROWS_WITH(xgrad::set_num_threads(-2),
                    "set_num_threads: the number of threads must be at least 1: got -2");
  CHECK(xgrad::get_num_threads() == 3);
}

#if defined(XGRAD_TEST_FORK)
TEST_CASE("a forked process starts over with threads of its own") {
  const Threads limit(3);
  CHECK(visits_once(0, 1000, 1) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(visits_once(0, 1000, 1) == 0 ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif
