// Functions of users: what forward may save and mark, and what backward gets and must return.
#include <array>

#include "core/autograd/checks.h"

using namespace xgrad;
using namespace checks;
using autograd::AutogradContext;
using autograd::Function;
using autograd::variable_list;

namespace {

struct Cube : Function<Cube> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    CHECK_FALSE(GradMode::is_enabled());
    ctx->save_for_backward({x});
    return x * x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const Tensor x = ctx->get_saved_variables()[0];
    return {g[0] * 3 * x * x};
  }
};

struct WrongCube : Function<WrongCube> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) { return Cube::forward(ctx, x); }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * 2 * ctx->get_saved_variables()[0]};
  }
};

struct SavesItsOutput : Function<SavesItsOutput> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    const Tensor y = x.exp();
    ctx->save_for_backward({y});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * ctx->get_saved_variables()[0]};
  }
};

// Arguments of all kinds; saved_data of all kinds.
struct Mixed : Function<Mixed> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int64_t times, double by, std::string name,
                        Tensor bias) {
    ctx->saved_data["times"] = times;
    ctx->saved_data["by"] = by;
    ctx->saved_data["name"] = std::move(name);
    ctx->saved_data["yes"] = true;
    ctx->saved_data["list"] = std::vector<int64_t>{1, 2};
    ctx->saved_data["doubles"] = std::vector<double>{0.5};
    ctx->saved_data["tensor"] = x.detach();
    ctx->saved_data["tensors"] = variable_list{x.detach(), x.detach()};
    return x * static_cast<double>(times) * by + bias;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    CHECK_EQ(ctx->saved_data["name"].toStringRef(), "n");
    CHECK(ctx->saved_data["yes"].toBool());
    CHECK_EQ(ctx->saved_data["list"].toIntVector()[1], 2);
    CHECK_EQ(ctx->saved_data["doubles"].toDoubleVector()[0], 0.5);
    CHECK_EQ(ctx->saved_data["tensor"].toTensor().numel(), 2);
    CHECK_EQ(ctx->saved_data["tensors"].toTensorVector().size(), 2);
    CHECK_THROWS_AS(ctx->saved_data["yes"].toInt(), TypeError);
    CHECK(ctx->needs_input_grad(0));
    CHECK_FALSE(ctx->needs_input_grad(1));
    CHECK_THROWS_AS(ctx->needs_input_grad(2), IndexError);
    const double scale =
        static_cast<double>(ctx->saved_data["times"].toInt()) * ctx->saved_data["by"].toDouble();
    return {g[0] * scale, Tensor(), Tensor(), Tensor(), g[0]};
  }
};

struct DoublesInPlace : Function<DoublesInPlace> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2}; }
};

struct ForgetsDirty : Function<ForgetsDirty> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->mark_dirty({x});
    return x.clone();
  }
  static variable_list backward(AutogradContext*, variable_list g) { return g; }
};

// The second output has no gradient; the third counts.
struct Three : Function<Three> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x, bool materialize) {
    ctx->set_materialize_grads(materialize);
    ctx->saved_data["materialize"] = materialize;
    const Tensor sign = x.sign();
    ctx->mark_non_differentiable({sign});
    return {x * 2, sign, x * 3, (x > 0)};
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    CHECK_EQ(g.size(), 4);
    const bool materialize = ctx->saved_data["materialize"].toBool();
    CHECK_EQ(g[2].defined(), materialize);
    if (g[2].defined()) check(g[2], {0, 0});
    return {g[2].defined() ? g[0] * 2 + g[2] * 3 : g[0] * 2, Tensor()};
  }
};

struct ReturnsInput : Function<ReturnsInput> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x; }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 10}; }
};

struct SumOfList : Function<SumOfList> {
  static Tensor forward(AutogradContext* ctx, TensorList list, const Tensor& by) {
    Tensor total = list[0].clone();
    for (std::size_t i = 1; i < list.size(); ++i) total = total + list[i];
    ctx->save_for_backward({total, by});
    ctx->saved_data["n"] = static_cast<int64_t>(list.size());
    return total * by;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const variable_list saved = ctx->get_saved_variables();
    variable_list result(static_cast<std::size_t>(ctx->saved_data["n"].toInt()), g[0] * saved[1]);
    result.push_back(g[0] * saved[0]);
    return result;
  }
};

// Returns what it is told to.
struct Returns : Function<Returns> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int64_t count, std::vector<int64_t> sizes) {
    ctx->saved_data["count"] = count;
    ctx->saved_data["sizes"] = sizes;
    return x * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list) {
    const auto n = static_cast<std::size_t>(ctx->saved_data["count"].toInt());
    variable_list result(n);
    result[0] = ones(ctx->saved_data["sizes"].toIntVector(), kFloat);
    if (n == 2) result[1] = result[0];
    return result;
  }
};

}  // namespace

