// Processes that fork while other threads are at work inside the library.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

#include <xgrad/core/kernels/gemm/gemm_library.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/shared_library.h>
#include <xgrad/xgrad.h>

#include "core/kernels/threads.h"

#if defined(__unix__) || defined(__APPLE__)
#include <sys/wait.h>
#include <unistd.h>

using namespace xgrad;

namespace {

// Whether `f` returns true in a forked process, in time.
bool holds_in_child(const std::function<bool()>& f) {
  std::cout.flush();  // or the child would print it once more
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    bool held = false;
    try {
      held = f();
    } catch (...) {
    }
    _exit(held ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct World {
  Tensor leaf = ones({8}, TensorOptions(kDouble).requires_grad(true));
  Generator generator = make_generator(3);
  Tensor matrix = ones({96, 96}, kDouble);
};

// Each takes another lock of the library, and says whether the value is right.
std::vector<std::function<bool()>> programs(const World& shared) {
  return {
      [] {
        return zeros({300}).sum().item<float>() == 0 && zeros({100000}).add(1).sum().item<float>() == 1e5f;
      },
      [] { return randn({1000}).abs().max().item<float>() < 10; },
      [&] { return rand({3000}, shared.generator).max().item<float>() < 1; },
      [] { return (ones({200000}) * 2).sum().item<float>() == 4e5f; },
      [&] { return matmul(shared.matrix, shared.matrix).sum().item<double>() == 96.0 * 96 * 96; },
      [&] {
        (shared.leaf * 2).sum().backward();
        return shared.leaf.grad().defined();
      },
      [] {
        warn("again");
        std::ostringstream text;
        text << ones({2});
        return text.str() == "tensor([1., 1.])";
      },
      [] {
        const forward_ad::DualLevel level;
        const Tensor x = forward_ad::make_dual(ones({4}), ones({4}));
        return forward_ad::unpack_dual((x * x).sum()).tangent.item<float>() == 8;
      },
      [] { return make_generator(0).clone().current_seed() == 0; },
  };
}

}  // namespace

TEST_CASE("a process that forks while its threads are inside the library has children that compute") {
  const Threads limit(3);
  const WarningHandler before = set_warning_handler([](const std::string&) {});
  const kernels::GemmLibrary preferred = kernels::preferred_gemm_library();
  kernels::prefer_gemm_library(kernels::GemmLibrary::cblas);
  const World shared;
  const auto all = programs(shared);
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (const auto& program : all)
    threads.emplace_back([&] {
      while (!stop) wrong += !program();
    });
  int children = 0;
  for (int round = 0; round < 200; ++round)
    children += holds_in_child([&] {
      for (const auto& program : all)
        if (!program()) return false;
      return true;
    });
  stop = true;
  for (auto& thread : threads) thread.join();
  CHECK_EQ(children, 200);
  CHECK_EQ(wrong, 0);
  kernels::prefer_gemm_library(preferred);
  set_warning_handler(before);
}

TEST_CASE("a child does not wait for the walk of a thread that is not there") {
  for (const bool keeps : {true, false}) {
    const Tensor x = ones({4}, TensorOptions(kDouble).requires_grad(true));
    const Tensor middle = x * x, y = middle.sum();
    std::atomic<bool> inside{false}, forked{false};
    middle.grad_fn()->add_pre_hook([&](const autograd::variable_list& gradients) {
      inside = true;
      while (!forked) std::this_thread::yield();
      return gradients;
    });
    std::thread other([&] { y.backward({}, keeps); });
    while (!inside) std::this_thread::yield();
    const auto walks = [&] {
      forked = true;
      y.backward();
      return x.grad().sum().item<double>() == 8;
    };
    // What that walk was freeing may be half there: an error.
    CHECK_EQ(holds_in_child(walks), keeps);
    CHECK(holds_in_child([&] {
      try {
        return walks();
      } catch (const Error&) {
        return true;
      }
    }));
    forked = true;
    other.join();
  }
}

TEST_CASE("a child finds a library that another thread was loading whole") {
  std::atomic<bool> started{false};
  std::thread other([&] {
    started = true;
    open_library(XGRAD_SLOW_LIBRARY);
  });
  while (!started) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  CHECK(holds_in_child([] {
    using Loaded = int (*)();
    const auto loaded = find_function<Loaded>(open_library(XGRAD_SLOW_LIBRARY), "slow_library_loaded");
    return loaded != nullptr && loaded() == 1;
  }));
  other.join();
}

TEST_CASE("threads that fork at once, from inside a lock too, do not wait for each other") {
  std::atomic<int> children{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int round = 0; round < 20; ++round) {
        Mutex own;
        std::unique_lock lock(own, std::defer_lock);
        if (t % 2 == 0) lock.lock();
        children += holds_in_child([] { return zeros({100}).numel() == 100; });
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK_EQ(children, 80);
}

TEST_CASE("a thread that forks waits for the helpers of one that is inside a lock") {
  const Threads limit(3);
  std::atomic<bool> started{false};
  std::thread other([&] {
    const NoFork whole;
    kernels::parallel_for(0, 3, 1, [&](int64_t, int64_t) {
      started = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      Mutex inner;  // the fork waits by now
      const std::lock_guard lock(inner);
    });
  });
  while (!started) std::this_thread::yield();
  CHECK(holds_in_child([] { return !NoFork::inside(); }));
  other.join();
}
#endif
