// Hooks of tensors and of nodes, and gradients retained by tensors that are no leaves.
#include <atomic>
#include <thread>

#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
using autograd::variable_list;

TEST_CASE("hooks see the sum of the gradients, in their order, and may replace it") {
  const Tensor x = leaf({2});
  const Tensor y = x * 3;
  std::string order;
  y.register_hook([&](const Tensor& g) {
    check(g, {1 + 4});
    order += "a";
    return g * 10;
  });
  const unsigned second = y.register_hook([&](const Tensor& g) {
    check(g, {50});
    order += "b";
  });
  x.register_hook([&](const Tensor& g) {
    check(g, {150});
    order += "x";
    return g + 1;
  });
  (y + y * 4).sum().backward({}, true);
  CHECK_EQ(order, "abx");
  check(x.grad(), {151});
  y.remove_hook(second);
  (y + y * 4).sum().backward();
  CHECK_EQ(order, "abxax");
  CHECK_THROWS_AS(vec({1}).register_hook([](const Tensor&) {}), Error);
}

TEST_CASE("a hook that returns another shape or dtype is refused, and one may remove itself") {
  const Tensor x = leaf({2, 3});
  const unsigned id = x.register_hook([](const Tensor&) { return ones({3}, kDouble); });
  check_error(error_of([&] { (x * 2).sum().backward(); }), "a hook must return a gradient of the same shape");
  x.remove_hook(id);
  const unsigned other = x.register_hook([](const Tensor&) { return ones({2}, kLong); });
  check_error(error_of([&] { (x * 2).sum().backward(); }), "of the same dtype: got int64, expected float64");
  x.remove_hook(other);
  CHECK_FALSE(x.grad().defined());
  int calls = 0;
  unsigned own = 0;
  own = x.register_hook([&](const Tensor&) {
    ++calls;
    x.remove_hook(own);
  });
  (x * 2).sum().backward();
  (x * 2).sum().backward();
  CHECK_EQ(calls, 1);
  CHECK_THROWS_AS(x.remove_hook(77), IndexError);
  CHECK_THROWS_AS((x * 2).remove_hook(0), IndexError);
}

TEST_CASE("a hook belongs to the value of its time, before or after a change in place") {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  std::string order;
  y.register_hook([&](const Tensor& g) {
    check(g, {10, 10});
    order += "before ";
  });
  y.mul_(2);
  y.register_hook([&](const Tensor& g) {
    check(g, {5, 5});
    order += "after ";
  });
  (y * 5).sum().backward();
  CHECK_EQ(order, "after before ");
  check(x.grad(), {30, 30});

  const Tensor z = x * 3;
  z.register_hook([&](const Tensor& g) { check(g, {10, 5}); });
  z[0].mul_(2);
  (z * 5).sum().backward();
  check(x.grad(), {60, 45});
}

TEST_CASE("hooks of a leaf run also for backward with inputs, once for the sum") {
  const Tensor x = leaf({2});
  int calls = 0;
  x.register_hook([&](const Tensor& g) {
    ++calls;
    return g * 3;
  });
  (x * 2 + x).sum().backward({}, nullopt, false, variable_list{x});
  CHECK_EQ(calls, 1);
  check(x.grad(), {9});
}

TEST_CASE(
    "a tensor that retains its gradient collects it over several backwards, and through a change in place") {
  const Tensor x = leaf({2});
  const Tensor y = x * 3;
  y.retain_grad();
  CHECK(y.retains_grad());
  (y * 2).sum().backward({}, true);
  check(y.grad(), {2});
  (y * 2).sum().backward();
  check(y.grad(), {4});
  Tensor z = x * 3, sum;
  z.retain_grad();
  z.mul_(5);
  (z * 2).sum().backward({}, true);
  check(z.grad(), {2});
  // The node it had first must not remember it.
  Tensor gone = x * 3;
  gone.retain_grad();
  gone.mul_(5);
  sum = gone.sum();
  gone.reset();
  const std::vector<Tensor> other(8, x * 1);
  sum.backward();
  CHECK_THROWS_AS(vec({1}).retain_grad(), Error);
}

TEST_CASE("node hooks run before and after the node") {
  const Tensor x = leaf({2});
  const Tensor y = x * 3;
  std::string order;
  const unsigned before = y.grad_fn()->add_pre_hook([&](variable_list g) {
    order += "<";
    g[0] = g[0] * 2;
    return g;
  });
  const unsigned after = y.grad_fn()->add_post_hook([&](const variable_list& out, const variable_list& in) {
    order += ">";
    check(in[0], {2});
    check(out[0], {6});
    return variable_list{out[0] + 1, Tensor()};
  });
  y.sum().backward({}, true);
  CHECK_EQ(order, "<>");
  check(x.grad(), {7});
  y.grad_fn()->remove_hook(before);
  y.grad_fn()->remove_hook(after);
  y.sum().backward({}, true);
  check(x.grad(), {10});
  y.grad_fn()->add_pre_hook([](variable_list) { return variable_list(); });
  check_error(error_of([&] { y.sum().backward(); }), "a pre-hook must return 1 gradients, got 0");
}

namespace {

// (a, b) = (2x, 3x), computed by whoever makes it.
struct TwoAndThree : autograd::Node {
  variable_list apply(variable_list&& g) override { return {g[0] * 2 + g[1] * 3}; }
};

}  // namespace

