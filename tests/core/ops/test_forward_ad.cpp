// Forward mode over all ops: for any tangent t and weight w, w . (J t) from the forward pass equals (w J) . t
// from backward. And dual tensors by hand.
#include "core/ops/samples.h"

#include <doctest/doctest.h>

using namespace xgrad;
using samples::Row;
using samples::Sample;
using samples::Tensors;

namespace {

double inner_product(const Tensor& a, const Tensor& b) { return (a * b).sum().item<double>(); }

void check_transposed(const Row& row, const Sample& s) {
  Tensors x, tangents;
  for (const Tensor& t : s.inputs) {
    x.push_back(t.clone().requires_grad_());
    tangents.push_back(samples::spread(t.sizes(), -1, 1, 7));
  }
  const Tensor out = s.f(x);
  if (!out.requires_grad()) return;
  const Tensor weight = samples::spread(out.sizes(), 0.5, 1.5, 3);
  const Tensors gradients = autograd::grad({out}, x, {weight}, std::nullopt, false, true);
  double backward = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (gradients[i].defined()) backward += inner_product(gradients[i], tangents[i]);
  const auto [values, derivatives] =
      autograd::functional::jvp([&](const Tensors& v) { return Tensors{s.f(v)}; }, s.inputs, tangents);
  CHECK_MESSAGE(allclose(values[0], out.detach()), row.node, " ", s.what);
  const double forward = inner_product(derivatives[0], weight);
  CHECK_MESSAGE(std::abs(forward - backward) <= 1e-7 * (1 + std::abs(backward)), row.node, " ", s.what, ": ",
                forward, " forward, ", backward, " backward");
}

// The Hessian of w . f(x) times t, by forward mode over backward and by backward over backward.
void check_second_order(const Row& row, const Sample& s) {
  Tensors x, tangents;
  for (const Tensor& t : s.inputs) {
    x.push_back(t.clone().requires_grad_());
    tangents.push_back(samples::spread(t.sizes(), -1, 1, 7));
  }
  const Tensor out = s.f(x);
  if (!out.requires_grad()) return;
  const Tensor weight = samples::spread(out.sizes(), 0.5, 1.5, 3);
  const Tensors first = autograd::grad({out}, x, {weight}, std::nullopt, true, true);
  Tensor along;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (first[i].defined() && first[i].requires_grad()) {
      const Tensor term = (first[i] * tangents[i]).sum();
      along = along.defined() ? along + term : term;
    }
  Tensors expected(x.size());
  if (along.defined()) expected = autograd::grad({along}, x, {}, std::nullopt, false, true);

  const forward_ad::DualLevel level;
  Tensors duals;
  for (std::size_t i = 0; i < x.size(); ++i) duals.push_back(forward_ad::make_dual(x[i], tangents[i]));
  const Tensors gradients = autograd::grad({s.f(duals)}, x, {weight}, std::nullopt, false, true);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!gradients[i].defined()) continue;
    const Tensor got = forward_ad::unpack_dual(gradients[i]).tangent;
    const Tensor zero = zeros_like(x[i]);
    CHECK_MESSAGE(
        allclose(got.defined() ? got : zero, expected[i].defined() ? expected[i] : zero, 1e-7, 1e-9),
        row.node, " ", s.what, " input ", i);
  }
}

using Program = std::function<Tensor(const Tensor&)>;

// The derivative of a whole program along t, in forward mode and by central differences.
void check_along(const char* what, const Program& f, const Tensor& x) {
  const Tensor t = samples::spread(x.sizes(), -1, 1, 5), kept = t.clone();
  const double step = 1e-6;
  const Tensor expected = (f(x + step * t) - f(x - step * t)) / (2 * step);
  const auto [values, derivatives] =
      autograd::functional::jvp([&](const Tensors& v) { return Tensors{f(v[0])}; }, {x.clone()}, {t});
  CHECK_MESSAGE(allclose(derivatives[0], expected, 1e-6, 1e-8), what);
  CHECK_MESSAGE(allclose(values[0], f(x)), what);
  CHECK_MESSAGE(equal(t, kept), what);
  // The same where everything is recorded too.
  const forward_ad::DualLevel level;
  const Tensor leaf = x.clone().requires_grad_();
  const Tensor tangent = forward_ad::unpack_dual(f(forward_ad::make_dual(leaf, t) * 1)).tangent;
  CHECK_MESSAGE(allclose(tangent.detach(), expected, 1e-6, 1e-8), what);
}

}  // namespace

