// L-BFGS: steps on Rosenbrock's function recorded from PyTorch 2.15, its state, and what a closure may do.
#include <doctest/doctest.h>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::Tensor;

namespace {

Tensor start(xgrad::ScalarType dtype = xgrad::kFloat64) {
  return xgrad::tensor({-1.2, 1.}, xgrad::dtype(dtype).requires_grad(true));
}

// The valley that line searches are tried on; its minimum is at (1, 1).
struct Valley {
  Tensor p;
  optim::LBFGS lbfgs;
  double sign = 1;
  int evaluations = 0;

  explicit Valley(const optim::LBFGSOptions& options) : p(start()), lbfgs({p}, options) {
    if (options.maximize()) sign = -1;
  }
  double step() {
    return lbfgs
        .step([&] {
          ++evaluations;
          lbfgs.zero_grad();
          const Tensor x = p[0], y = p[1];
          Tensor loss = ((1 - x).pow(2) + 100 * (y - x * x).pow(2)) * sign;
          loss.backward();
          return loss;
        })
        .item<double>();
  }
  const optim::LBFGSParamState& state() {
    return static_cast<optim::LBFGSParamState&>(*lbfgs.state().at(p.unsafeGetTensorImpl()));
  }
};

optim::LBFGSOptions searching(double lr = 1) {
  return optim::LBFGSOptions(lr).line_search_fn("strong_wolfe");
}

}  // namespace

TEST_CASE("with strong Wolfe conditions L-BFGS walks PyTorch's way down a curved valley") {
  Valley valley(searching());
  CHECK(valley.step() == doctest::Approx(24.2));
  CHECK(valley.step() == doctest::Approx(0.4234823024380289).epsilon(1e-8));
  CHECK(is_close(valley.p, {0.9999814210791366, 0.9999619651810989}, 1e-7));
  CHECK(valley.evaluations == 44);
  CHECK(valley.state().n_iter() == 35);
  CHECK(valley.state().func_evals() == 44);
}

TEST_CASE("without a line search every direction is as long as lr says") {
  Valley valley(optim::LBFGSOptions(.01).max_iter(10));
  valley.step();
  CHECK(valley.step() == doctest::Approx(19.678642335702147).epsilon(1e-10));
  CHECK(is_close(valley.p, {-1.1709481163797197, 1.0200737439802854}, 1e-10));
  CHECK(valley.evaluations == 20);
}

TEST_CASE("L-BFGS with a short memory climbs as well") {
  Valley valley(searching().max_iter(7).history_size(2).maximize(true));
  valley.step();
  CHECK(valley.step() == doctest::Approx(-3.993459900880096).epsilon(1e-9));
  CHECK(is_close(valley.p, {-0.33756475832028693, 0.06662912698078433}, 1e-8));
  CHECK(valley.evaluations == 17);
  CHECK(valley.state().old_dirs().size() == 2);
}

TEST_CASE("L-BFGS that takes over a state goes on bit for bit") {
  Valley one(searching().max_iter(3)), two(searching().max_iter(3));
  for (int i = 0; i < 3; ++i) one.step();
  two.lbfgs.load_state_dict(one.lbfgs.state_dict());
  two.p.set_data(one.p.detach().clone());
  for (int i = 0; i < 3; ++i) CHECK(one.step() == two.step());
  CHECK(xgrad::equal(one.p, two.p));
}

TEST_CASE("a closure that throws in the midst of a step leaves parameters and state as they were") {
  Valley valley(searching());
  valley.step();
  const Tensor before = valley.p.detach().clone();
  const int64_t iterations = valley.state().n_iter();
  int calls = 0;
  CHECK_THROWS_AS(valley.lbfgs.step([&]() -> Tensor {
    if (++calls == 4) throw std::runtime_error("the closure's own");
    Tensor loss = (valley.p - 7).pow(4).sum();
    valley.lbfgs.zero_grad();
    loss.backward();
    return loss;
  }),
                  std::runtime_error);
  CHECK(xgrad::equal(valley.p, before));
  CHECK(valley.state().n_iter() == iterations);
}

TEST_CASE("parameters of several shapes and without a gradient are one vector") {
  const Tensor a = xgrad::ones({2, 3}, xgrad::requires_grad()), b = xgrad::ones({2}, xgrad::requires_grad()),
               idle = xgrad::ones({4}, xgrad::requires_grad());
  optim::LBFGS lbfgs({a, idle, b}, searching());
  lbfgs.step([&] {
    lbfgs.zero_grad();
    Tensor loss = (a - 2).pow(2).sum() + (b + 1).pow(2).sum();
    loss.backward();
    return loss;
  });
  CHECK(is_close(a, {2, 2, 2, 2, 2, 2}, 1e-4));
  CHECK(is_close(b, {-1, -1}, 1e-4));
  CHECK(is_close(idle, {1, 1, 1, 1}));
}

TEST_CASE("L-BFGS needs a closure and one group") {
  const Tensor p = start(), q = start();
  optim::LBFGS lbfgs({p});
  CHECK(message_of([&] { lbfgs.step(); }).find("LBFGS: step needs a closure") != std::string::npos);
  const std::vector<optim::OptimizerParamGroup> groups{{{p}}, {{q}}};
  CHECK(message_of([&] { optim::LBFGS{groups}; }).find("got 2 parameter groups, expected 1") !=
        std::string::npos);
}
