// Views that cannot follow a change of their base: made under no_grad, or by a user's Function. What comes of
// them is an error or the right gradient, as recorded from PyTorch (data/make_stale_views.py).
#include <fstream>
#include <functional>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/autograd/checks.h"

using namespace xgrad;
using autograd::AutogradContext;
using autograd::variable_list;
using checks::check;
using checks::check_error;
using checks::error_of;
using checks::leaf;
using nlohmann::json;

namespace {

Tensor padded(const Tensor& g) { return cat({zeros({1}, kDouble), g * 10}); }

struct Same : autograd::Function<Same> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x; }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 10}; }
};
struct Tail : autograd::Function<Tail> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x.slice(0, 1); }
  static variable_list backward(AutogradContext*, variable_list g) { return {padded(g[0])}; }
};
struct Parts : autograd::Function<Parts> {
  static variable_list forward(AutogradContext*, const Tensor& x) {
    return {x.slice(0, 1), x.slice(0, 0, 1)};
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {cat({g[1], g[0]}) * 10}; }
};
struct Buffer : autograd::Function<Buffer> {
  static Tensor forward(AutogradContext*, const Tensor&, const Tensor& b) { return b.slice(0, 1); }
  static variable_list backward(AutogradContext*, variable_list g) { return {padded(g[0]), Tensor()}; }
};
struct Fresh : autograd::Function<Fresh> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return (x * 2).slice(0, 1); }
  static variable_list backward(AutogradContext*, variable_list g) { return {padded(g[0]) / 5}; }
};
struct Constant : autograd::Function<Constant> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x) {
    const Tensor tail = x.slice(0, 1);
    ctx->mark_non_differentiable({tail});
    return {tail, x * 2};
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[1] * 2}; }
};

// a += b, where a is the second argument.
struct AddTo : autograd::Function<AddTo> {
  static Tensor forward(AutogradContext* ctx, const Tensor& b, const Tensor& a) {
    a.add_(b);
    ctx->mark_dirty({a});
    return a;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0], g[0]}; }
};
struct AddToAndMore : autograd::Function<AddToAndMore> {
  static variable_list forward(AutogradContext* ctx, const Tensor& a, const Tensor& b) {
    a.add_(b);
    ctx->mark_dirty({a});
    return {a, b * 2};
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0], g[0] + g[1] * 2}; }
};

using Z = const Tensor&;
using View = std::function<Tensor(Z z, Z x)>;
using Change = std::function<void(Z z, Z v, Z w)>;
using Use = std::function<Tensor(Z z, Z v, Z w)>;
template <class F>
using Named = std::vector<std::pair<std::string, F>>;

const Named<View> views{
    {"a view", [](Z z, Z) { return z.slice(0, 1); }},
    {"a view under no_grad",
     [](Z z, Z) {
       NoGradGuard guard;
       return z.slice(0, 1);
     }},
    {"a view of a view under no_grad",
     [](Z z, Z) {
       Tensor v;
       {
         NoGradGuard guard;
         v = z.view(-1);
       }
       return v.slice(0, 1);
     }},
    {"a view under inference_mode",
     [](Z z, Z) {
       InferenceMode guard;
       return z.slice(0, 1);
     }},
    {"a view of the data", [](Z z, Z) { return z.data().slice(0, 1); }},
    {"a Function's argument", [](Z z, Z) { return Same::apply(z); }},
    {"a Function's argument under no_grad",
     [](Z z, Z) {
       NoGradGuard guard;
       return Same::apply(z);
     }},
    {"a Function's view", [](Z z, Z) { return Tail::apply(z); }},
    {"a view of a Function's argument", [](Z z, Z) { return Same::apply(z).slice(0, 1); }},
    {"one of a Function's views", [](Z z, Z) { return Parts::apply(z)[0]; }},
    {"a Function's view of a buffer", [](Z z, Z x) { return Buffer::apply(x, z); }},
    {"a Function's view of its own", [](Z z, Z) { return Fresh::apply(z); }},
    {"a Function's constant view", [](Z z, Z) { return Constant::apply(z)[0]; }},
};

const Named<std::function<Tensor(Z)>> bases{
    {"a leaf", [](Z x) { return x; }},
    {"a result", [](Z x) { return x * 1; }},
    {"a constant", [](Z x) { return x.detach().clone(); }},
};

Tensor like(Z v, Z w) { return w.slice(0, 0, v.numel()); }
void without_gradients(const Tensor& t) {
  NoGradGuard guard;
  t.mul_(3);
}

const Named<Change> changes{
    {"nothing", [](Z, Z, Z) {}},
    {"the base by a number", [](Z z, Z, Z) { z.mul_(3); }},
    {"the base", [](Z z, Z, Z w) { z.mul_(w); }},
    {"another view", [](Z z, Z, Z w) { z.slice(0, 2).mul_(w.slice(0, 2)); }},
    {"the view by a number", [](Z, Z v, Z) { v.mul_(3); }},
    {"the view", [](Z, Z v, Z w) { v.mul_(like(v, w)); }},
    {"the base under no_grad", [](Z z, Z, Z) { without_gradients(z); }},
    {"the view under no_grad", [](Z, Z v, Z) { without_gradients(v); }},
    {"the base under no_grad, then with gradients",
     [](Z z, Z, Z w) {
       without_gradients(z);
       z.mul_(w);
     }},
    {"the base with gradients, then under no_grad",
     [](Z z, Z, Z w) {
       z.mul_(w);
       without_gradients(z);
     }},
    {"whether the base is a leaf", [](Z z, Z, Z) { z.requires_grad_(); }},
};

