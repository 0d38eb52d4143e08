// What different tensors share inside, in the hands of several threads.
#include <atomic>
#include <thread>

#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
namespace forward_ad = autograd::forward_ad;

namespace {

// Calls f(0), ..., f(count - 1), each in a thread of its own, all at once.
template <class F>
void at_once(int count, F&& f) {
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < count; ++t)
    threads.emplace_back([&, t] {
      for (++ready; ready < count;) std::this_thread::yield();
      f(t);
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("threads may hook, retain and release the outputs of one op") {
  for (int round = 0; round < 50; ++round) {
    const Tensor x = leaf({1, 2, 3, 4});
    std::vector<Tensor> parts = x.unbind();
    std::atomic<int> calls{0};
    at_once(4, [&](int t) {
      const Tensor part = std::move(parts[static_cast<std::size_t>(t)]);
      const unsigned removed = part.register_hook([&](const Tensor&) { calls += 100; });
      part.register_hook([&](const Tensor& g) {
        ++calls;
        return g * 2;
      });
      part.retain_grad();
      part.remove_hook(removed);
      part.backward({}, true);
      check(part.grad(), {2});
    });
    CHECK_EQ(calls, 4);
    check(x.grad(), {2, 2, 2, 2});
  }
}

TEST_CASE("a tensor that retains its gradient may go while another thread walks through its node") {
  for (int round = 0; round < 200; ++round) {
    const Tensor x = leaf({1, 2});
    std::vector<Tensor> parts = x.unbind();
    const Tensor kept = parts[0], sum = parts[0] + parts[1];
    parts[1].retain_grad();
    kept.retain_grad();
    at_once(2, [&](int t) { t == 0 ? sum.backward() : parts[1].reset(); });
    check(kept.grad(), {1});
    check(x.grad(), {1, 1});
  }
}

TEST_CASE("threads may hook a node while others walk through it") {
  const Tensor x = leaf({1, 2});
  const Tensor y = (x * x).sum();
  std::atomic<int> calls{0};
  at_once(4, [&](int t) {
    for (int round = 0; round < 50; ++round) {
      if (t % 2) {
        y.backward({}, true);
        continue;
      }
      const auto node = y.grad_fn();
      const unsigned before = node->add_pre_hook([&](autograd::variable_list gradients) {
        ++calls;
        return gradients;
      });
      node->remove_hook(before);
    }
  });
  check(x.grad(), {200, 400});
}

TEST_CASE("threads that meet at one view of a dual tensor see its tangent") {
  const forward_ad::DualLevel level;
  const Tensor base = vec({1, 2, 3, 4}), view = base.slice(0, 1, 3);
  base.copy_(forward_ad::make_dual(base, vec({5, 6, 7, 8})));
  std::atomic<int> right{0};
  parallel_for(0, 64, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Tensor tangent = forward_ad::unpack_dual((view * 2).sum()).tangent;
      right += tangent.defined() && tangent.item<double>() == 26;
    }
  });
  CHECK_EQ(right, 64);
}

TEST_CASE("the number of a hook removes no other, whatever became of the tensor") {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  int calls = 0;
  const unsigned first = y.register_hook([&](const Tensor&) {});
  y.mul_(2);
  const unsigned second = y.register_hook([&](const Tensor&) { ++calls; });
  CHECK_THROWS_AS(y.remove_hook(first), IndexError);  // it stays with the value of its time
  y.grad_fn()->remove_hook(second + 1);
  y.sum().backward();
  CHECK_EQ(calls, 1);

  Tensor leaf_then = leaf({1});
  const unsigned of_leaf = leaf_then.register_hook([](const Tensor&) {});
  leaf_then.remove_hook(of_leaf);
  leaf_then.register_hook([&](const Tensor&) { ++calls; });
  CHECK_THROWS_AS(leaf_then.remove_hook(of_leaf), IndexError);
  leaf_then.sum().backward();
  CHECK_EQ(calls, 2);
}