TEST_CASE("forward mode over backward agrees with backward over backward for every op") {
  for (const auto& rows : {samples::elementwise_rows(), samples::kernel_rows()})
    for (const Row& row : rows)
      for (const Sample& s : row.samples) check_second_order(row, s);
}

TEST_CASE("tangents follow changes in place through views and their bases") {
  const Tensor x = samples::spread({3, 4}, -1.5, 1.5, 11);
  check_along(
      "a view of the dual is changed",
      [](const Tensor& v) {
        Tensor y = v * 1;
        y[0].mul_(y[1]);
        return y.sin();
      },
      x);
  check_along(
      "a view made before, read after its base was changed",
      [](const Tensor& v) {
        Tensor y = v.clone();
        const Tensor row = y[2], part = y.slice(1, 1, 3);
        y.mul_(v);
        return part.sum() * row;
      },
      x);
  check_along(
      "a view of a constant receives what has a tangent",
      [](const Tensor& v) {
        Tensor buffer = zeros({4, 6}, kDouble);
        const Tensor before = buffer.slice(0, 0, 2);
        buffer.slice(0, 1, 4).slice(1, 0, 4).copy_(v * v);
        return buffer.sum(0) + before.sum(0);
      },
      x);
  check_along(
      "a constant is changed in place",
      [](const Tensor& v) {
        Tensor total = ones({3, 4}, kDouble);
        const Tensor corner = total[0];
        total.add_(v).mul_(v);
        return total + corner;
      },
      x);
  check_along(
      "a view is overwritten by a number, and a dual by a constant",
      [](const Tensor& v) {
        Tensor y = v * 2, z = v * 3;
        y.select(1, 1).fill_(7);
        z.copy_(ones({3, 4}, kDouble));
        return y * y + z * v;
      },
      x);
  check_along(
      "a transposed base",
      [](const Tensor& v) {
        Tensor y = v.t().clone().t() * 1;
        const Tensor column = y.select(1, 0);
        y.select(0, 2).mul_(y.select(0, 0));
        column.add_(column);
        return y * y;
      },
      x);
  check_along(
      "transposition in place",
      [](const Tensor& v) {
        Tensor y = v * 1;
        y.t_();
        y.unsqueeze_(0);
        return y * y;
      },
      x);
  check_along(
      "masked, indexed and scattered writes",
      [](const Tensor& v) {
        Tensor y = v * 1;
        y.masked_fill_(v > 0.5, 2);
        y.index_put_({tensor({0, 2})}, v[1] * v[0]);
        y.scatter_(1, tensor({{0, 1}, {2, 3}, {1, 0}}), v * v);
        return y * v;
      },
      x);
}

TEST_CASE("a result never shares its tangent with what it was made of") {
  const forward_ad::DualLevel level;
  const Tensor x = forward_ad::make_dual(ones({3}, kDouble), ones({3}, kDouble));
  const Tensor y = x + 1, view = y[0], z = zeros({3}, kDouble);
  z.add_(x);
  const Tensor z_view = z[1];
  y.mul_(5);
  z.mul_(7);
  view.mul_(2);
  CHECK(equal(forward_ad::unpack_dual(x).tangent, ones({3}, kDouble)));
  CHECK(equal(forward_ad::unpack_dual(y).tangent, tensor({10., 5., 5.}, kDouble)));
  CHECK(forward_ad::unpack_dual(z_view).tangent.item<double>() == 7);
}

