// nn::utils: clipping, and parameters as a vector.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "values.h"

namespace utils = xgrad::nn::utils;
namespace swa = xgrad::optim::swa_utils;
using xgrad::Tensor;

namespace {

// Two parameters whose gradients are {3, 4} and {12}, and one without.
std::vector<Tensor> with_gradients() {
  const Tensor a = xgrad::zeros({2}, xgrad::requires_grad()), b = xgrad::zeros({1}, xgrad::requires_grad());
  a.mutable_grad() = xgrad::tensor({3., 4.}, xgrad::kFloat32);
  b.mutable_grad() = xgrad::tensor({12.}, xgrad::kFloat32);
  return {a, xgrad::zeros({7}, xgrad::requires_grad()), b};
}

}  // namespace

TEST_CASE("gradients are scaled together to the largest norm that is allowed") {
  const std::vector<Tensor> p = with_gradients();
  CHECK(utils::clip_grad_norm_(p, 20) == doctest::Approx(13));
  CHECK(is_close(p[0].grad(), {3, 4}));
  CHECK(utils::clip_grad_norm_(p, 6.5) == doctest::Approx(13));
  CHECK(is_close(p[0].grad(), {1.5, 2}));
  CHECK(is_close(p[2].grad(), {6}));
  CHECK_FALSE(p[1].grad().defined());
}

TEST_CASE("the norm of the gradients may be any") {
  CHECK(utils::clip_grad_norm_(with_gradients(), 1, 1) == doctest::Approx(19));
  CHECK(utils::clip_grad_norm_(with_gradients(), 1, std::numeric_limits<double>::infinity()) ==
        doctest::Approx(12));
  CHECK(utils::clip_grad_norm_(std::vector<Tensor>{}, 1) == 0);
  CHECK(utils::clip_grad_norm_(with_gradients()[0], 1) == doctest::Approx(5));
}

TEST_CASE("a norm that is not finite is refused on demand, and changes nothing then") {
  const std::vector<Tensor> p = with_gradients();
  p[2].grad().fill_(std::numeric_limits<double>::infinity());
  CHECK(message_of([&] { utils::clip_grad_norm_(p, 1, 2, true); }).find("is non-finite") !=
        std::string::npos);
  CHECK(is_close(p[0].grad(), {3, 4}));
  CHECK(std::isinf(utils::clip_grad_norm_(p, 1)));
  CHECK(is_close(p[0].grad(), {0, 0}));
}

TEST_CASE("gradients are clipped element by element") {
  const std::vector<Tensor> p = with_gradients();
  p[0].grad().neg_();
  utils::clip_grad_value_(p, 3.5);
  CHECK(is_close(p[0].grad(), {-3, -3.5}));
  CHECK(is_close(p[2].grad(), {3.5}));
}

TEST_CASE("parameters become a vector, through which gradients flow, and come back from one") {
  xgrad::nn::Linear linear(2, 1);
  const Tensor vector = utils::parameters_to_vector(linear->parameters());
  CHECK(vector.sizes() == xgrad::IntArrayRef({3}));
  (vector * vector).sum().backward();
  CHECK(xgrad::allclose(linear->weight.grad(), 2 * linear->weight));
  utils::vector_to_parameters(xgrad::tensor({1., 2., 3.}, xgrad::kFloat32), linear->parameters());
  CHECK(is_close(linear->weight, {1, 2}));
  CHECK(is_close(linear->bias, {3}));
  CHECK(linear->weight.requires_grad());
  CHECK(message_of([&] { utils::vector_to_parameters(xgrad::ones({2}), linear->parameters()); }) ==
        "vector_to_parameters: vec must be a vector of all parameters' elements: it is [2], they have 3");
}

namespace {

xgrad::nn::Linear linear_full_of(double value) {
  xgrad::nn::Linear linear(1, 1);
  xgrad::nn::init::constant_(linear->weight, value);
  return linear;
}

}  // namespace

TEST_CASE("an averaged model is the mean of the models it was given, and a copy of its own") {
  const xgrad::nn::Linear model = linear_full_of(1);
  swa::AveragedModel<xgrad::nn::LinearImpl> average(model), smooth(model, swa::get_ema_avg_fn(.75));
  for (const double value : {2., 4., 9.}) {
    xgrad::nn::init::constant_(model->weight, value);
    average.update_parameters(model);
    smooth.update_parameters(model);
  }
  CHECK(is_close(average.module->weight, {5}));
  CHECK(is_close(smooth.module->weight, {.75 * (.75 * 2 + .25 * 4) + .25 * 9}));
  CHECK(average.n_averaged.item<int64_t>() == 3);
  CHECK(average.state_dict().keys() ==
        std::vector<std::string>{"n_averaged", "module.weight", "module.bias"});
  CHECK(is_close(average(xgrad::ones({1, 1})), {5 + average.module->bias.item<double>()}, 1e-6));
  CHECK(message_of([&] {
          average.update_parameters(xgrad::nn::Linear(2, 1));
        }).find("has other parameters") != std::string::npos);
  CHECK_THROWS_AS(swa::get_ema_avg_fn(2), xgrad::ValueError);
}

TEST_CASE("update_bn averages the statistics over all batches, whatever the momentum") {
  xgrad::manual_seed(0);
  xgrad::nn::Sequential model(xgrad::nn::Linear(3, 2), xgrad::nn::BatchNorm1d(2));
  model->eval();
  std::vector<Tensor> loader;
  std::vector<std::pair<Tensor, Tensor>> with_targets;
  for (int i = 0; i < 3; ++i) {
    loader.push_back(xgrad::randn({4, 3}));
    with_targets.emplace_back(loader.back(), xgrad::zeros({4}));
  }
  auto& norm = model->at<xgrad::nn::BatchNorm1dImpl>(1);
  for (int i = 0; i < 2; ++i) {
    if (i == 0)
      swa::update_bn(loader, model);
    else
      swa::update_bn(with_targets, *model);
    CHECK(is_close(norm.running_mean, {-0.01615432, 0.617662}));
    CHECK(is_close(norm.running_var, {0.2367372, 0.2366229}));
  }
  CHECK(norm.num_batches_tracked.item<int64_t>() == 3);
  CHECK(norm.options.momentum() == 0.1);
  CHECK_FALSE(norm.is_training());
}
