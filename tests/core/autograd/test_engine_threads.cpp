// Threads that build, walk and free graphs together.
#include <thread>

#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
using autograd::variable_list;

TEST_CASE("several threads build and walk graphs that share leaves, and no gradient is lost") {
  const Tensor x = ones({16}, kDouble).requires_grad_();
  const Tensor shared = x * 2;  // one graph, walked by all
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        (x * 1).sum().backward();
        shared.sum().backward({}, true);
      }
    });
  for (std::thread& t : threads) t.join();
  check(x.grad(), std::vector<double>(16, 4 * 500 * 3.0));
}

TEST_CASE("several threads read a view whose base was changed, and see the history of now") {
  for (int round = 0; round < 50; ++round) {
    const Tensor x = ones({8}, kDouble).requires_grad_();
    Tensor base = x * 1;
    const Tensor view = base.slice(0, 2, 6);
    base.mul_(3);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        if (view.requires_grad()) (view * 2).sum().backward({}, true);
      });
    for (std::thread& t : threads) t.join();
    check(x.grad(), {0, 0, 24, 24, 24, 24, 0, 0});
  }
}

TEST_CASE("a graph may be built by one thread and walked by another") {
  const Tensor x = leaf({2});
  Tensor y;
  std::thread([&] { y = x * x; }).join();
  const Tensor z = y * x;
  std::thread([&] { z.sum().backward(); }).join();
  check(x.grad(), {12});
}

TEST_CASE("threads that free one graph get its gradient or hear that it was freed") {
  for (int round = 0; round < 50; ++round) {
    const Tensor x = leaf({1, 2, 3});
    Tensor y = x;
    for (int i = 0; i < 20; ++i) y = (y * x).tanh() + y;
    std::atomic<int> started{0}, finished{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (++started; started < 4;) std::this_thread::yield();
        const std::string text = error_of([&] { autograd::grad({y.sum()}, {x}, {}, t == 0); });
        if (text == "no error")
          ++finished;
        else
          CHECK_NE(text.find("a second time"), std::string::npos);
      });
    for (std::thread& t : threads) t.join();
    CHECK_GE(finished, 1);
  }
}
