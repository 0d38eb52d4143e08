// Hooks of modules: where they run, in which order, what they may replace, and how they end.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;
using List = std::vector<Tensor>;

namespace {

// [[1, 2], [3, 4]] x, without a bias.
nn::Linear fixed_linear() {
  nn::Linear fc(nn::LinearOptions(2, 2).bias(false));
  fc->weight.set_data(xgrad::tensor({1., 2., 3., 4.}, xgrad::kFloat32).view({2, 2}));
  return fc;
}

struct Doubling : nn::Module {
  Tensor forward(const Tensor& x) { return x * 2; }
};

struct PairImpl : nn::Module {
  std::tuple<Tensor, xgrad::optional<Tensor>> forward(const Tensor& a, int64_t factor,
                                                      const std::vector<Tensor>& more) {
    return {a * factor + more.at(0), more.at(1)};
  }
};
XGRAD_MODULE(Pair);

struct ThrowingImpl : nn::Module {
  Tensor forward(const Tensor&) { throw std::runtime_error("first"); }
};
XGRAD_MODULE(Throwing);

}  // namespace

TEST_CASE("a pre-hook may replace the input, a forward hook the output") {
  auto fc = fixed_linear();
  fc->register_forward_pre_hook([](nn::Module&, const List& in) { return in[0] * 10; });
  fc->register_forward_hook(
      [](nn::Module&, const List& in, const List& out) { return List{out[0] + in[0][0][0]}; });
  CHECK(is_close(fc(xgrad::ones({1, 2})), {40, 80}));
  CHECK(is_close(fc->forward(xgrad::ones({1, 2})), {3, 7}));
}

TEST_CASE("hooks run in the order of registration, prepended ones before") {
  auto fc = fixed_linear();
  std::string order;
  fc->register_forward_hook([&](nn::Module&, const List&, const List&) { order += "b"; });
  fc->register_forward_hook([&](nn::Module&, const List&, const List&) { order += "c"; });
  fc->register_forward_hook([&](nn::Module&, const List&, const List&) { order += "a"; }, true);
  fc->register_forward_pre_hook([&](nn::Module& m, const List&) { order += m.name() + " "; });
  fc(xgrad::ones({2}));
  CHECK(order == "Linear abc");
}

TEST_CASE("hooks run for modules in containers, for values, and for modules of any type") {
  int calls = 0;
  const auto count = [&](nn::Module&, const List&, const List&) { ++calls; };
  nn::Sequential net(fixed_linear(), nn::ReLU(), Doubling());
  net->register_forward_hook(count);
  for (const auto& module : net->children()) module->register_forward_hook(count);
  CHECK(is_close(net(xgrad::ones({1, 2})), {6, 14}));
  CHECK(calls == 4);

  Doubling value;
  value.register_forward_hook([](nn::Module&, const List&, const List& out) { return out[0] + 1; });
  CHECK(is_close(nn::call(value, xgrad::ones({1})), {3}));
  nn::AnyModule any(value);
  CHECK(is_close(any.forward(xgrad::ones({1})), {3}));
}

TEST_CASE("hooks see the tensors inside optionals, tuples and vectors one after the other") {
  Pair pair;
  std::size_t in_count = 0, out_count = 0;
  pair->register_forward_pre_hook([&](nn::Module&, List in) {
    in_count = in.size();
    in[2] = xgrad::full({1}, 7);
    return in;
  });
  pair->register_forward_hook([&](nn::Module&, const List&, const List& out) -> xgrad::optional<List> {
    out_count = out.size();
    return xgrad::nullopt;
  });
  const auto [sum, passed] = pair(xgrad::ones({1}), 3, List{xgrad::ones({1}), xgrad::ones({1})});
  CHECK(in_count == 3);
  CHECK(out_count == 2);
  CHECK(is_close(sum, {4}));
  CHECK(is_close(*passed, {7}));
}

TEST_CASE("a removed hook is gone from the next call on, even when it removes itself") {
  auto fc = fixed_linear();
  int first = 0, second = 0;
  nn::RemovableHandle handle, other;
  handle = fc->register_forward_hook([&](nn::Module&, const List&, const List&) {
    ++first;
    handle.remove();
    other.remove();
  });
  other = fc->register_forward_hook([&](nn::Module&, const List&, const List&) { ++second; });
  fc(xgrad::ones({2}));
  fc(xgrad::ones({2}));
  handle.remove();
  CHECK(first == 1);
  CHECK(second == 1);
  fc = nullptr;
  other.remove();
}

