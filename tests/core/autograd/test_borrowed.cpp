// Memory of the caller, laid under a tensor by from_blob: only an op in place, which names the tensor, writes
// there.
#include <sys/mman.h>

#include <cstring>
#include <functional>
#include <numeric>

#include "core/autograd/checks.h"

using namespace xgrad;
using autograd::AutogradContext;
using autograd::variable_list;
using checks::check;
using checks::leaf;
using checks::vec;

namespace {

// Three numbers in a page that nobody can write to any more: who tries ends the process.
class ReadOnly {
 public:
  ReadOnly() : page_(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    REQUIRE_NE(page_, MAP_FAILED);
    const double values[] = {1, 2, 3};
    std::memcpy(page_, values, sizeof values);
    REQUIRE_EQ(mprotect(page_, kSize, PROT_READ), 0);
  }
  ~ReadOnly() { munmap(page_, kSize); }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;

  Tensor tensor() const { return from_blob(page_, {3}, kDouble); }
  bool holds(const Tensor& t) const { return t.data_ptr() == page_; }

 private:
  static constexpr std::size_t kSize = 4096;
  void* page_;
};

// Gives the tensor it was called with, or views of it, as the gradient of both arguments.
struct Hands : autograd::Function<Hands> {
  static Tensor forward(AutogradContext* ctx, const Tensor& a, const Tensor& b, const Tensor& gradient) {
    ctx->saved_data["gradient"] = gradient;
    return a + b;
  }
  static variable_list backward(AutogradContext* ctx, variable_list) {
    const Tensor g = ctx->saved_data["gradient"].toTensor();
    return {g.view({3}), g.view({3}), Tensor()};
  }
};

}  // namespace

TEST_CASE("operators on a temporary over borrowed memory make a new tensor") {
  const ReadOnly memory;
  using Make = std::function<Tensor()>;
  const std::vector<Make> temporaries{[&] { return memory.tensor(); },
                                      [&] { return memory.tensor().view({3}); },
                                      [&] { return memory.tensor().detach(); },
                                      [&] { return memory.tensor().data(); },
                                      [&] { return memory.tensor().contiguous(); },
                                      [&] { return memory.tensor().to(kDouble); }};
  for (bool recording : {true, false})
    for (const Make& make : temporaries) {
      const AutoGradMode mode(recording);
      const Tensor two = full({3}, 2, kDouble);
      const std::pair<Tensor, std::vector<double>> results[] = {
          {make() + two, {3, 4, 5}},       {two + make(), {3, 4, 5}},     {make() + make(), {2, 4, 6}},
          {make() - two, {-1, 0, 1}},      {two - make(), {1, 0, -1}},    {make() * two, {2, 4, 6}},
          {two * make(), {2, 4, 6}},       {make() / two, {0.5, 1, 1.5}}, {two / make(), {2, 1, 2. / 3}},
          {make() + 1, {2, 3, 4}},         {1 - make(), {0, -1, -2}},     {-make(), {-1, -2, -3}},
          {make() * 2 + make(), {3, 6, 9}}};
      for (const auto& [result, want] : results) {
        check(result, want);
        CHECK_FALSE(memory.holds(result));
      }
    }
}

TEST_CASE("under InferenceMode too") {
  const ReadOnly memory;
  const InferenceMode inference;
  check(memory.tensor() + ones({3}, kDouble), {2, 3, 4});
  check(ones({3}, kDouble) * memory.tensor(), {1, 2, 3});
}

