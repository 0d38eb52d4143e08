// Graphs of all kinds are built, walked or not, and dropped: every block of memory must come back. Blocks are
// counted only with the system's allocator, which this program asks for before anything is allocated.
#include <cstdlib>
#include <functional>
#include <thread>

#include <doctest/doctest.h>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using autograd::variable_list;

namespace {

[[maybe_unused]] const int system_allocator = setenv("XGRAD_ALLOCATOR", "system", 1);

// The first run may fill what lives as long as the program does.
void check_returns(const std::function<void()>& f) {
  f();
  const int64_t before = memory::stats().blocks_live;
  f();
  f();
  CHECK_EQ(memory::stats().blocks_live, before);
}

Tensor leaf() { return full({3, 4}, 0.5, kDouble).requires_grad_(); }

// Changes its argument and does not return it.
struct ForgetsDirty : autograd::Function<ForgetsDirty> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    ctx->save_for_backward({x});
    return x.clone();
  }
  static variable_list backward(autograd::AutogradContext*, variable_list g) { return g; }
};

// Saves what cannot be saved, and its argument, which it has changed.
struct SavesInference : autograd::Function<SavesInference> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x) {
    const InferenceMode inference;
    x.mul_(2);
    ctx->mark_dirty({x});
    ctx->save_for_backward({x, ones({2}, kDouble)});
    return x;
  }
  static variable_list backward(autograd::AutogradContext*, variable_list g) { return g; }
};

struct Twice : autograd::Function<Twice> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x) {
    const Tensor y = x * 2;
    ctx->save_for_backward({x, y});
    ctx->saved_data["tensor"] = y.detach();
    return y;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list g) {
    ctx->get_saved_variables();
    return {g[0] * 2};
  }
};

struct Throws : autograd::Function<Throws> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x * 2; }
  static variable_list backward(autograd::AutogradContext*, variable_list) {
    throw std::runtime_error("no way back");
  }
};

Tensor loss_of(const Tensor& x) {
  const Tensor y = (x * x).exp().tanh(), z = cat({y, softmax(y, 1)}).transpose(0, 1);
  return matmul(z, z.t()).sum() + std::get<0>(y.max(1)).sum() + y[1].prod();
}

}  // namespace

TEST_CASE("blocks are counted") {
  const int64_t before = memory::stats().blocks_live;
  const Tensor t = ones({4});
  REQUIRE_GT(memory::stats().blocks_live, before);
}

TEST_CASE("a graph is freed, walked or not, retained or not") {
  check_returns([] { loss_of(leaf()); });
  check_returns([] { loss_of(leaf()).backward(); });
  check_returns([] { loss_of(leaf()).backward({}, true); });
  check_returns([] {
    const Tensor x = leaf();
    autograd::grad({loss_of(x)}, {x});
  });
}

TEST_CASE("gradients of gradients are freed") {
  check_returns([] {
    const Tensor x = leaf();
    const Tensor g = autograd::grad({loss_of(x)}, {x}, {}, nullopt, true)[0];
    g.pow(2).sum().backward();
  });
  check_returns([] {
    const Tensor x = leaf();
    autograd::grad({x.sigmoid().sum()}, {x}, {}, nullopt, true);
  });
}

TEST_CASE("changes in place, of tensors and of views, are freed") {
  check_returns([] {
    const Tensor x = leaf();
    Tensor y = x * 2;
    y.mul_(3).add_(x).pow_(2);
    y[1].mul_(2);
    y.t().slice(0, 1, 3).copy_(x.t().slice(0, 0, 2));
    const Tensor view = y[0];
    y.mul_(2);
    (view.sum() + y.sum()).backward();
  });
  check_returns([] {
    Tensor buffer = zeros({3, 4}, kDouble);
    const Tensor x = leaf();
    for (int64_t i = 0; i < 3; ++i) buffer[i].copy_(x[i] * 2);
    buffer.sum();
  });
}

