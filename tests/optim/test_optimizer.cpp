// Optimizer: groups, options, zero_grad, what is refused.
#include <doctest/doctest.h>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::Tensor;

namespace {

Tensor parameter(double value = 1) {
  return xgrad::full({1}, value, xgrad::dtype(xgrad::kFloat32).requires_grad(true));
}

}  // namespace

TEST_CASE("groups have their own options, or the defaults") {
  const Tensor a = parameter(), b = parameter();
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a});
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<optim::SGDOptions>(0.5));
  optim::SGD sgd(groups, optim::SGDOptions(0.1));
  (a + b).backward();
  sgd.step();
  CHECK(is_close(a, {0.9}));
  CHECK(is_close(b, {0.5}));
  CHECK(sgd.size() == 2);
  CHECK(sgd.parameters()[1].is_same(b));
  CHECK(sgd.param_groups()[0].options().get_lr() == 0.1);
}

TEST_CASE("options can change between steps") {
  const Tensor a = parameter();
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  a.sum().backward();
  sgd.param_groups()[0].options().set_lr(0.25);
  sgd.step();
  CHECK(is_close(a, {0.75}));
  static_cast<optim::SGDOptions&>(sgd.param_groups()[0].options()).lr(0.5);
  sgd.step();
  CHECK(is_close(a, {0.25}));
  CHECK(sgd.defaults().get_lr() == 0.1);
}

TEST_CASE("a group can be added later") {
  const Tensor a = parameter(), b = parameter();
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  sgd.add_param_group(optim::OptimizerParamGroup({b}, std::make_unique<optim::SGDOptions>(1.0)));
  b.sum().backward();
  sgd.step();
  CHECK(is_close(b, {0}));
}

TEST_CASE("what cannot be optimized is refused and leaves the optimizer as it was") {
  const Tensor a = parameter();
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  CHECK_THROWS_AS(sgd.add_parameters({parameter(), a}), xgrad::ValueError);
  CHECK(sgd.param_groups().size() == 1);
  CHECK(message_of([&] { sgd.add_parameters({a * 2}); }).find("can't optimize a non-leaf Tensor") !=
        std::string::npos);
  CHECK_THROWS_AS(sgd.add_parameters({Tensor()}), xgrad::ValueError);
  CHECK_THROWS_AS(optim::SGD({a, a}, optim::SGDOptions(0.1)), xgrad::ValueError);
}

TEST_CASE("zero_grad fills with zeros, or drops the gradients when asked") {
  const Tensor a = parameter(), untouched = parameter();
  optim::SGD sgd({a, untouched}, optim::SGDOptions(0.1));
  a.sum().backward();
  const Tensor kept = a.grad();
  sgd.zero_grad();
  CHECK(is_close(kept, {0}));
  CHECK_FALSE(untouched.grad().defined());
  sgd.zero_grad(true);
  CHECK_FALSE(a.grad().defined());
}

TEST_CASE("zero_grad cuts a gradient with history off its graph") {
  const Tensor a = parameter(3);
  a.pow(3).backward({}, true, true);
  CHECK(a.grad().requires_grad());
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  sgd.zero_grad();
  CHECK_FALSE(a.grad().requires_grad());
  CHECK(is_close(a.grad(), {0}));
}