TEST_CASE("a change of any view of a dual tensor reaches its tangent") {
  const Tensor t = arange(12, kDouble).reshape({3, 4});
  const auto changed = [&](const std::function<Tensor(const Tensor&)>& view) {
    const forward_ad::DualLevel level;
    const Tensor dual = forward_ad::make_dual(ones({3, 4}, kDouble), t);
    view(dual).mul_(10);
    return forward_ad::unpack_dual(dual).tangent;
  };
  const auto expected = [&](const std::function<Tensor(const Tensor&)>& view) {
    const Tensor copy = t.clone();
    view(copy).mul_(10);
    return copy;
  };
  const std::vector<std::function<Tensor(const Tensor&)>> views{
      [](const Tensor& x) { return x.as_strided({3}, {5}); },
      [](const Tensor& x) { return x.as_strided({3}, {5})[1]; },
      [](const Tensor& x) { return x.t().select(0, 2); },
      [](const Tensor& x) {
        return x.view({2, 6}).slice(1, 1, 6, 2);
      },
      [](const Tensor& x) { return x.unbind(1)[3]; },
      [](const Tensor& x) { return x.diagonal(1); },
      [](const Tensor& x) {
        return x.unsqueeze(0).squeeze(0).permute({1, 0}).narrow(0, 1, 2);
      }};
  for (const auto& view : views) CHECK(equal(changed(view), expected(view)));
}

TEST_CASE("an unpacked primal, and views of it, have no tangent, but the history of the dual") {
  const Tensor leaf = tensor({1., 2.}, kDouble).requires_grad_();
  const forward_ad::DualLevel level;
  const Tensor y = forward_ad::make_dual(leaf, ones({2}, kDouble)) * 3;
  const Tensor primal = forward_ad::unpack_dual(y).primal;
  CHECK_FALSE(forward_ad::unpack_dual(primal).tangent.defined());
  CHECK_FALSE(forward_ad::unpack_dual(primal[0] * 2).tangent.defined());
  CHECK_FALSE(forward_ad::unpack_dual(y.detach()).tangent.defined());
  primal.sum().backward();
  CHECK(equal(leaf.grad(), full({2}, 3, kDouble)));
}

TEST_CASE("expanded primals and strided tangents may be dual") {
  const forward_ad::DualLevel level;
  const Tensor x = forward_ad::make_dual(tensor({2.}, kDouble).expand({3}), tensor({1., 2., 3.}, kDouble));
  CHECK(equal(forward_ad::unpack_dual((x * x).view({3, 1})).tangent, tensor({{4.}, {8.}, {12.}}, kDouble)));
  const Tensor m = arange(6, kDouble).reshape({2, 3});
  const Tensor d = forward_ad::make_dual(m, m.t().contiguous().t());
  CHECK(equal(forward_ad::unpack_dual(d.view({6})).tangent, arange(6, kDouble)));
}

namespace {

// The derivative it states is not that of what it computes.
struct Doubled : autograd::Function<Doubled> {
  static autograd::variable_list forward(autograd::AutogradContext* ctx, const Tensor& a, double scale,
                                         const Tensor& b) {
    ctx->saved_data["scale"] = scale;
    const Tensor product = tensor(std::vector<double>{a[0].item<double>() * b[0].item<double>()}, kDouble);
    ctx->save_for_backward({a, b, product});
    return {product, a.gt(b)};
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx, autograd::variable_list g) {
    const auto saved = ctx->get_saved_variables();
    const double scale = ctx->saved_data["scale"].toDouble();
    Tensor da, db;
    if (ctx->needs_input_grad(0)) da = g[0] * saved[1] * scale;
    if (ctx->needs_input_grad(1)) db = g[0] * saved[0] * scale + 0 * saved[2];
    return {da, Tensor(), db};
  }
};

}  // namespace

