// Errors on the walk back: what a graph, its gradients and the next backward are after one.
#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
using autograd::variable_list;

namespace {

struct Fails : autograd::Function<Fails> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x.clone(); }
  static variable_list backward(autograd::AutogradContext*, variable_list) {
    throw std::runtime_error("no way back");
  }
};

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

TEST_CASE("a backward may run inside a backward, six thousand deep") {
  const Tensor x = leaf({3});
  Reentrant::apply(x, 6000).sum().backward();
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