TEST_CASE("a function computes without recording and has the gradient it states") {
  const Tensor x = leaf({2, -3});
  const Tensor y = Cube::apply(x);
  CHECK_EQ(y.grad_fn()->name(), "CubeBackward");
  y.sum().backward();
  check(x.grad(), {12, 27});
  CHECK_FALSE(Cube::apply(tensor({1.0}, kDouble)).requires_grad());
  NoGradGuard no_grad;
  CHECK_FALSE(Cube::apply(x).requires_grad());
}

TEST_CASE("gradcheck accepts a right backward, also of second order, and refuses a wrong one") {
  const auto right = [](const variable_list& in) { return variable_list{Cube::apply(in[0])}; };
  const auto wrong = [](const variable_list& in) { return variable_list{WrongCube::apply(in[0])}; };
  CHECK(autograd::gradcheck(right, {leaf({2, -3, 0.5})}));
  CHECK(autograd::gradgradcheck(right, {leaf({2, -3, 0.5})}));
  check_error(error_of([&] {
                autograd::gradcheck(wrong, {leaf({2, -3})});
              }),
              "Jacobian mismatch: d(output element 1)/d(input 0, element 1) is -6.0 by backward");
  autograd::GradcheckOptions quiet;
  quiet.raise = false;
  CHECK_FALSE(autograd::gradcheck(wrong, {leaf({2, -3})}, quiet));
  check_error(error_of([&] { autograd::gradcheck(right, {tensor({1.0}, kDouble)}); }),
              "expects at least one input to require gradient");
  check_error(error_of([&] { autograd::gradcheck(right, {ones({1}, kFloat).requires_grad_()}); }),
              "differences need float64 inputs");
}

TEST_CASE("a saved output can be differentiated again") {
  const Tensor x = leaf({0.5});
  const Tensor first = autograd::grad({SavesItsOutput::apply(x)}, {x}, {}, nullopt, true)[0];
  check(first, {std::exp(0.5)});
  check(autograd::grad({first}, {x})[0], {std::exp(0.5)});
}

TEST_CASE("what was saved is freed by backward unless retained, and watched for changes") {
  const Tensor x = leaf({2});
  Tensor y = Cube::apply(x);
  y.sum().backward({}, true);
  y.sum().backward();
  check(x.grad(), {24});
  check_error(error_of([&] { y.sum().backward(); }),
              "CubeBackward: Trying to backward through the graph a second time");
  Tensor inner = x * 1;
  y = Cube::apply(inner);
  inner.add_(1);
  check_error(error_of([&] { y.sum().backward(); }), "modified by an inplace operation: CubeBackward");
}

TEST_CASE("arguments and saved data may be of many kinds") {
  const Tensor x = leaf({1, 2}), bias = tensor({1.0, 1.0}, kDouble);
  const Tensor y = Mixed::apply(x, int64_t{3}, 0.5, std::string("n"), bias);
  check(y, {2.5, 4});
  y.sum().backward();
  check(x.grad(), {1.5, 1.5});
}

TEST_CASE("an input that was changed in place is marked and keeps being the same tensor") {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 3;
  const Tensor z = DoublesInPlace::apply(y);
  CHECK(z.is_same(y));
  CHECK_EQ(y.grad_fn()->name(), "DoublesInPlaceBackward");
  CHECK_GT(y._version(), 0);
  z.sum().backward();
  check(x.grad(), {6, 6});
  check_error(error_of([&] { ForgetsDirty::apply(x * 1); }),
              "mark_dirty: an input that was changed in place must be returned by forward");
}

TEST_CASE("a view that was changed in place by a function passes its history to the base") {
  const Tensor x = leaf({1, 2, 3});
  const Tensor y = x * 1;
  DoublesInPlace::apply(y.slice(0, 1, 3));
  CHECK_EQ(y.grad_fn()->name(), "CopySlices");
  (y * y).sum().backward();
  check(x.grad(), {2, 16, 24});
}

TEST_CASE("outputs that have no gradient, or that nobody used") {
  for (bool materialize : {true, false}) {
    const Tensor x = leaf({1, -2});
    const variable_list y = Three::apply(x, materialize);
    CHECK(y[0].requires_grad());
    CHECK_FALSE(y[1].requires_grad());
    CHECK_FALSE(y[3].requires_grad());
    y[0].sum().backward();
    check(x.grad(), {2, 2});
  }
}

TEST_CASE("an input that is handed back is an output of its own") {
  const Tensor x = leaf({1, 2});
  const Tensor y = ReturnsInput::apply(x);
  CHECK_FALSE(y.is_same(x));
  CHECK_EQ(y.data_ptr(), x.data_ptr());
  CHECK(x.is_leaf());
  y.sum().backward();
  check(x.grad(), {10, 10});
}

