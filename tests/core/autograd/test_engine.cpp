// The walk back: values, roots and inputs, large graphs, modes, saved values that were changed.
#include <cstdlib>
#include <thread>

#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
using autograd::variable_list;

namespace {

// Two results, whose gradients both arrive in one node.
struct SumAndDifference : autograd::Function<SumAndDifference> {
  static variable_list forward(autograd::AutogradContext*, const Tensor& a, const Tensor& b) {
    return {a + b, a - b};
  }
  static variable_list backward(autograd::AutogradContext*, variable_list g) {
    return {g[0] + g[1], g[0] - g[1]};
  }
};

}  // namespace

TEST_CASE("the chain rule gives the closed form") {
  const Tensor x = leaf({0.3, -1.2, 2.0});
  (x.sin() * x.exp()).sum().backward();
  std::vector<double> want;
  for (double v : {0.3, -1.2, 2.0}) want.push_back(std::exp(v) * (std::sin(v) + std::cos(v)));
  check(x.grad(), want);
}

TEST_CASE("a leaf that is used several times gets the sum, and a second backward adds") {
  const Tensor x = leaf({3});
  (x * x + 2 * x + x).sum().backward();
  check(x.grad(), {9});
  (x * 5).sum().backward();
  check(x.grad(), {14});
  x.mutable_grad().reset();
  (x * 5).sum().backward();
  check(x.grad(), {5});
}

TEST_CASE("a graph can be walked once, or more often when it is retained") {
  const Tensor x = leaf({2});
  const Tensor y = (x * x).exp().sum();
  y.backward({}, true);
  y.backward();
  check(x.grad(), {2 * 4 * std::exp(4.0)});
  check_error(error_of([&] { y.backward(); }), "Trying to backward through the graph a second time");
  check(x.grad(), {2 * 4 * std::exp(4.0)});
  // What saved nothing has nothing to miss.
  const Tensor z = (x + x).sum();
  z.backward();
  CHECK_NOTHROW(z.backward());
}

TEST_CASE("create_graph makes gradients that can be differentiated again") {
  const Tensor x = leaf({1.5});
  const Tensor y = x.pow(4).sum();
  const Tensor first = autograd::grad({y}, {x}, {}, true, true)[0];
  const Tensor second = autograd::grad({first.sum()}, {x}, {}, true, true)[0];
  const Tensor third = autograd::grad({second.sum()}, {x})[0];
  check(first, {4 * 1.5 * 1.5 * 1.5});
  check(second, {12 * 1.5 * 1.5});
  check(third, {24 * 1.5});
  CHECK(first.requires_grad());
  CHECK_FALSE(third.requires_grad());
}

// Which gradients require one, and the zeros, are PyTorch's.
TEST_CASE("a recorded gradient depends on the input of an op with kinks") {
  const Tensor w = vec({0.2, 0.3, 0.4});
  const std::pair<const char*, std::function<Tensor(const Tensor&)>> kinked[] = {
      {"relu", [](const Tensor& x) { return relu(x); }},
      {"relu6", [](const Tensor& x) { return relu6(x); }},
      {"leaky_relu", [](const Tensor& x) { return leaky_relu(x, 0.1); }},
      {"threshold", [](const Tensor& x) { return threshold(x, 0.1, 2); }},
      {"hardtanh", [](const Tensor& x) { return hardtanh(x); }},
      {"hardsigmoid", [](const Tensor& x) { return hardsigmoid(x); }},
      {"hardshrink", [](const Tensor& x) { return hardshrink(x); }},
      {"softshrink", [](const Tensor& x) { return softshrink(x); }},
      {"prelu",
       [&](const Tensor& x) {
         return prelu(x.view({1, 3}), w);
       }},
      {"the weight of prelu",
       [](const Tensor& x) {
         return prelu(ones({2, 3, 2}, kDouble), x);
       }},
      {"max_pool1d",
       [](const Tensor& x) {
         return max_pool1d(x.view({1, 3}), 2);
       }},
      {"relu in place", [](const Tensor& x) { return (x * 1).relu_(); }},
      {"abs", [](const Tensor& x) { return abs(x); }},
      {"in another dtype", [](const Tensor& x) { return relu(x.to(kFloat)); }}};
  for (const auto& op : kinked) {
    CAPTURE(op.first);
    const Tensor x = leaf({-0.3, 0.4, 2});
    const Tensor g = autograd::grad({op.second(x).sum()}, {x}, {}, true, true)[0];
    REQUIRE(g.requires_grad());
    const Tensor second = autograd::grad({(g * w).sum()}, {x}, {}, true, true)[0];
    check(second, {0, 0, 0});
    CHECK(second.dtype() == kDouble);
    CHECK_FALSE(autograd::grad({op.second(x).sum()}, {x})[0].requires_grad());
  }
  const Tensor x = leaf({-0.3, 0.4, 2});
  for (const Tensor& y : {x.clamp(0, 1), x.max(), x.maximum(w), floor(x)})
    CHECK_FALSE(autograd::grad({y.sum()}, {x}, {}, true, true)[0].requires_grad());
  // Both at once: what flows through the gradient, and the zeros.
  const Tensor g = autograd::grad({relu(x).pow(2).sum()}, {x}, {}, true, true)[0];
  check(autograd::grad({g.sum()}, {x})[0], {0, 2, 2});
}

