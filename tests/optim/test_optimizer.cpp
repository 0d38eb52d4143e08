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

// As LibTorch 2.15 merges them, and Python's param_groups.
TEST_CASE("what a group leaves as in new options is the optimizer's") {
  const Tensor a = parameter(), b = parameter();
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a},
                      std::make_unique<optim::AdamOptions>(optim::AdamOptions().weight_decay(.9)));
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<optim::AdamOptions>(0.5));
  optim::Adam adam(groups, optim::AdamOptions(.1).weight_decay(.3).amsgrad(true));
  const auto options = [&](std::size_t group) {
    return static_cast<optim::AdamOptions&>(adam.param_groups()[group].options());
  };
  CHECK(options(0) == optim::AdamOptions(.1).weight_decay(.9).amsgrad(true));
  CHECK(options(1) == optim::AdamOptions(.5).weight_decay(.3).amsgrad(true));
}

TEST_CASE("options of another optimizer, or that make no sense, are refused when they come and at a step") {
  const Tensor a = parameter(), b = parameter();
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  const auto add = [&](auto options) {
    sgd.add_param_group({{b}, std::make_unique<decltype(options)>(options)});
  };
  CHECK_THROWS_AS(add(optim::AdamOptions(0.1)), xgrad::TypeError);
  CHECK_THROWS_AS(add(optim::SGDOptions(-1)), xgrad::ValueError);
  CHECK(sgd.param_groups().size() == 1);
  add(optim::SGDOptions(0.2));
  (a + b).backward();
  sgd.param_groups()[1].options().set_lr(-1);
  CHECK_THROWS_AS(sgd.step(), xgrad::ValueError);
  sgd.param_groups()[1].set_options(std::make_unique<optim::AdamOptions>());
  CHECK_THROWS_AS(sgd.step(), xgrad::TypeError);
  CHECK(is_close(a, {1}));
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

TEST_CASE("zero_grad drops the gradients, or fills them with zeros when asked") {
  const Tensor a = parameter(), untouched = parameter();
  optim::SGD sgd({a, untouched}, optim::SGDOptions(0.1));
  a.sum().backward();
  const Tensor kept = a.grad();
  sgd.zero_grad(false);
  CHECK(is_close(kept, {0}));
  CHECK_FALSE(untouched.grad().defined());
  sgd.zero_grad();
  CHECK_FALSE(a.grad().defined());
}

TEST_CASE("zero_grad cuts a gradient with history off its graph") {
  const Tensor a = parameter(3);
  a.pow(3).backward({}, true, true);
  CHECK(a.grad().requires_grad());
  optim::SGD sgd({a}, optim::SGDOptions(0.1));
  sgd.zero_grad(false);
  CHECK_FALSE(a.grad().requires_grad());
  CHECK(is_close(a.grad(), {0}));
}