TEST_CASE("a hook that returns another number of tensors is refused") {
  auto fc = fixed_linear();
  auto handle = fc->register_forward_pre_hook([](nn::Module&, const List&) { return List(2); });
  CHECK(message_of([&] {
          fc(xgrad::ones({2}));
        }).find("Linear: a forward pre hook returned 2 tensors for 1 inputs") != std::string::npos);
  handle.remove();
  CHECK(is_close(fc(xgrad::ones({2})), {3, 7}));
}

TEST_CASE("a hook that is always called runs after an exception, once, and hides it not") {
  Throwing module;
  std::string seen, warned;
  module->register_forward_hook([&](nn::Module&, const List&, const List&) { seen += "never"; });
  module->register_forward_hook(
      [&](nn::Module&, const List& in, const List& out) {
        seen += std::to_string(in.size()) + std::to_string(out.size());
        throw std::runtime_error("second");
      },
      false, true);
  const auto before = xgrad::set_warning_handler([&](const std::string& text) { warned += text; });
  CHECK_THROWS_WITH(module(xgrad::ones({2})), "first");
  xgrad::set_warning_handler(before);
  CHECK(seen == "10");
  CHECK(warned.find("second") != std::string::npos);
}

TEST_CASE("backward hooks replace the gradients that enter a module and those that leave it") {
  auto fc = fixed_linear();
  fc->register_full_backward_pre_hook([](nn::Module&, const List& out) { return out[0] * 2; });
  fc->register_full_backward_hook([](nn::Module&, const List& in, const List& out) {
    CHECK(is_close(out[0], {2, 2}));
    return in[0] + 1;
  });
  const Tensor x = xgrad::ones({1, 2}, xgrad::requires_grad());
  fc(x).sum().backward();
  CHECK(is_close(x.grad(), {9, 13}));
  CHECK(is_close(fc->weight.grad(), {2, 2, 2, 2}));
}

TEST_CASE("a backward hook of a module none of whose inputs requires a gradient sees the outputs alone") {
  auto fc = fixed_linear();
  int calls = 0;
  fc->register_full_backward_hook([&](nn::Module&, const List& in, const List& out) {
    ++calls;
    CHECK_FALSE(in.at(0).defined());
    CHECK(is_close(out.at(0), {1, 1}));
  });
  const auto before = xgrad::set_warning_handler([](const std::string&) {});
  fc(xgrad::ones({1, 2})).sum().backward();
  xgrad::set_warning_handler(before);
  CHECK(calls == 1);
  CHECK(is_close(fc->weight.grad(), {1, 1, 1, 1}));
}

TEST_CASE("the graph keeps a shared module for its backward hooks, and a value must be kept") {
  int calls = 0;
  const Tensor x = xgrad::ones({1, 2}, xgrad::requires_grad());
  Tensor y, z;
  {
    auto fc = fixed_linear();
    Doubling value;
    const auto count = [&](nn::Module&, const List&, const List&) { ++calls; };
    fc->register_full_backward_hook(count);
    value.register_full_backward_hook(count);
    y = fc(x).sum();
    z = nn::call(value, x).sum();
  }
  y.backward();
  CHECK(calls == 1);
  CHECK(message_of([&] { z.backward(); }).find("is gone before its backward") != std::string::npos);
}

TEST_CASE("backward hooks run without a second derivative's detour, and for each backward") {
  auto fc = fixed_linear();
  int calls = 0;
  fc->register_full_backward_hook([&](nn::Module&, const List&, const List&) { ++calls; });
  const Tensor x = xgrad::ones({1, 2}, xgrad::requires_grad());
  const Tensor y = fc(x).pow(2).sum();
  const Tensor g = xgrad::autograd::grad({y}, {x}, {}, true, true)[0];
  CHECK(calls == 1);
  g.sum().backward();
  CHECK(x.grad().defined());
}

TEST_CASE("a copy of a module has its hooks, and they are its own") {
  auto fc = fixed_linear();
  int calls = 0;
  auto handle = fc->register_forward_hook([&](nn::Module&, const List&, const List&) { ++calls; });
  auto copy = std::dynamic_pointer_cast<nn::LinearImpl>(fc->clone());
  handle.remove();
  fc(xgrad::ones({2}));
  CHECK(calls == 0);
  nn::call(*copy, xgrad::ones({2}));
  CHECK(calls == 1);
}
