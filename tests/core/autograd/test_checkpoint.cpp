// Checkpointing: the same gradients as without it, from less memory.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <xgrad/core/autograd/checkpoint.h>
#include <xgrad/xgrad.h>

using xgrad::Tensor;
using xgrad::autograd::checkpoint;
using xgrad::autograd::variable_list;

namespace {

Tensor leaf(std::vector<double> values) { return xgrad::tensor(values, xgrad::kDouble).requires_grad_(); }

bool is_close(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() && xgrad::allclose(a, b, 1e-12, 1e-12);
}

}  // namespace

TEST_CASE("a checkpointed function has the gradients of the function, for inputs and for what it captures") {
  const auto gradients = [](bool checkpointed) {
    const Tensor x = leaf({0.5, -1, 2}), y = leaf({1, 2, 3}), w = leaf({0.1, 0.2, 0.3});
    const auto f = [w](const variable_list& in) {
      return variable_list{(in[0] * w).exp() * in[1].sin(), (in[0] + in[1]).sigmoid()};
    };
    const variable_list out = checkpointed ? checkpoint(f, {x * 2, y}) : f({x * 2, y});
    (out[0] * out[1]).sum().backward();
    return variable_list{x.grad(), y.grad(), w.grad()};
  };
  const variable_list expected = gradients(false), got = gradients(true);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(is_close(got[i], expected[i]));
}

TEST_CASE("a checkpointed function runs once in forward, without recording, and once in backward") {
  int runs = 0, recorded = 0;
  const Tensor x = leaf({1, 2});
  const Tensor y = checkpoint(
      [&](const variable_list& in) {
        ++runs;
        recorded += xgrad::GradMode::is_enabled();
        return variable_list{in[0].exp().sin()};
      },
      {x})[0];
  CHECK(runs == 1);
  CHECK(recorded == 0);
  CHECK(y.requires_grad());
  CHECK(y.grad_fn()->name() == "CheckpointBackward");
  y.sum().backward();
  CHECK(runs == 2);
  CHECK(recorded == 1);
  CHECK(is_close(x.grad(), x.detach().exp().cos() * x.detach().exp()));
}

TEST_CASE("parameters learn even when no input requires a gradient") {
  const Tensor x = xgrad::tensor({2.0, 3.0}, xgrad::kDouble), w = leaf({5, 7});
  checkpoint([w](const variable_list& in) { return variable_list{in[0] * w}; }, {x})[0].sum().backward();
  CHECK(is_close(w.grad(), x));
  CHECK(!x.grad().defined());
}

TEST_CASE("the random numbers of the first run return, and those after it are not disturbed") {
  const Tensor x = xgrad::ones({1000}).requires_grad_();
  xgrad::manual_seed(7);
  const Tensor y = checkpoint(
      [](const variable_list& in) {
        return variable_list{in[0] * xgrad::rand({1000}).gt(0.5).to(xgrad::kFloat)};
      },
      {x})[0];
  const auto state = xgrad::default_generator().get_state();
  y.sum().backward();
  CHECK(xgrad::equal(x.grad(), y.detach()));
  CHECK(xgrad::default_generator().get_state() == state);
}

TEST_CASE("checkpoints follow and contain each other") {
  const Tensor x = leaf({0.3, 0.7});
  const auto layer = [](const variable_list& in) { return variable_list{in[0].sin() + in[0] * in[0]}; };
  const auto two_layers = [&](const variable_list& in) { return checkpoint(layer, checkpoint(layer, in)); };
  checkpoint(two_layers, checkpoint(layer, {x}))[0].sum().backward();
  const Tensor expected = leaf({0.3, 0.7});
  layer(layer(layer({expected})))[0].sum().backward();
  CHECK(is_close(x.grad(), expected.grad()));
}

TEST_CASE("an output that nobody uses, an input handed back and one that is no number are no obstacle") {
  const Tensor x = leaf({1, -2}), flags = xgrad::tensor({1, 0});
  const variable_list out = checkpoint(
      [](const variable_list& in) {
        return variable_list{in[0].exp(), in[0], in[1], in[0] * in[1]};
      },
      {x, flags});
  CHECK(!out[2].requires_grad());
  (out[1] + out[3]).sum().backward();
  CHECK(is_close(x.grad(), xgrad::tensor({2.0, 1.0}, xgrad::kDouble)));
}