TEST_CASE("backward with create_graph accumulates gradients that are part of the graph") {
  const Tensor x = leaf({2});
  x.pow(3).sum().backward({}, nullopt, true);
  x.pow(2).sum().backward({}, nullopt, true);
  check(x.grad(), {12 + 4});
  REQUIRE(x.grad().requires_grad());
  check(autograd::grad({x.grad().sum()}, {x})[0], {6 * 2 + 2});
  x.mutable_grad().reset();
}

TEST_CASE("grad leaves .grad alone, and an unused input is an error unless allowed") {
  const Tensor x = leaf({2}), y = leaf({3}), c = vec({1});
  const Tensor z = (x * x).sum();
  check_error(error_of([&] {
                autograd::grad({z}, {x, y}, {}, true);
              }),
              "appears to not have been used in the graph: input 1");
  const variable_list g = autograd::grad({z}, {x, y}, {}, true, false, true);
  check(g[0], {4});
  CHECK_FALSE(g[1].defined());
  CHECK_FALSE(x.grad().defined());
  check_error(error_of([&] { autograd::grad({z}, {c}); }), "does not require grad");
  check_error(error_of([&] { autograd::grad({leaf({1}) * 2}, {}); }), "grad: inputs is empty");
}

TEST_CASE("grad reaches tensors inside the graph, the output itself, and one input twice") {
  const Tensor x = leaf({2});
  const Tensor y = x * x, z = y * y * x;
  const variable_list g = autograd::grad({z.sum()}, {x, y}, {}, true);
  check(g[0], {5 * 16});
  check(g[1], {2 * 4 * 2});
  check(autograd::grad({y}, {y}, {vec({7})}, true)[0], {7});
  check(autograd::grad({x}, {x}, {vec({7})}, true)[0], {7});
  for (const Tensor& each : autograd::grad({y}, {x, x}, {vec({1})}, true)) check(each, {4});
}

TEST_CASE("several roots are weighted by their gradients and summed") {
  const Tensor x = leaf({2, 3}), y = leaf({5});
  const Tensor a = x * 2, b = (x * y).sum();
  autograd::backward({a, b, x}, {vec({1, 10}), Tensor(), vec({100, 100})});
  check(x.grad(), {2 + 5 + 100, 20 + 5 + 100});
  check(y.grad(), {5});
  const variable_list g = autograd::grad({x.sum(), (x * x).sum()}, {x});
  check(g[0], {1 + 4, 1 + 6});
  check_error(error_of([&] { autograd::backward({a, b}, {vec({1, 1})}); }), "got 2 tensors and 1 gradients");
}

TEST_CASE("a gradient that does not fit its root is refused") {
  const Tensor x = ones({2, 3}, kDouble).requires_grad_();
  const Tensor y = x * 2;
  check_error(error_of([&] { y.backward(); }),
              "grad can be implicitly created only for scalar outputs: tensor 0 has shape [2, 3]");
  check_error(error_of([&] { y.backward(ones({3}, kDouble)); }), "gradient is [3], tensor 0 is [2, 3]");
  check_error(error_of([&] { y.detach().sum().backward(); }),
              "does not require grad and does not have a grad_fn");
  CHECK_FALSE(x.grad().defined());
  y.backward(ones({2, 3}, kFloat));  // another dtype is converted
  CHECK_EQ(x.grad().dtype(), kDouble);
  (x.slice(1, 0, 1).slice(0, 0, 1)).backward();  // one element needs no gradient, whatever its shape
}

