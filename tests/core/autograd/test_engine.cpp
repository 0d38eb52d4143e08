// The walk back: values, roots and inputs, errors, large graphs, threads, saved values that were changed.
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

struct Fails : autograd::Function<Fails> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x.clone(); }
  static variable_list backward(autograd::AutogradContext*, variable_list) {
    throw std::runtime_error("no way back");
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

TEST_CASE("a chain of a million nodes is walked and freed without recursion") {
  const char* asked = std::getenv("XGRAD_TEST_CHAIN");  // 10000000, where there is memory for it
  const int64_t n = asked ? std::atoll(asked) : 1000000;
  const Tensor x = leaf({1});
  {
    Tensor y = x;
    for (int64_t i = 0; i < n; ++i) y = y + 1;
    y.sum().backward();
    check(x.grad(), {1});
    check(autograd::grad({y.sum()}, {x})[0], {1});
  }
  Tensor never_walked = x;
  for (int64_t i = 0; i < n / 4; ++i) never_walked = never_walked * 1.0;
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

TEST_CASE("an exception on the way back leaves every gradient as it was, and the next backward works") {
  const Tensor x = leaf({1}), y = leaf({2}), kept = y * 1;
  kept.retain_grad();
  (x * y).sum().backward();
  const auto broken = [&] { (Fails::apply(x * 2) + kept * 3 + y * x).sum().backward(); };
  CHECK_THROWS_WITH(broken(), "no way back");
  check(x.grad(), {2});
  check(y.grad(), {1});
  CHECK_FALSE(kept.grad().defined());
  const unsigned id =
      x.register_hook([](const Tensor&) -> Tensor { throw std::runtime_error("from a hook"); });
  CHECK_THROWS_WITH((x * y).sum().backward(), "from a hook");
  check(x.grad(), {2});
  check(y.grad(), {1});
  x.remove_hook(id);
  (x * y).sum().backward();
  check(x.grad(), {4});
  check(y.grad(), {2});
  CHECK(GradMode::is_enabled());
}

TEST_CASE("a graph whose backward failed says so when it was not kept, and can be walked when it was") {
  const Tensor x = leaf({3});
  const auto failing_once = [&](int& calls) {
    const Tensor y = x * x;
    y.register_hook([&calls](const Tensor&) {
      if (++calls == 1) throw std::runtime_error("once");
    });
    return (y.exp() * x).log().sum();
  };
  int calls = 0;
  const Tensor kept = failing_once(calls);
  CHECK_THROWS_WITH(kept.backward({}, true), "once");
  CHECK_FALSE(x.grad().defined());
  kept.backward();
  check(x.grad(), {2 * 3 + 1. / 3});
  x.mutable_grad().reset();
  calls = 0;
  const Tensor freed = failing_once(calls);
  CHECK_THROWS_WITH(freed.backward(), "once");
  check_error(error_of([&] { freed.backward(); }), "Trying to backward through the graph a second time");
  CHECK_FALSE(x.grad().defined());
}

namespace {

// Its backward runs a backward through itself, `depth` levels deep.
struct Reentrant : autograd::Function<Reentrant> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    ctx->save_for_backward({x});
    return x.clone();
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx, autograd::variable_list g) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth == 0) return {g[0] * 2, Tensor()};
    const AutoGradMode recording(true);
    const Tensor inner = ctx->get_saved_variables()[0].detach().requires_grad_();
    Reentrant::apply(inner, depth - 1).sum().backward();
    return {g[0] * inner.grad(), Tensor()};
  }
};

}  // namespace

TEST_CASE("a backward may run inside a backward, twenty thousand deep") {
  const Tensor x = leaf({3});
  Reentrant::apply(x, 20000).sum().backward();
  check(x.grad(), {2});
  CHECK(GradMode::is_enabled());
}

TEST_CASE("an exception comes out of a backward that is deep inside others") {
  struct Bottom : autograd::Function<Bottom> {
    static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, int64_t depth) {
      ctx->saved_data["depth"] = depth;
      return x.clone();
    }
    static autograd::variable_list backward(autograd::AutogradContext* ctx, autograd::variable_list g) {
      const int64_t depth = ctx->saved_data["depth"].toInt();
      if (depth == 0) throw std::runtime_error("at the bottom");
      const AutoGradMode recording(true);
      Bottom::apply(ones({1}, kDouble).requires_grad_(), depth - 1).sum().backward();
      return {g[0], Tensor()};
    }
  };
  const Tensor x = leaf({3});
  CHECK_THROWS_WITH(Bottom::apply(x, 200).sum().backward(), "at the bottom");
  CHECK_FALSE(x.grad().defined());
  CHECK(GradMode::is_enabled());
}

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

TEST_CASE(
    "a tensor that no longer requires a gradient collects none, and one that has become a result is an "
    "error") {
  int calls = 0;
  const Tensor x = leaf({1, 2}), w = leaf({3, 4}), y = x * w;
  x.register_hook([&](const Tensor&) { ++calls; });
  x.requires_grad_(false);
  y.sum().backward({}, true);
  CHECK_FALSE(x.grad().defined());
  CHECK_EQ(calls, 1);  // hooks run, as in PyTorch
  check(w.grad(), {1, 2});
  x.requires_grad_();
  y.sum().backward();
  check(x.grad(), {3, 4});

  const Tensor a = leaf({1, 2}), b = a * 2, before = w.grad().clone();
  a.requires_grad_(false);
  a.mul_(w);
  check_error(error_of([&] { (b * w).sum().backward(); }),
              "leaf variable has been moved into the graph interior");
  CHECK(equal(w.grad(), before));
}

TEST_CASE("the .grad() of a leaf is as it was when that of another cannot be added to") {
  Tensor made_inside;
  {
    const InferenceMode guard;
    made_inside = ones({2}, kDouble);
  }
  const Tensor x = leaf({1, 2}), w = leaf({3, 4}), y = x * w;
  const std::pair<Tensor, const char*> wrong[] = {
      {made_inside, "is an inference tensor"},
      {ones({1}, kDouble).expand({2}), "share one place in memory"},
      {ones({3}, kDouble), "to which no gradient can be added"}};
  for (const auto& [grad, text] : wrong) {
    w.mutable_grad() = grad;
    check_error(error_of([&] { y.sum().backward({}, true); }), text);
    check_error(error_of([&] { autograd::backward({y.sum()}, {}, true, false, {x, w}); }), text);
    CHECK_FALSE(x.grad().defined());
  }
  w.mutable_grad() = (leaf({1, 1}) * 2);  // one with a history is added to
  y.sum().backward({}, true);
  check(w.grad(), {3, 4});
  w.mutable_grad() = (leaf({1, 1}) * 2);
  autograd::backward({y.sum()}, {}, true, true);
  check(w.grad(), {3, 4});
  check(x.grad(), {6, 8});
  // Gradients with a history lead back to the leaves that hold them: the cycle is opened by hand.
  x.mutable_grad().reset();
  w.mutable_grad().reset();
}

TEST_CASE("a warning that is made an error leaves every .grad() as it was") {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const autograd::DetectAnomalyGuard guard;
  (x * w).sum().backward();
  {
    NoGradGuard no_grad;
    w.add_(1);
  }
  const WarningHandler before = set_warning_handler([](const std::string& text) { throw Error(text); });
  check_error(error_of([&] { (x * w).sum().backward(); }), "still has the gradient from before");
  set_warning_handler(before);
  check(x.grad(), {3, 4});
  check(w.grad(), {1, 2});
}
