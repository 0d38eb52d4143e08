// Hooks of tensors and of nodes, and gradients retained by tensors that are no leaves.
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
    check(g, {order == "ab" ? 150.0 : 150.0});
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