const Named<Use> uses{
    {"the view", [](Z, Z v, Z w) { return v * like(v, w); }},
    {"the base", [](Z z, Z, Z) { return z * 1; }},
    {"both", [](Z z, Z v, Z) { return v.sum() * z; }},
    {"the view, in place", [](Z, Z v, Z w) { return v.mul_(like(v, w)); }},
};

json elements(const Tensor& t) {
  if (!t.defined()) return {0.0, 0.0, 0.0};
  const Tensor flat = t.detach().contiguous();
  return std::vector<double>(flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel());
}

// Value and gradients, or null for an error.
json run(const View& view, const std::function<Tensor(Z)>& base, const Change& change, const Use& use) {
  const Tensor x = leaf({1, 2, 3}), w = leaf({2, 4, 5});
  try {
    const Tensor z = base(x), v = view(z, x);
    change(z, v, w);
    const Tensor out = use(z, v, w);
    if (out.requires_grad()) out.sum().backward();
    return {elements(out), elements(x.grad()), elements(w.grad())};
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

TEST_CASE(
    "a view that cannot follow its base gives the right gradient or an error, as recorded from PyTorch") {
  std::ifstream file(XGRAD_TESTS_DIR "/core/autograd/data/stale_views.json");
  REQUIRE(file);
  const json recorded = json::parse(file);
  REQUIRE_EQ(recorded.size(), views.size() * bases.size());
  for (const auto& [view_name, view] : views)
    for (const auto& [base_name, base] : bases)
      for (const auto& [change_name, change] : changes)
        for (const auto& [use_name, use] : uses) {
          const json& want = recorded.at(view_name + " of " + base_name).at(change_name).at(use_name);
          const json got = run(view, base, change, use);
          const std::string program =
              view_name + " of " + base_name + "; changed: " + change_name + "; used: " + use_name;
          CHECK_MESSAGE(got == want, program, ": ", got.dump(), ", recorded: ", want.dump());
        }
}

TEST_CASE("the error says what the view is and what happened") {
  const Tensor z = leaf({1, 2, 3}) * 1, a = Same::apply(z), tail = a.slice(0, 1);
  check_error(error_of([&] { a.mul_(2); }),
              "mul_: output 0 of SameBackward is a view and is being modified inplace: self is [3]");
  z.add_(1);
  check_error(error_of([&] { a.sum().backward(); }),
              "output 0 of SameBackward is a view and its base or another view of its base has been modified "
              "inplace: self is [3], a view of [3]");
  check_error(error_of([&] { tail.sum(); }), "output 0 of SliceBackward0 is a view and its base");
  Tensor v;
  {
    NoGradGuard guard;
    v = z.slice(0, 1);
    z.add_(1);
    CHECK_NOTHROW(v * 2);
  }
  check_error(error_of([&] { v.sum(); }),
              "a view was created in no_grad mode and its base or another view of its base has been modified "
              "inplace with grad mode enabled: self is [2], a view of [3]");
  CHECK_NOTHROW(v.detach().sum());
}

TEST_CASE("an op in place refuses an argument that lost its history before it writes") {
  const Tensor x = leaf({1, 2, 3}), z = x * 1, a = Same::apply(z), y = x * 2;
  z.mul_(3);
  for (const auto& change : std::vector<std::function<void()>>{[&] { y.mul_(a); }, [&] { y.copy_(a); },
                                                               [&] { y.slice(0, 1).add_(a.slice(0, 1)); }})
    check_error(error_of(change), "SameBackward is a view");
  check(y, {2, 4, 6});
  CHECK_EQ(y._version(), 0);
}

TEST_CASE("what was computed of a view before the change keeps its gradient") {
  const Tensor x = leaf({1, 2, 3}), z = x * 1, a = Same::apply(z), y = a * 2;
  z.mul_(3);
  y.sum().backward();
  check(x.grad(), {20, 20, 20});
}

TEST_CASE("a Function may change a view in place, whichever argument it is") {
  for (bool whole : {true, false}) {
    const Tensor x = leaf({1, 2, 3}), b = leaf({5, 7}), z = x * 2, v = z.slice(0, 1);
    const Tensor out = AddTo::apply(b * 3, v);
    CHECK(out.is_same(v));
    check(z, {2, 19, 27});
    const Tensor weighted = (whole ? z.slice(0, 1) : v) * checks::vec({10, 100});
    weighted.sum().backward();
    check(x.grad(), {0, 20, 200});
    check(b.grad(), {30, 300});
  }
}

TEST_CASE("a Function that changes a view in place returns nothing else") {
  const Tensor x = leaf({1, 2, 3}), b = leaf({1, 1, 1});
  check_error(error_of([&] { AddToAndMore::apply((x * 1).slice(0, 0), b); }),
              "AddToAndMoreBackward: forward changed a view of shape [3] in place and returned 2 tensors");
  const auto out = AddToAndMore::apply(x * 1, b);
  (out[0] + out[1]).sum().backward();
  check(x.grad(), {1, 1, 1});
  check(b.grad(), {3, 3, 3});
}

TEST_CASE("a checkpoint that returns its input is a view of it") {
  const Tensor x = leaf({1, 2, 3}), z = x * 1;
  const Tensor same = autograd::checkpoint([](const variable_list& in) { return in; }, {z})[0];
  check_error(error_of([&] { same.mul_(2); }), "CheckpointBackward is a view and is being modified inplace");
  z.mul_(3);
  check_error(error_of([&] { same.sum().backward(); }), "CheckpointBackward is a view and its base");
}

TEST_CASE("a view of a base that was detached follows it") {
  const Tensor x = leaf({1, 2, 3}), w = leaf({2, 4, 5}), z = x * 1, v = z.slice(0, 1);
  z.detach_();
  z.mul_(w);
  (v * 2).sum().backward();
  CHECK_FALSE(x.grad().defined());
  check(w.grad(), {0, 4, 6});
}