TEST_CASE("a tensor that gets its own result added in place is freed") {
  check_returns([] {
    const Tensor y = leaf() * 2;
    y.add_(y * y);
  });
  check_returns([] {
    const Tensor constant = ones({3, 4}, kDouble);
    constant.add_(leaf() * constant);
  });
  check_returns([] {
    const Tensor y = leaf() * 2, row = y[1];
    row.mul_((row * row).sum());
    row.sum();
  });
}

TEST_CASE("hooks and retained gradients are freed") {
  check_returns([] {
    const Tensor x = leaf();
    const Tensor y = x * 2;
    y.retain_grad();
    y.register_hook([](const Tensor& g) { return g * 2; });
    x.register_hook([](const Tensor& g) { return g * 2; });
    y.grad_fn()->add_post_hook([](const variable_list& out, const variable_list&) { return out; });
    y.sum().backward();
  });
}

TEST_CASE("functions of users are freed") {
  check_returns([] { Twice::apply(leaf()); });
  check_returns([] { Twice::apply(leaf()).sum().backward(); });
}

TEST_CASE("checkpoints are freed") {
  const auto f = [](const variable_list& in) { return variable_list{in[0].exp() * in[0]}; };
  check_returns([f] { autograd::checkpoint(f, {leaf()}); });
  check_returns([f] {
    const Tensor x = leaf();
    autograd::checkpoint(f, autograd::checkpoint(f, {x}))[0].sum().backward({}, true);
    const Tensor y = autograd::checkpoint(f, {x})[0].sum();
    autograd::grad({autograd::grad({y}, {x}, {}, true, true)[0].sum()}, {x});
    int runs = 0;
    const auto throws = [&runs](const variable_list& in) {
      if (++runs == 2) throw std::runtime_error("again");
      return variable_list{in[0] * 2};
    };
    CHECK_THROWS(autograd::checkpoint(throws, {x * x})[0].sum().backward());
  });
}

TEST_CASE("what an exception interrupts is freed") {
  check_returns([] {
    const Tensor x = leaf();
    CHECK_THROWS((Throws::apply(x * x) + loss_of(x)).sum().backward());
    CHECK_THROWS(loss_of(x).backward(ones({7}, kDouble)));
    CHECK_THROWS(matmul(x * x, x));
    CHECK_THROWS((x * 2).add_(ones({5}, kDouble)));
  });
}

TEST_CASE("graphs that threads share are freed") {
  check_returns([] {
    const Tensor x = leaf();
    const Tensor y = x * 2;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) threads.emplace_back([&] { (y * y).sum().backward({}, true); });
    for (std::thread& t : threads) t.join();
  });
}

TEST_CASE("tangents are freed") {
  check_returns([] {
    const Tensor x = full({3}, 0.5, kDouble);
    autograd::functional::jvp([](const variable_list& in) { return variable_list{in[0].exp() * in[0]}; }, {x},
                              {ones({3}, kDouble)});
    autograd::functional::hessian([](const Tensor& t) { return t.pow(3).sum(); }, x);
  });
  check_returns([] {
    const Tensor x = leaf();
    {
      const forward_ad::DualLevel level;
      const Tensor y = forward_ad::make_dual(x, leaf()).exp().sigmoid(), z = y * 1;
      z.mul_(y);
      z[0].mul_(y[1]);
      forward_ad::unpack_dual(z).tangent.sum().backward({}, true);
      autograd::grad({z}, {x}, {ones({3, 4}, kDouble)}, nullopt, true);
    }
    const forward_ad::DualLevel level;
    Twice::apply(forward_ad::make_dual(x, leaf()));
  });
}

TEST_CASE("what is refused is freed") {
  check_returns([] {
    CHECK_THROWS(ones(std::vector<int64_t>(65, 1)));
    CHECK_THROWS(ones({1}).expand(std::vector<int64_t>(65, 1)));
    const Tensor x = leaf();
    CHECK_THROWS(ForgetsDirty::apply(x * 2));
    CHECK_THROWS(SavesInference::apply(x * 2));
  });
}