TEST_CASE("a node of a user is the history of several outputs, in their order") {
  const Tensor x = leaf({1, 2});
  const auto node = autograd::make_node<TwoAndThree>();
  node->set_next_edges(autograd::collect_next_edges(x));
  const variable_list out{x.detach() * 2, x.detach() * 3};
  autograd::set_history(out, node);
  CHECK(autograd::gradient_edge(out[1]) == autograd::Edge(node, 1));
  CHECK(autograd::gradient_edge(out[0]) != autograd::gradient_edge(out[1]));
  (out[0] + 10 * out[1]).sum().backward();
  check(x.grad(), {32, 32});
}

TEST_CASE("a node that is null and an edge that is not there are refused") {
  const Tensor x = leaf({2, 3}), y = x * 2;
  const auto node = y.grad_fn();
  CHECK_THROWS_AS((void)node->next_edge(2), IndexError);
  CHECK_THROWS_AS((void)node->next_edge(0).function->next_edge(0), IndexError);
  check_error(error_of([&] { autograd::set_history(vec({1}), nullptr); }), "set_history: the node is null");
}

namespace {

struct WrongShape : autograd::Node {
  variable_list apply(variable_list&&) override { return {ones({1}, kDouble)}; }
};

Tensor behind_wrong_shape(const Tensor& x) {
  const Tensor y = x.detach().clone();
  auto node = autograd::make_node<WrongShape>();
  node->set_next_edges(autograd::collect_next_edges({x}));
  autograd::set_history(y, node);
  return y;
}

}  // namespace

TEST_CASE("gradients of a wrong shape, made by node hooks or nodes of users, are noticed wherever they go") {
  const auto squares = [] { return ones({300, 400}, kDouble).requires_grad_(); };
  const auto hooked = [](const Tensor& y) {
    y.grad_fn()->add_pre_hook([](variable_list) { return variable_list{ones({1}, kDouble)}; });
    return y.sum();
  };
  const Tensor x = squares();
  check_error(error_of([&] { hooked(x.softmax(1)).backward(); }), "gradient 0 had [300, 400], got [1]");
  const Tensor y = x.exp();
  y.grad_fn()->add_post_hook(
      [](const variable_list&, const variable_list&) { return variable_list{ones({2}, kDouble)}; });
  check_error(error_of([&] { y.sum().backward(); }), "ExpBackward: a post-hook must return");

  check_error(
      error_of([&] { behind_wrong_shape(x.softmax(1)).sum().backward(); }),
      "SoftmaxBackward: a gradient must have the shape of the result it belongs to: got [1], expected "
      "[300, 400]");
  check_error(error_of([&] { behind_wrong_shape(x.sum(0)).sum().backward(); }), "a gradient must have");
  check_error(error_of([&] { behind_wrong_shape(x).sum().backward(); }),
              "a gradient of shape [1] arrives at a tensor of shape [300, 400]");
  check_error(error_of([&] { autograd::grad({behind_wrong_shape(x).sum()}, {x}); }), "arrives at a tensor");
  check_error(error_of([&] { (*x.softmax(1).grad_fn())({ones({3}, kDouble)}); }), "got [3], expected");
  CHECK_FALSE(x.grad().defined());
  // Another dtype is converted.
  const Tensor s = x.softmax(1);
  const variable_list g = (*s.grad_fn())({ones({300, 400})});
  CHECK_EQ(g[0].dtype(), kDouble);
}

TEST_CASE("a .grad() to which nothing can be added is noticed before any other is written") {
  const Tensor a = leaf({1}), b = leaf({2}), kept = a * b;
  kept.retain_grad();
  for (const Tensor& wrong : {ones({3}, kDouble), ones({1}, kLong)}) {
    b.mutable_grad() = wrong;
    check_error(error_of([&] { (kept * 2).sum().backward({}, true); }), "to which no gradient can be added");
    CHECK_FALSE(a.grad().defined());
    CHECK_FALSE(kept.grad().defined());
  }
  b.mutable_grad().reset();
  (kept * 2).sum().backward();
  check(a.grad(), {4});
  check(b.grad(), {2});
  check(kept.grad(), {2});
}

TEST_CASE("the number of a hook that was removed is not given again") {
  const Tensor x = leaf({2}), y = x * 3;
  for (const Tensor& t : {x, y}) {
    t.register_hook([](const Tensor& g) { return g * 2; });
    const unsigned last = t.register_hook([](const Tensor& g) { return g * 100; });
    t.remove_hook(last);
    t.register_hook([](const Tensor& g) { return g * 5; });
    CHECK_THROWS_AS(t.remove_hook(last), IndexError);
  }
  y.sum().backward();
  check(x.grad(), {300});
}

TEST_CASE("a hook of a node may walk through that node again, also while there are other threads") {
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop) std::this_thread::yield();
  });
  const Tensor x = leaf({2}), y = x * x;
  bool again = false;
  y.grad_fn()->add_post_hook([&](const variable_list& out, const variable_list&) {
    if (!again) {
      again = true;
      y.backward({}, true);
    }
    return out;
  });
  y.backward();
  check(x.grad(), {8});
  stop = true;
  other.join();
}