TEST_CASE("backward with inputs fills only these") {
  const Tensor x = leaf({2}), y = leaf({3});
  const Tensor m = x * y, z = (m * m).sum();
  z.backward({}, true, false, variable_list{x});
  check(x.grad(), {2 * 6 * 3});
  CHECK_FALSE(y.grad().defined());
  z.backward({}, true, false, variable_list{m});
  check(m.grad(), {12});
  z.backward({}, true, false, variable_list{y, y});
  check(y.grad(), {2 * 6 * 2});
  z.backward({}, false, false, variable_list{x});
  check(x.grad(), {2 * 2 * 6 * 3});
}

TEST_CASE("broadcast inputs get the sum over what was broadcast") {
  const Tensor a = ones({2, 1}, kDouble).requires_grad_(), b = ones({3}, kDouble).requires_grad_(),
               c = full({}, 2.0, kDouble).requires_grad_();
  (a * b * c).sum().backward();
  CHECK_EQ(a.grad().sizes().vec(), std::vector<int64_t>{2, 1});
  check(a.grad(), {6, 6});
  check(b.grad(), {4, 4, 4});
  CHECK_EQ(c.grad().dim(), 0);
  check(c.grad(), {6});
}

TEST_CASE("inputs of different dtypes get gradients of their own") {
  const Tensor a = ones({2}, kFloat).requires_grad_(), b = full({2}, 3.0, kDouble).requires_grad_(),
               h = ones({2}, kHalf).requires_grad_();
  (a * b + h).sum().backward();
  CHECK_EQ(a.grad().dtype(), kFloat);
  CHECK_EQ(b.grad().dtype(), kDouble);
  CHECK_EQ(h.grad().dtype(), kHalf);
  check(a.grad(), {3, 3});
  check(h.grad(), {1, 1});
  const Tensor i = arange(2, kLong), x = leaf({1, 1});
  (x * i).sum().backward();
  check(x.grad(), {0, 1});
}

TEST_CASE("diamonds are walked once for each node") {
  Tensor x = leaf({1.0});
  Tensor y = x;
  for (int i = 0; i < 60; ++i) y = y * 0.5 + y * 0.5;  // 2^60 paths
  int runs = 0;
  y.grad_fn()->add_post_hook([&](const variable_list& out, const variable_list&) {
    ++runs;
    return out;
  });
  y.sum().backward();
  check(x.grad(), {1});
  CHECK_EQ(runs, 1);
}

TEST_CASE("ten thousand users of one tensor, and ten thousand tensors in one") {
  const Tensor x = leaf({2});
  const Tensor m = x * 3;
  std::vector<Tensor> parts, leaves;
  for (int i = 0; i < 10000; ++i) parts.push_back(m * i);
  cat(parts).sum().backward();
  check(x.grad(), {3 * 9999.0 * 10000 / 2});
  for (int i = 0; i < 10000; ++i) leaves.push_back(leaf({1.0 * i}));
  const Tensor all = stack(leaves);
  (all * all).sum().backward();
  for (int i = 0; i < 10000; i += 999) check(leaves[static_cast<std::size_t>(i)].grad(), {2.0 * i});
  const variable_list g = autograd::grad({(stack(leaves) * 3).sum()}, leaves);
  check(g[9999], {3});
}

TEST_CASE("a chain of a quarter of a million nodes is walked and freed without recursion") {
  const char* asked = std::getenv("XGRAD_TEST_CHAIN");  // 10000000, where there is memory for it
  const int64_t n = asked ? std::atoll(asked) : 250000;
  const Tensor x = leaf({1});
  {
    Tensor y = x;
    for (int64_t i = 0; i < n; ++i) y = y + 1;
    y.sum().backward();
    check(x.grad(), {1});
    check(autograd::grad({y.sum()}, {x})[0], {1});
  }
  Tensor never_walked = x;
  for (int64_t i = 0; i < n; ++i) never_walked = never_walked * 1.0;
}