TEST_CASE("a list of tensors is as many arguments") {
  const auto run = [](const auto& sum) {
    const Tensor a = leaf({1}), b = leaf({2}), c = tensor({4.0}, kDouble), by = leaf({3});
    sum(variable_list{a, b, c}, by).sum().backward();
    check(a.grad(), {3});
    check(b.grad(), {3});
    check(by.grad(), {7});
    CHECK_FALSE(c.grad().defined());
  };
  run([](variable_list list, const Tensor& by) { return SumOfList::apply(list, by); });
  run([](const variable_list& list, const Tensor& by) { return SumOfList::apply(list, by); });
  run([](variable_list list, const Tensor& by) { return SumOfList::apply(std::move(list), by); });
  run([](const variable_list& list, const Tensor& by) { return SumOfList::apply(TensorList(list), by); });
  run([](const variable_list& list, const Tensor& by) {
    const std::array<Tensor, 3> all{list[0], list[1], list[2]};
    return SumOfList::apply(all, by);
  });
}

TEST_CASE("a list may be longer than any op has arguments") {
  const variable_list all(70000, leaf({1, 2}));
  const Tensor by = leaf({3, 3});
  SumOfList::apply(all, by).sum().backward();
  check(all[0].grad(), {210000, 210000});
  check(by.grad(), {70000, 140000});
}

TEST_CASE("the gradients that backward returns must fit the arguments") {
  const Tensor x = leaf({1, 2});
  const auto run = [&](int64_t count, std::vector<int64_t> sizes) {
    Returns::apply(x, count, sizes).sum().backward();
  };
  CHECK_NOTHROW(run(3, {2}));
  CHECK_EQ(x.grad().dtype(), kDouble);
  CHECK_NOTHROW(run(3, {5, 2}));  // sums what was broadcast
  check(x.grad(), {6, 6});
  CHECK_NOTHROW(run(5, {2}));
  check_error(error_of([&] { run(1, {2}); }),
              "ReturnsBackward: backward returned an incorrect number of gradients (expected 3, got 1)");
  check_error(error_of([&] { run(2, {2}); }), "incorrect number of gradients (expected 3, got 2)");
  check_error(error_of([&] { run(3, {3}); }),
              "ReturnsBackward: backward returned a gradient of shape [3] for argument 0 of shape [2]");
  check_error(error_of([&] { run(3, {}); }),
              "backward returned a gradient of shape [] for argument 0 of shape [2]");
}

namespace {

struct Forgetful : Function<Forgetful> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, bool early) {
    ctx->save_for_backward({x});
    ctx->saved_data["n"] = 2;
    return early ? ctx->get_saved_variables()[0] : x * 2;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    check_error(error_of([&] { (void)ctx->saved_data["n"].toDouble(); }),
                "the value is not a double: it is an integer");
    return {g[0] * ctx->saved_data["m"].toDouble(), Tensor()};
  }
};

}  // namespace

TEST_CASE("what was not saved, or as another kind, is named") {
  const Tensor x = leaf({1, 2});
  check_error(error_of([&] { Forgetful::apply(x, true); }), "get_saved_variables is for backward");
  check_error(error_of([&] { Forgetful::apply(x, false).sum().backward(); }),
              "not a double: it is None; was it stored under this key");
}

TEST_CASE("gradcheck passes over an input that is undefined, and refuses one whose elements share memory") {
  const auto f = [](const variable_list& in) { return variable_list{in[0].exp()}; };
  CHECK(autograd::gradcheck(f, {leaf({1, 2}), Tensor()}));
  CHECK(autograd::gradgradcheck(f, {leaf({1, 2}), Tensor()}));
  check_error(error_of([&] { autograd::gradcheck(f, {vec({1}).expand({3}).requires_grad_()}); }),
              "share memory (an expanded tensor)");
}

namespace {

struct ChangesItsInput : autograd::Function<ChangesItsInput> {
  static Tensor forward(autograd::AutogradContext*, Tensor x, Tensor buffer) {
    buffer.add_(1);
    return x.mul_(2).sum();
  }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) {
    return {g[0].expand({2}), Tensor()};
  }
};

}  // namespace

TEST_CASE("a change in place that forward does not mark is noticed, but for tensors without a gradient") {
  const Tensor y = leaf({1, 2}) * 1, buffer = zeros({2}, kDouble);
  check_error(error_of([&] { ChangesItsInput::apply(y, buffer); }),
              "ChangesItsInputBackward: forward changed tensor argument 0 in place without saying so");
  ChangesItsInput::apply(vec({1, 2}), buffer);
  check(buffer, {2, 2});
}

TEST_CASE("gradcheck puts its input back when the function throws") {
  const Tensor x = leaf({1, 2});
  int calls = 0;
  const autograd::GradcheckFunction f = [&](const variable_list& in) {
    if (++calls == 3) throw std::runtime_error("enough");
    return variable_list{in[0] * 2};
  };
  CHECK_THROWS_WITH(autograd::gradcheck(f, {x}), "enough");
  CHECK(equal(x.detach(), vec({1, 2})));
}