TEST_CASE("a gradient over borrowed memory is read, and never written into or kept") {
  const ReadOnly memory;
  using Run = std::function<void(const Tensor& x)>;  // its gradient for x is 1, 2, 3
  const auto gradient = [&] { return memory.tensor(); };
  const std::vector<Run> runs{
      [&](const Tensor& x) { x.view({3}).backward(gradient()); },
      [&](const Tensor& x) { (x + 1).backward(gradient()); },
      [&](const Tensor& x) { (x * 2 / 2).backward(gradient()); },
      [&](const Tensor& x) { x.exp().log().backward(gradient()); },
      [&](const Tensor& x) { autograd::backward({x + 1}, {gradient()}); },
      [&](const Tensor& x) { (x + 1).backward(gradient(), nullopt, false, TensorList(x)); },
      [&](const Tensor& x) {
        const Tensor y = x + 0;
        y.register_hook([&](const Tensor&) { return gradient(); });
        (y * 5).sum().backward();
      },
      [&](const Tensor& x) {
        const Tensor y = x.sqrt().square();
        y.register_hook([&](const Tensor&) { return gradient().view({3}); });
        (y * 5).sum().backward();
      },
      [&](const Tensor& x) {
        const unsigned id = x.register_hook([&](const Tensor&) { return gradient(); });
        (x * 5).sum().backward();
        x.remove_hook(id);
      },
      [&](const Tensor& x) {
        const Tensor y = x + 1;
        y.retain_grad();
        y.register_hook([&](const Tensor&) { return gradient(); });
        y.sum().backward();
        check(y.grad(), {1, 2, 3});
        CHECK_FALSE(memory.holds(y.grad()));
      },
      [&](const Tensor& x) {
        const Tensor y = x * 2 / 2;
        y.grad_fn()->add_pre_hook([&](const variable_list&) { return variable_list{gradient()}; });
        y.sum().backward();
      },
      [&](const Tensor& x) {
        const Tensor y = x + 1;
        y.grad_fn()->add_post_hook([&](const variable_list& out, const variable_list&) {
          variable_list changed(out.size());
          changed[0] = gradient();
          return changed;
        });
        y.sum().backward();
      },
      [&](const Tensor& x) {
        Hands::apply(x.exp().log(), vec({0, 0, 0}), gradient()).sum().backward();
      },
      [&](const Tensor& x) {  // two shares of a sum, both borrowed
        Hands::apply(x + 0, x / 1, gradient()).sum().backward();
        x.mutable_grad() = x.grad() / 2;
      }};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    INFO("run ", i);
    const Tensor x = leaf({0.1, 0.2, 0.3});
    runs[i](x);
    check(x.grad(), {1, 2, 3});
    CHECK_FALSE(memory.holds(x.grad()));
    x.view({3}).backward(vec({1, 1, 1}));  // would be added where the first lies
    check(x.grad(), {2, 3, 4});
    check(memory.tensor(), {1, 2, 3});
  }
}

TEST_CASE("a gradient that was asked for may be the caller's own, and is not added to there") {
  const ReadOnly memory;
  const Tensor x = leaf({1, 1, 1}), gradient = memory.tensor();
  check(autograd::grad({x + 1}, {x}, {gradient})[0], {1, 2, 3});
  check(autograd::grad({x + 1, x - 1}, {x}, {gradient, memory.tensor()})[0], {2, 4, 6});
  check(autograd::grad({x + 1}, {x}, {gradient}, nullopt, true)[0], {1, 2, 3});
}

TEST_CASE("an op in place writes into borrowed memory, and backward adds to a .grad() that lies there") {
  double data[] = {1, 2, 3}, sum[] = {0, 0, 0};
  const Tensor t = from_blob(data, {3}, kDouble), x = leaf({1, 1, 1});
  t.mul_(10).add_(1);
  CHECK_EQ(data[2], 31);
  x.mutable_grad() = from_blob(sum, {3}, kDouble);
  for (int i = 0; i < 2; ++i) (x * t).sum().backward();
  CHECK_EQ(sum[0], 22);
  CHECK_EQ(sum[2], 62);
}

TEST_CASE("a gradient made under InferenceMode is copied, so that .grad() can be added to") {
  const Tensor x = leaf({1, 2, 3});
  x.register_hook([](const Tensor& g) {
    const InferenceMode inference;
    return g * 2;
  });
  const Tensor y = x / 1;
  y.register_hook([](const Tensor& g) {
    const InferenceMode inference;
    return g + 1;
  });
  for (int i = 0; i < 2; ++i) {
    y.backward(vec({1, 2, 3}), true);
    CHECK_FALSE(x.grad().is_inference());
  }
  check(x.grad(), {8, 12, 16});
}

TEST_CASE("a hook's tensor that requires a gradient or has hooks of its own does not become .grad()") {
  const Tensor x = leaf({1, 2, 3});
  x.register_hook([](const Tensor&) { return vec({1, 1, 1}).requires_grad_(); });
  (x * 2).sum().backward();
  CHECK_FALSE(x.grad().requires_grad());
  check(x.grad(), {1, 1, 1});
}