TEST_CASE("the graph of a checkpoint can be kept, is freed otherwise, and notices a changed input") {
  const Tensor x = leaf({3});
  const auto square = [](const variable_list& in) { return variable_list{in[0] * in[0]}; };
  const Tensor y = checkpoint(square, {x})[0];
  y.backward({}, true);
  y.backward();
  CHECK(x.grad().item<double>() == 12);
  CHECK_THROWS_WITH_AS(y.backward(), doctest::Contains("backward through the graph a second time"),
                       xgrad::Error);

  const Tensor z = x * 1, of_z = checkpoint(square, {z})[0];
  z.add_(1);
  CHECK_THROWS_WITH_AS(of_z.backward(), doctest::Contains("modified by an inplace operation"), xgrad::Error);
}

TEST_CASE("a checkpoint has second derivatives, and gradients of what it captures can be asked for") {
  using xgrad::autograd::grad;
  const Tensor w = leaf({0.4, -0.2}), x = leaf({0.3, 0.7});
  const auto f = [w](const variable_list& in) { return variable_list{(in[0] * w).sin() * in[0]}; };
  const auto loss = [&](bool checkpointed) {
    const variable_list h = checkpointed ? checkpoint(f, {x * x}) : f({x * x});
    return (checkpointed ? checkpoint(f, h) : f(h))[0].exp().sum();
  };
  for (const Tensor& wanted : {w, x}) {
    const Tensor g = grad({loss(true)}, {wanted}, {}, true, true)[0],
                 expected = grad({loss(false)}, {wanted}, {}, true, true)[0];
    CHECK(is_close(g, expected));
    for (const Tensor& by : {w, x})
      CHECK(is_close(grad({g.sum()}, {by}, {}, true)[0], grad({expected.sum()}, {by}, {}, true)[0]));
  }
  CHECK(!x.grad().defined());
  loss(true).backward({}, false, false, xgrad::TensorList({w}));
  CHECK(is_close(w.grad(), grad({loss(false)}, {w})[0]));
  CHECK(!x.grad().defined());
  CHECK_THROWS_WITH_AS(grad({loss(true)}, {leaf({1})}), doctest::Contains("not have been used"),
                       xgrad::Error);
}

TEST_CASE("an exception after a checkpoint has run leaves the gradients of what it captures alone") {
  const Tensor w = leaf({2}), x = leaf({3});
  const Tensor before = x * 1;
  before.register_hook([](const Tensor&) -> Tensor { throw xgrad::ValueError("a hook fails"); });
  const Tensor y = checkpoint([w](const variable_list& in) { return variable_list{in[0] * w}; }, {before})[0];
  CHECK_THROWS_AS(y.backward({}, true), xgrad::ValueError);
  CHECK(!w.grad().defined());
  CHECK(!x.grad().defined());
}

TEST_CASE("a function that computes another shape the second time is noticed") {
  int runs = 0;
  const Tensor y = checkpoint(
      [&runs](const variable_list& in) { return variable_list{++runs == 1 ? in[0] : in[0].sum()}; },
      {leaf({1, 2})})[0];
  CHECK_THROWS_WITH_AS(y.sum().backward(), doctest::Contains("when it was run again"), xgrad::Error);
}

TEST_CASE(
    "without recording a checkpoint is a call, and an exception in the second run leaves the gradients "
    "alone") {
  const Tensor x = leaf({3});
  {
    const xgrad::NoGradGuard no_grad;
    CHECK(!checkpoint([](const variable_list& in) { return variable_list{in[0] * 2}; }, {x})[0]
               .requires_grad());
  }
  int runs = 0;
  const auto state = xgrad::default_generator().get_state();
  const Tensor y = checkpoint(
      [&runs](const variable_list& in) {
        if (++runs == 2) throw xgrad::ValueError("the second run fails");
        return variable_list{in[0] * 2};
      },
      {x})[0];
  CHECK_THROWS_AS(y.backward(), xgrad::ValueError);
  CHECK(!x.grad().defined());
  CHECK(xgrad::default_generator().get_state() == state);
  CHECK(xgrad::GradMode::is_enabled());
  y.backward();
  CHECK(x.grad().item<double>() == 2);
}