TEST_CASE("a node with several outputs waits for all of them, and one may be unused") {
  const Tensor a = leaf({5}), b = leaf({3});
  variable_list r = SumAndDifference::apply(a, b);
  (r[0] * r[1]).sum().backward({}, true);  // a^2 - b^2
  check(a.grad(), {10});
  check(b.grad(), {-6});
  CHECK_EQ(r[1].output_nr(), 1);
  check(autograd::grad({r[1].sum()}, {a, b}, {}, true)[1], {-1});
  check(autograd::grad({(r[0] * r[1]).sum()}, {r[0], r[1]}, {}, true)[0], {2});
}

TEST_CASE("grad mode is nested, belongs to the thread, and survives exceptions") {
  const Tensor x = leaf({1});
  {
    NoGradGuard no_grad;
    CHECK_FALSE((x * 2).requires_grad());
    {
      AutoGradMode on(true);
      CHECK((x * 2).requires_grad());
      std::thread([&] { CHECK(GradMode::is_enabled()); }).join();
    }
    CHECK_FALSE(GradMode::is_enabled());
    CHECK(x.requires_grad());
    CHECK_FALSE((x * 2).requires_grad());
  }
  CHECK_THROWS(([&] {
    NoGradGuard no_grad;
    x.view({2});
  }()));
  CHECK(GradMode::is_enabled());
  CHECK_FALSE((vec({1}) * 2).requires_grad());
  CHECK_FALSE((x > 0).requires_grad());
  x.set_requires_grad(false);
  CHECK_FALSE((x * 2).requires_grad());
  CHECK_THROWS_AS(ones({2}, kLong).requires_grad_(), Error);
}

TEST_CASE("a saved tensor that was changed in place is noticed") {
  const auto changed = [](const std::function<void(Tensor&)>& change) {
    const Tensor x = leaf({2});
    Tensor y = x * 1;
    const Tensor z = (y * y).sum();
    change(y);
    return error_of([&] { z.backward(); });
  };
  const std::string text =
      "one of the variables needed for gradient computation has been modified by an inplace operation: "
      "MulBackward0 needs a tensor of shape [1] at version 0, found version 1";
  check_error(changed([](Tensor& y) { y.add_(1); }), text);
  check_error(changed([](Tensor& y) { y[0].zero_(); }), text);
  check_error(changed([](Tensor& y) { y.view({1, 1}).mul_(2); }), text);
  check_error(changed([](Tensor& y) { y.detach().mul_(2); }), text);
  CHECK_EQ(changed([](Tensor& y) { y.data().mul_(2); }), "no error");
  CHECK_EQ(changed([](Tensor&) {}), "no error");
  const Tensor w = leaf({1});
  Tensor e = w.exp();
  const Tensor s = e.sum();
  e.mul_(2);
  check_error(error_of([&] { s.backward(); }), "ExpBackward");
}

TEST_CASE("version counters are shared by views and detached tensors, not by data()") {
  Tensor x = ones({4}, kDouble);
  const Tensor view = x.slice(0, 0, 2), detached = x.detach(), data = x.data(), copy = x.clone();
  CHECK_EQ(x._version(), 0);
  view.add_(1);
  CHECK_EQ(x._version(), 1);
  CHECK_EQ(detached._version(), 1);
  CHECK_EQ(data._version(), 0);
  CHECK_EQ(copy._version(), 0);
  data.add_(1);
  CHECK_EQ(data._version(), 1);
  CHECK_EQ(x._version(), 1);
  x.t_();
  detached.zero_();
  CHECK_EQ(view._version(), x._version());
  check(x, {0, 0, 0, 0});
}

TEST_CASE("a gradient does not change behind the back of who holds it") {
  const Tensor x = leaf({1, 2});
  const Tensor g = vec({5, 6});
  x.backward(g);
  (x * 2).sum().backward();
  check(g, {5, 6});
  check(x.grad(), {7, 8});
  const Tensor y = leaf({1, 2}), z = leaf({1, 2});
  (y + z).backward(g);
  y.mutable_grad().mul_(100);
  check(z.grad(), {5, 6});
  check(g, {5, 6});
}

TEST_CASE("an empty list of inputs is refused, none at all reaches every leaf") {
  const Tensor x = leaf({1, 2}), y = (x * 2).sum();
  check_error(error_of([&] { y.backward({}, nullopt, false, TensorList()); }),
              "'inputs' argument to backward cannot be empty");
  CHECK_FALSE(x.grad().defined());
  y.backward({}, true);
  autograd::backward({y});
  check(x.grad(), {4, 4});
}
