// Anomaly mode and inference mode, each by what PyTorch documents of it.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include <xgrad/core/autograd/anomaly_mode.h>
#include <xgrad/core/tape/inference_mode.h>
#include <xgrad/xgrad.h>

#include "messages.h"

using xgrad::InferenceMode;
using xgrad::Tensor;
using xgrad::autograd::AnomalyMode;
using xgrad::autograd::DetectAnomalyGuard;

namespace {

// What is written to stderr in its scope.
class CapturedWarnings {
 public:
  CapturedWarnings() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
  ~CapturedWarnings() { std::cerr.rdbuf(before_); }
  CapturedWarnings(const CapturedWarnings&) = delete;
  CapturedWarnings& operator=(const CapturedWarnings&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

Tensor leaf(std::vector<double> values) { return xgrad::tensor(values).requires_grad_(); }

// The gradient of sqrt at 0 is infinite, and infinity times 0 is NaN.
[[gnu::noinline]] Tensor zero_times_root(const Tensor& x) {
  const Tensor root = x.sqrt();
  return (root * 0.0).sum();
}

// In place, on a view.
[[gnu::noinline]] void root_of_first_row(const Tensor& t) {
  t[0].sqrt_();
  CHECK(t.dim() == 2);
}

struct RootOfNegative : xgrad::autograd::Function<RootOfNegative> {
  static Tensor forward(xgrad::autograd::AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * 1;
  }
  static xgrad::autograd::variable_list backward(xgrad::autograd::AutogradContext* ctx,
                                                 xgrad::autograd::variable_list) {
    return {(-ctx->get_saved_variables()[0]).sqrt()};
  }
};

[[gnu::noinline]] Tensor calls_a_function(const Tensor& x) {
  const Tensor y = RootOfNegative::apply(x);
  return y.sum();
}

#if __has_include(<elf.h>)
constexpr bool kNamesAreKnown = true;
#else
constexpr bool kNamesAreKnown = false;
#endif

}  // namespace

TEST_CASE("anomaly mode names the op whose gradient is NaN and the function that called it") {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({0, 4});
  const std::string message = message_of([&] { zero_times_root(x).backward(); });
  CHECK(contains(message, "Function 'SqrtBackward' returned nan values in its 0th output"));
  CHECK(contains(
      message, "1 of 2 elements of the gradient of input 0 of sqrt, of shape [2]; sqrt was called here:\n"));
  if (kNamesAreKnown) {
    CHECK(contains(message, "here:\n  (anonymous namespace)::zero_times_root(xgrad::Tensor const&)"));
    CHECK(!contains(message, "xgrad::sqrt("));
  }
  CHECK(!x.grad().defined());
}

TEST_CASE("anomaly mode sees ops in place, on views too") {
  const DetectAnomalyGuard guard;
  const Tensor x = xgrad::tensor({{0.0, 1.0}, {4.0, 9.0}}, xgrad::requires_grad());
  const Tensor y = x * 1;
  root_of_first_row(y);
  const std::string message = message_of([&] { (y * 0.0).sum().backward(); });
  CHECK(contains(message, "Function 'CopySlices' returned nan values"));
  CHECK(contains(message, "sqrt was called here"));
  if (kNamesAreKnown) CHECK(contains(message, "root_of_first_row"));

  const Tensor z = x * 1;
  z.sqrt_();
  CHECK(contains(message_of([&] { (z * 0.0).sum().backward(); }), "'SqrtBackward' returned nan values"));
}

TEST_CASE("anomaly mode sees user-defined functions and joined tensors") {
  const DetectAnomalyGuard guard;
  const std::string message = message_of([] { calls_a_function(leaf({1})).backward(); });
  CHECK(contains(message, "Function 'RootOfNegativeBackward' returned nan values"));
  if (kNamesAreKnown) CHECK(contains(message, "calls_a_function"));

  const Tensor joined = xgrad::cat({leaf({1}), leaf({2})}, 0);
  const std::string bad_gradient = message_of([&] {
    joined.backward(xgrad::tensor({NAN, 1.0}).to(joined.dtype()));
  });
  CHECK(contains(bad_gradient, "elements of the gradient of input 0 of cat"));
  CHECK(contains(bad_gradient, "cat was called here"));
}

TEST_CASE("what was computed outside anomaly mode is found without its place") {
  const Tensor loss = zero_times_root(leaf({0}));
  const DetectAnomalyGuard guard;
  const std::string message = message_of([&] { loss.backward(); });
  CHECK(contains(message, "'SqrtBackward' returned nan values"));
  CHECK(contains(message,
                 "compute it within the scope of a DetectAnomalyGuard to learn where sqrt was called"));
}

TEST_CASE("anomaly mode is switched for the scope and the thread, with and without the search for NaN") {
  CHECK(!AnomalyMode::is_enabled());
  {
    const DetectAnomalyGuard guard(false);
    CHECK(AnomalyMode::is_enabled());
    CHECK(!AnomalyMode::should_check_nan());
    const Tensor x = leaf({0});
    zero_times_root(x).backward();
    CHECK(std::isnan(x.grad().item<float>()));
    bool elsewhere = true;
    std::thread([&] { elsewhere = AnomalyMode::is_enabled(); }).join();
    CHECK(!elsewhere);
  }
  CHECK(!AnomalyMode::is_enabled());
  CHECK(AnomalyMode::should_check_nan());
  AnomalyMode::set_enabled(true);
  CHECK(AnomalyMode::is_enabled());
  AnomalyMode::set_enabled(false);
  zero_times_root(leaf({0})).backward();
}

TEST_CASE("anomaly mode warns once of a gradient that outlived a step") {
  const auto train = [](int steps, auto after_step) {
    const CapturedWarnings warnings;
    const DetectAnomalyGuard guard;
    const Tensor w = leaf({1, 2, 3});
    for (int i = 0; i < steps; ++i) {
      (w * w).sum().backward();
      after_step(w);
    }
    return warnings.text();
  };
  const auto step = [](const Tensor& w) {
    const xgrad::NoGradGuard no_grad;
    w.sub_(w.grad() * 0.1);
  };
  const std::string warning = train(4, step);
  CHECK(contains(
      warning,
      "a leaf of shape [3] was changed since its last backward and still has the gradient from before"));
  CHECK(contains(warning, "zero_grad()"));
  CHECK(warning.find('\n') == warning.size() - 1);

  CHECK(train(4, [](const Tensor&) {}) == "");  // gradients of several batches are summed on purpose
  CHECK(train(4, [&](const Tensor& w) { step(w), w.mutable_grad().reset(); }) == "");
  CHECK(train(4, [&](const Tensor& w) { step(w), w.mutable_grad().zero_(); }) == "");
}

TEST_CASE("inference mode records nothing and makes inference tensors") {
  const Tensor x = leaf({1, 2});
  Tensor y;
  {
    const InferenceMode guard;
    CHECK(InferenceMode::is_enabled());
    CHECK(!xgrad::GradMode::is_enabled());
    y = x * 2;
    CHECK(y.is_inference());
    CHECK(!y.requires_grad());
    CHECK(xgrad::zeros({2}).is_inference());
    CHECK(xgrad::zeros({1, 1, 1, 1, 1, 1, 1, 1}).is_inference());
    CHECK(((x + 1) * (x + 2) + (x + 3)).is_inference());  // temporaries that are written over
    y.add_(1);
    y.requires_grad_();
    y.requires_grad_(false);
    CHECK(!x.is_inference());
  }
  CHECK(!InferenceMode::is_enabled());
  CHECK(xgrad::GradMode::is_enabled());
  CHECK(y.is_inference());
  CHECK(!(y + 1).is_inference());
  CHECK(!y.clone().is_inference());
  CHECK(xgrad::equal(y, xgrad::tensor({3.0f, 5.0f})));
}

TEST_CASE("a view is an inference tensor when its base is") {
  const Tensor normal = xgrad::zeros({2, 2});
  Tensor made_inside;
  {
    const InferenceMode guard;
    CHECK(!normal[0].is_inference());
    CHECK(!normal.detach().is_inference());
    normal.add_(1);
    made_inside = xgrad::zeros({2, 2});
    CHECK(made_inside.view({4}).is_inference());
  }
  CHECK(made_inside[0].is_inference());
  CHECK(made_inside.detach().is_inference());
  CHECK(normal.sum().item<float>() == 4);
}

TEST_CASE("outside its mode an inference tensor is not changed, saved, or made to require a gradient") {
  Tensor t;
  {
    const InferenceMode guard;
    t = xgrad::ones({2});
  }
  const std::string rule =
      "Inplace update to inference tensor outside InferenceMode is not allowed: self is [2]";
  CHECK(message_of([&] { t.add_(1); }) == "add_: " + rule + "; clone() it first");
  CHECK(contains(message_of([&] { t.zero_(); }), rule));
  CHECK(contains(message_of([&] { t.copy_(xgrad::zeros({2})); }), rule));
  CHECK(contains(message_of([&] { t[0] = 1; }), "Inplace update to inference tensor"));
  {
    const xgrad::NoGradGuard no_grad;
    CHECK(contains(message_of([&] { t.mul_(2); }), rule));
  }
  CHECK(contains(message_of([&] { t.requires_grad_(); }),
                 "Setting requires_grad=True on inference tensor outside InferenceMode"));

  const Tensor w = leaf({1, 2});
  CHECK(contains(message_of([&] { w* t; }), "Inference tensors cannot be saved for backward"));
  const Tensor sum = (w + t).sum();  // saves nothing
  sum.backward();
  (w * t.clone()).sum().backward();
  CHECK(w.grad().sum().item<float>() == 4);
}

TEST_CASE("inference mode records nothing, whatever the gradient mode is, and counts no versions") {
  const Tensor w = leaf({3});
  const InferenceMode guard;
  {
    const xgrad::AutoGradMode enabled(true);
    CHECK(xgrad::GradMode::is_enabled());
    const Tensor y = w * w;
    CHECK(!y.requires_grad());
    CHECK(y.is_inference());
    CHECK(contains(message_of([&] { y._version(); }), "Inference tensors do not track version counter"));
    const InferenceMode left(false);
    CHECK((w * w).requires_grad());
  }
  CHECK(!xgrad::GradMode::is_enabled());
}

TEST_CASE("inference mode nests, and can be left for a scope") {
  const InferenceMode outer;
  {
    const InferenceMode inner(false);
    CHECK(!InferenceMode::is_enabled());
    const Tensor x = leaf({3});
    CHECK(!x.is_inference());
    (x * x).backward();
    CHECK(x.grad().item<float>() == 6);
  }
  CHECK(InferenceMode::is_enabled());
  bool elsewhere = true;
  std::thread([&] { elsewhere = InferenceMode::is_enabled(); }).join();
  CHECK(!elsewhere);
}

TEST_CASE("the threads of a parallel_for have the modes of the caller, and their own again afterwards") {
  const Tensor x = xgrad::ones({64}, xgrad::kDouble).requires_grad_();
  std::atomic<int> recorded{0}, inference{0}, parts{0};
  const auto look = [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) recorded += (x[i] * 2).requires_grad();
    inference += xgrad::zeros({1}).is_inference();
    ++parts;
  };
  xgrad::parallel_for(0, 64, 1, look);
  CHECK(recorded == 64);
  recorded = 0;
  {
    const xgrad::NoGradGuard no_grad;
    xgrad::parallel_for(0, 64, 1, look);
    CHECK(recorded == 0);
    CHECK(inference == 0);
  }
  {
    parts = 0;
    const InferenceMode guard;
    xgrad::parallel_for(0, 64, 1, look);
    CHECK(inference == parts);
    CHECK(recorded == 0);
  }
  xgrad::parallel_for(0, 64, 1, look);
  CHECK(recorded == 64);
  CHECK_THROWS_AS(xgrad::parallel_for(0, 4, -1, look), xgrad::ValueError);
  CHECK_THROWS_WITH_AS(
      xgrad::parallel_for(0, 64, 1, [](int64_t, int64_t) { throw xgrad::IndexError("no such element"); }),
      "no such element", xgrad::IndexError);
}

TEST_CASE("a thread can be given the modes of another, with its dual level") {
  const Tensor primal = xgrad::tensor({0.5}, xgrad::kDouble).requires_grad_();
  double tangent = 0, second = 0;
  {
    const xgrad::forward_ad::DualLevel level;
    const Tensor x = xgrad::forward_ad::make_dual(primal, xgrad::ones({1}, xgrad::kDouble));
    std::thread([&, state = xgrad::ThreadLocalState()] {
      const xgrad::ThreadLocalStateGuard guard(state);
      const Tensor y = xgrad::forward_ad::unpack_dual(x.exp()).tangent;
      tangent = y.item<double>();
      y.backward();
      second = primal.grad().item<double>();
    }).join();
    std::thread([&] {
      const xgrad::forward_ad::DualLevel its_own;
      CHECK(!xgrad::forward_ad::unpack_dual(x * 2).tangent.defined());
    }).join();
  }
  CHECK(tangent == doctest::Approx(std::exp(0.5)));
  CHECK(second == doctest::Approx(std::exp(0.5)));
}

namespace {

// Opens a dual level where tangents rest.
struct OpensLevel : xgrad::autograd::Function<OpensLevel> {
  static Tensor forward(xgrad::autograd::AutogradContext*, const Tensor& x) {
    const xgrad::forward_ad::DualLevel inner;
    return x * 2;
  }
  static xgrad::autograd::variable_list backward(xgrad::autograd::AutogradContext*,
                                                 xgrad::autograd::variable_list g) {
    return {g[0] * 2};
  }
};

}  // namespace

TEST_CASE("dual levels do not nest, not even where the tangents of the outer one rest") {
  const Tensor one = xgrad::ones({1}, xgrad::kDouble), x = (one * 3).requires_grad_();
  const auto opens = [] { const xgrad::forward_ad::DualLevel inner; };
  {
    const xgrad::forward_ad::DualLevel level;
    const Tensor dual = xgrad::forward_ad::make_dual(x, one);
    CHECK_THROWS_WITH_AS(opens(), doctest::Contains("nested forward mode AD"), xgrad::Error);
    CHECK_THROWS_WITH_AS(OpensLevel::apply(dual), doctest::Contains("nested forward mode AD"), xgrad::Error);
    {
      const InferenceMode guard;
      CHECK_THROWS_WITH_AS(opens(), doctest::Contains("nested forward mode AD"), xgrad::Error);
    }
    const Tensor tangent = xgrad::forward_ad::unpack_dual(dual.exp() * dual).tangent;
    CHECK(tangent.item<double>() == doctest::Approx(4 * std::exp(3.0)));
  }
  const InferenceMode guard;
  const xgrad::forward_ad::DualLevel level;
  CHECK_NOTHROW(xgrad::forward_ad::make_dual(one, one));
}

TEST_CASE("modes that outlive their dual level are those without it") {
  const Tensor one = xgrad::ones({1}, xgrad::kDouble), x = (one * 3).requires_grad_();
  auto level = std::make_unique<xgrad::forward_ad::DualLevel>();
  const Tensor dual = xgrad::forward_ad::make_dual(x, one);
  const xgrad::ThreadLocalState state;
  std::atomic<bool> inside{false}, ended{false};
  std::thread late([&] {
    const xgrad::ThreadLocalStateGuard guard(state);
    for (inside = true; !ended;) std::this_thread::yield();
    CHECK((dual.exp() * dual).item<double>() == doctest::Approx(3 * std::exp(3.0)));
  });
  while (!inside) std::this_thread::yield();
  level.reset();
  ended = true;
  late.join();
  std::thread([&] {
    const xgrad::ThreadLocalStateGuard guard(state);
    CHECK(dual.exp().item<double>() == doctest::Approx(std::exp(3.0)));
    const xgrad::forward_ad::DualLevel another;
  }).join();
}