TEST_CASE("what a checkpointed function captures is freed by backward, or with the graph") {
  const auto captured = std::make_shared<int>(0);
  const auto run = [&] {
    const auto f = [captured](const variable_list& in) { return variable_list{in[0] * (*captured + 2)}; };
    return checkpoint(f, {leaf({1, 2})})[0].sum();
  };
  const Tensor loss = run();
  CHECK(captured.use_count() == 2);
  loss.backward();
  CHECK(captured.use_count() == 1);
  run();
  CHECK(captured.use_count() == 1);
}

TEST_CASE("a checkpoint carries tangents, and these have gradients") {
  const Tensor w = leaf({3, 5}), x = leaf({1, 2});
  const Tensor v = xgrad::tensor({1.0, -1.0}, xgrad::kDouble);
  const auto f = [w](const variable_list& in) { return variable_list{(in[0] * w).exp()}; };
  const auto derivatives = [&](bool checkpointed) {
    const xgrad::forward_ad::DualLevel level;
    const Tensor dual = xgrad::forward_ad::make_dual(x, v);
    const Tensor y = (checkpointed ? checkpoint(f, {dual}) : f({dual}))[0];
    const Tensor tangent = xgrad::forward_ad::unpack_dual(y).tangent;
    const Tensor g = xgrad::autograd::grad({y.sum()}, {w}, {}, true)[0];
    return variable_list{tangent.detach(), xgrad::autograd::grad({tangent.sum()}, {w})[0],
                         xgrad::forward_ad::unpack_dual(g).tangent};
  };
  const variable_list expected = derivatives(false), got = derivatives(true);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(is_close(got[i], expected[i]));
}

TEST_CASE("a function that is empty, or changes its inputs, is refused") {
  CHECK_THROWS_WITH_AS(checkpoint(nullptr, {leaf({1})}), doctest::Contains("function is empty"),
                       xgrad::Error);
  const auto changes = [](const variable_list& in) {
    in[0].mul_(2);
    return variable_list{in[0] * in[0]};
  };
  CHECK_THROWS_WITH_AS(checkpoint(changes, {leaf({1}) * 1}), doctest::Contains("changed one of its inputs"),
                       xgrad::Error);
}

TEST_CASE("the random numbers return whatever other threads draw meanwhile") {
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop) xgrad::rand({3});
  });
  for (int round = 0; round < 200; ++round) {
    const Tensor x = xgrad::ones({20}).requires_grad_();
    const Tensor y = checkpoint(
        [](const variable_list& in) {
          Tensor t = in[0];
          for (int i = 0; i < 5; ++i) t = t * xgrad::rand({20}).gt(0.2).to(xgrad::kFloat);
          return variable_list{t};
        },
        {x})[0];
    y.sum().backward();
    CHECK(xgrad::equal(x.grad(), y.detach()));
  }
  stop = true;
  other.join();
}

TEST_CASE("what a checkpointed function draws, or seeds, counts as drawn from the default generator") {
  const auto numbers = [](bool inside) {
    xgrad::manual_seed(3);
    const auto draw = [](const variable_list& in) {
      const Tensor first = xgrad::rand({4});
      const Tensor nested =
          checkpoint([](const variable_list& i) { return variable_list{i[0] * xgrad::rand({4})}; }, in)[0];
      xgrad::manual_seed(5);
      return variable_list{first + nested * xgrad::rand({4}, xgrad::default_generator())};
    };
    const Tensor x = xgrad::ones({4}).requires_grad_();
    const Tensor y = inside ? checkpoint(draw, {x})[0] : draw({x})[0];
    const Tensor after = xgrad::rand({4});
    y.sum().backward();
    return xgrad::cat({y.detach(), after, x.grad(), xgrad::rand({4})});
  };
  CHECK(xgrad::equal(numbers(true), numbers(false)));
}