TEST_CASE("a function of a user has the tangent that its backward implies") {
  const Tensor a = tensor({2.}, kDouble), b = tensor({3.}, kDouble);
  const auto f = [](const Tensors& v) { return Tensors{Doubled::apply(v[0], 2., v[1])[0]}; };
  const Tensor ta = tensor({0.5}, kDouble), tb = tensor({-1.}, kDouble);
  const auto [value, derivative] = autograd::functional::jvp(f, {a, b}, {ta, tb});
  CHECK(value[0].item<double>() == 6);
  CHECK(derivative[0].item<double>() == doctest::Approx(2 * (3 * 0.5 + 2 * -1.)));
  {
    const forward_ad::DualLevel level;
    const Tensor leaf = a.clone().requires_grad_();
    const Tensor out = Doubled::apply(leaf, 2., forward_ad::make_dual(b, tb))[0];
    const Tensor tangent = forward_ad::unpack_dual(out).tangent;
    CHECK(tangent.item<double>() == doctest::Approx(2 * 2 * -1.));
    CHECK(autograd::grad({tangent}, {leaf})[0].item<double>() == doctest::Approx(-2));
    CHECK_FALSE(forward_ad::unpack_dual(Doubled::apply(leaf, 2., b)[0]).tangent.defined());
  }
}

namespace {

struct ThroughItem : autograd::Function<ThroughItem> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x, double slope) { return x * slope; }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) {
    return {tensor({7 * g[0].item<double>()}, kDouble), Tensor()};
  }
};

struct Step : autograd::Function<Step> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x.gt(0).to(kDouble); }
  static autograd::variable_list backward(autograd::AutogradContext*, autograd::variable_list g) {
    return {zeros_like(g[0])};
  }
};

}  // namespace

TEST_CASE("a backward that is not made of ops has no tangent to give, one that is zero has") {
  const Tensor x = tensor({2.}, kDouble), v = tensor({1.}, kDouble);
  const auto jvp = [&](auto f) { return std::get<1>(autograd::functional::jvp(f, {x}, {v}))[0]; };
  CHECK_THROWS_WITH_AS(jvp([](const Tensors& t) { return Tensors{ThroughItem::apply(t[0], 7.)}; }),
                       doctest::Contains("must be made of differentiable ops"), Error);
  CHECK(jvp([](const Tensors& t) { return Tensors{Step::apply(t[0])}; }).item<double>() == 0);
}

TEST_CASE("the forward derivative of every op is the transpose of its backward") {
  for (const auto& rows : {samples::elementwise_rows(), samples::kernel_rows()})
    for (const Row& row : rows)
      for (const Sample& s : row.samples) check_transposed(row, s);
}

TEST_CASE("a dual tensor carries its derivative through a chain of ops") {
  const autograd::forward_ad::DualLevel level;
  const Tensor x = forward_ad::make_dual(tensor({2.}, kDouble), tensor({1.}, kDouble));
  const auto [value, derivative] = forward_ad::unpack_dual(sin(x) * x + 3);
  CHECK(value.item<double>() == doctest::Approx(std::sin(2.) * 2 + 3));
  CHECK(derivative.item<double>() == doctest::Approx(std::cos(2.) * 2 + std::sin(2.)));
}

TEST_CASE("a tangent survives a change in place and ends with its level") {
  Tensor x;
  {
    const autograd::forward_ad::DualLevel level;
    x = forward_ad::make_dual(tensor({3.}, kDouble), tensor({2.}, kDouble));
    Tensor y = x * 1;
    y.mul_(y);
    CHECK(forward_ad::unpack_dual(y).tangent.item<double>() == doctest::Approx(12));
    CHECK_THROWS_WITH_AS(autograd::forward_ad::DualLevel(), doctest::Contains("nested"), Error);
  }
  const autograd::forward_ad::DualLevel level;
  CHECK_FALSE(forward_ad::unpack_dual(x).tangent.defined());
}

TEST_CASE("backward goes through a forward derivative") {
  const Tensor x = tensor({0.7}, kDouble).requires_grad_();
  const autograd::forward_ad::DualLevel level;
  const Tensor dual = forward_ad::make_dual(x, ones({1}, kDouble));
  const Tensor derivative = forward_ad::unpack_dual(exp(sin(dual))).tangent;
  derivative.backward();
  const double s = std::sin(0.7), c = std::cos(0.7);
  CHECK(x.grad().item<double>() == doctest::Approx(std::exp(s) * (c * c - s)));
}

