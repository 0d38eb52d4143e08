// The adaptive softmax against values that PyTorch 2.15 computed, and against an ordinary softmax.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;

namespace {

nn::AdaptiveLogSoftmaxWithLoss layer() {
  nn::AdaptiveLogSoftmaxWithLoss made(
      nn::AdaptiveLogSoftmaxWithLossOptions(4, 10, {3, 6}).div_value(2).head_bias(true));
  const xgrad::NoGradGuard no_grad;
  for (const Tensor& p : made->parameters()) {
    const Tensor steps = xgrad::arange(p.numel()).mul(37).remainder(19).to(xgrad::kFloat32);
    p.copy_((steps * .1 - .9).reshape(p.sizes()));
  }
  return made;
}

Tensor rows() {
  return (xgrad::arange(20).mul(23).remainder(17).to(xgrad::kFloat32) * .125 - 1)
      .reshape({5, 4})
      .requires_grad_();
}

Tensor classes() { return xgrad::tensor({0, 4, 9, 2, 7}, xgrad::kInt64); }

}  // namespace

TEST_CASE("the same seed gives Python's weights, first those of a tail's first layer") {
  xgrad::manual_seed(3);
  const nn::AdaptiveLogSoftmaxWithLoss made(nn::AdaptiveLogSoftmaxWithLossOptions(4, 6, {2, 4}).div_value(2));
  const auto p = made->parameters();
  REQUIRE(p.size() == 5);
  const auto begins = [&](std::size_t i, const std::vector<double>& with) {
    return is_close(p[i].flatten().slice(0, 0, static_cast<int64_t>(with.size())), with, 1e-6);
  };
  CHECK(begins(0, {-0.4957364797592163, -0.39443063735961914, -0.21415752172470093, -0.4730451703071594}));
  CHECK(begins(1, {-0.32439476251602173, 0.4491828680038452, 0.3473186492919922, 0.37485623359680176}));
  CHECK(begins(2, {-0.4513077735900879, -0.44163742661476135, -0.29310324788093567, 0.14099520444869995}));
  CHECK(begins(3, {-0.3787447214126587, -0.3852041959762573, -0.23912036418914795, 0.3051719069480896}));
  CHECK(begins(4, {-0.721275806427002, -0.896896243095398}));
}

TEST_CASE("the inner size of a tail is in_features divided by a power of div_value") {
  const nn::AdaptiveLogSoftmaxWithLoss made(
      nn::AdaptiveLogSoftmaxWithLossOptions(6, 9, {1, 2, 3}).div_value(1.2));
  const auto p = made->parameters();
  CHECK(p[1].size(0) == 5);
  CHECK(p[3].size(0) == 4);
  CHECK(p[5].size(0) == 3);
}

TEST_CASE("adaptive softmax gives the log probability of each target, and their negative mean") {
  auto adaptive = layer();
  const Tensor x = rows();
  const auto [output, loss] = adaptive(x, classes());
  CHECK(is_close(output, {-2.9942, -2.4858, -4.0641, -1.4602, -3.6745}, 1e-4));
  CHECK(loss == doctest::Approx(2.9358).epsilon(1e-4));
  (-output).mean().backward();
  CHECK(is_close(x.grad()[1],
                 {.1360972821712494, -.05715864151716232, -.04527777060866356, -.03339691087603569}, 1e-5));
  CHECK(is_close(adaptive->head->bias.grad(), {-.14238, .262711, .025493, .017184, -.163008}, 1e-5));
  CHECK(is_close(adaptive->parameters()[2].grad(),
                 {.014628, -.073138, .087765, 0, .000223, -.001117, .001341, 0}, 1e-5));
}

TEST_CASE("adaptive softmax gives what its distribution over all classes says of each target") {
  auto adaptive = layer();
  const Tensor x = rows(), t = classes(), all = adaptive->log_prob(x);
  CHECK(is_close(all.exp().sum(1), {1, 1, 1, 1, 1}, 1e-5));
  CHECK(is_close(all[0].slice(0, 3, 6), {-3.1866180896759033, -2.242867946624756, -2.177868127822876}, 1e-5));
  const Tensor picked = all.gather(1, t.unsqueeze(1)).squeeze(1);
  CHECK(xgrad::allclose(adaptive(x, t).output, picked));
  CHECK(xgrad::equal(adaptive->predict(x), all.argmax(1)));
  CHECK(xgrad::allclose(adaptive(x, t.to(xgrad::kInt32)).output, picked));
  const auto one = adaptive(x[0], t[0]);
  CHECK(one.output.dim() == 0);
  CHECK(one.loss == doctest::Approx(2.9942).epsilon(1e-4));
  CHECK(adaptive(xgrad::ones({0, 4}), xgrad::empty({0}, xgrad::kInt64)).output.numel() == 0);
}

TEST_CASE("adaptive softmax has Python's parameters and prints as in Python") {
  const auto adaptive = layer();
  CHECK(adaptive->named_parameters().keys() ==
        std::vector<std::string>{"head.weight", "head.bias", "tail.0.0.weight", "tail.0.1.weight",
                                 "tail.1.0.weight", "tail.1.1.weight"});
  CHECK(printed(adaptive) ==
        "AdaptiveLogSoftmaxWithLoss(\n"
        "  (head): Linear(in_features=4, out_features=5, bias=True)\n"
        "  (tail): ModuleList(\n"
        "    (0): Sequential(\n"
        "      (0): Linear(in_features=4, out_features=2, bias=False)\n"
        "      (1): Linear(in_features=2, out_features=3, bias=False)\n"
        "    )\n"
        "    (1): Sequential(\n"
        "      (0): Linear(in_features=4, out_features=1, bias=False)\n"
        "      (1): Linear(in_features=1, out_features=4, bias=False)\n"
        "    )\n"
        "  )\n"
        ")");
  const auto copy = std::dynamic_pointer_cast<nn::AdaptiveLogSoftmaxWithLossImpl>(adaptive->clone());
  CHECK(xgrad::equal(copy->log_prob(rows()), nn::AdaptiveLogSoftmaxWithLoss(adaptive)->log_prob(rows())));
}

TEST_CASE("adaptive softmax refuses cutoffs that do not increase within the classes") {
  for (const std::vector<int64_t>& cutoffs :
       {std::vector<int64_t>{}, {6, 3}, {0, 3}, {3, 3}, {3, 10}, {-1}}) {
    const auto make = [&] { nn::AdaptiveLogSoftmaxWithLoss(4, 10, cutoffs); };
    CHECK_THROWS_AS(make(), xgrad::ValueError);
  }
}

TEST_CASE("adaptive softmax refuses targets that are no classes, and sizes that differ") {
  auto adaptive = layer();
  const auto text = [&](const Tensor& x, const Tensor& t) { return message_of([&] { adaptive(x, t); }); };
  CHECK(text(rows(), xgrad::tensor({0, 1, 2, 3, 10}, xgrad::kInt64)) ==
        "AdaptiveLogSoftmaxWithLoss: target values should be in [0, 9], but values in range [0, 10] were "
        "found");
  for (const Tensor& t : {classes().slice(0, 0, 3), classes().unsqueeze(0), classes()[0]})
    CHECK(text(rows(), t).find("input must be [N, 4] and target [N]") != std::string::npos);
  CHECK(text(xgrad::ones({5, 3}), classes()).find("input is [5, 3]") != std::string::npos);
}