TEST_CASE("a dual tensor needs an open level, and a tangent that fits") {
  CHECK_THROWS_WITH_AS(forward_ad::make_dual(ones({2}), ones({2})),
                       doctest::Contains("no dual level is open"), Error);
  const autograd::forward_ad::DualLevel level;
  CHECK_THROWS_WITH_AS(forward_ad::make_dual(ones({2}), ones({3})), doctest::Contains("tangent is [3]"),
                       Error);
  CHECK_THROWS_AS(forward_ad::make_dual(ones({2}), ones({2}, kDouble)), TypeError);
  CHECK_THROWS_AS(forward_ad::make_dual(ones({2}, kLong), ones({2}, kLong)), TypeError);
}

TEST_CASE("jacobian, hessian, vjp and hvp agree with closed forms") {
  const Tensor x = tensor({1., 2., 3.}, kDouble), v = tensor({0.5, -1., 2.}, kDouble);
  const Tensor j = autograd::functional::jacobian([](const Tensor& t) { return t * t; }, x);
  CHECK(allclose(j, 2 * x * eye(3, kDouble)));
  const auto cube = [](const Tensor& t) { return pow(t, 3).sum(); };
  CHECK(allclose(autograd::functional::hessian(cube, x), 6 * x * eye(3, kDouble)));
  const auto [value, product] = autograd::functional::hvp(cube, x, v);
  CHECK(value.item<double>() == doctest::Approx(36));
  CHECK(allclose(product, 6 * x * v));
  const auto [outputs, gradients] = autograd::functional::vjp(
      [](const Tensors& t) { return Tensors{t[0] * t[1]}; }, {x, v}, {ones({3}, kDouble)});
  CHECK(allclose(gradients[0], v));
  CHECK(allclose(gradients[1], x));
  const auto [ignored, zero] = autograd::functional::vjp(
      [](const Tensors& t) {
        return Tensors{ones({2}), t[0]};
      },
      {x, v}, {ones({2}), ones({3}, kDouble)});
  CHECK(allclose(zero[0], ones({3}, kDouble)));
  CHECK(equal(zero[1], zeros({3}, kDouble)));
  CHECK(
      equal(std::get<1>(autograd::functional::vjp([](const Tensors&) { return Tensors{ones({})}; }, {x}))[0],
            zeros({3}, kDouble)));
}

TEST_CASE("derivatives of functions have a history only when asked for, down to what is captured") {
  using namespace autograd::functional;
  const Tensor w = tensor({2.}, kDouble).requires_grad_(), x = tensor({3.}, kDouble).requires_grad_();
  const Tensor v = ones({1}, kDouble);
  const auto cube = [w](const Tensors& t) { return Tensors{w * t[0].pow(3)}; };
  const auto sum = [w](const Tensor& t) { return (w * t.pow(3)).sum(); };
  for (const bool create_graph : {false, true}) {
    const Tensor forward = std::get<1>(jvp(cube, {x}, {v}, create_graph))[0],
                 backward = std::get<1>(vjp(cube, {x}, {v}, create_graph))[0],
                 second = std::get<1>(hvp(sum, x, v, create_graph));
    CHECK(forward.item<double>() == 2 * 3 * 9);
    CHECK(backward.item<double>() == 2 * 3 * 9);
    CHECK(second.item<double>() == 2 * 6 * 3);
    for (const Tensor& t : {forward, backward, second}) CHECK(t.requires_grad() == create_graph);
    CHECK(std::get<0>(jvp(cube, {x}, {v}, create_graph))[0].requires_grad() == create_graph);
    if (!create_graph) continue;
    CHECK(autograd::grad({forward}, {w}, {}, true)[0].item<double>() == 27);
    CHECK(autograd::grad({forward}, {x})[0].item<double>() == 36);
    CHECK(autograd::grad({backward}, {x}, {}, true)[0].item<double>() == 36);
    CHECK(autograd::grad({second}, {w})[0].item<double>() == 18);
  }
}
