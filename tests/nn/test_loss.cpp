// Losses against values recorded from PyTorch 1.13, closed forms and finite differences.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;
using xgrad::autograd::variable_list;

namespace {

Tensor input() { return xgrad::tensor({{0.5, -1.0, 2.0}, {1.5, 0.25, -0.75}}, xgrad::requires_grad()); }
Tensor target() { return xgrad::tensor({{0., 1., 1.}, {1., 0., 1.}}); }
Tensor double_input() { return input().detach().to(xgrad::kFloat64).set_requires_grad(true); }

void check(const Tensor& x, const Tensor& loss, double value, const std::vector<double>& gradient) {
  CHECK(loss.item<double>() == doctest::Approx(value).epsilon(1e-6));
  loss.backward();
  CHECK(is_close(x.grad(), gradient, 2e-6));
}

template <class Loss>
void check_derivatives(Loss loss, const variable_list& inputs) {
  const auto function = [&](const variable_list& v) { return variable_list{loss(v)}; };
  CHECK(xgrad::autograd::gradcheck(function, inputs));
  CHECK(xgrad::autograd::gradgradcheck(function, inputs));
}

}  // namespace

TEST_CASE("mse, l1 and smooth l1 give the recorded values") {
  auto x = input();
  check(x, F::mse_loss(x, target()), 1.4375,
        {0.1666666716337204, -0.6666666865348816, 0.3333333432674408, 0.1666666716337204, 0.0833333358168602,
         -0.5833333730697632});
  x = input();
  check(x, F::l1_loss(x, target()), 1.0, {1. / 6, -1. / 6, 1. / 6, 1. / 6, 1. / 6, -1. / 6});
  x = input();
  check(x, F::smooth_l1_loss(x, target(), {}, 0.7), 0.6836309432983398,
        {0.1190476194024086, -0.1666666716337204, 0.1666666716337204, 0.1190476194024086, 0.0595238097012043,
         -0.1666666716337204});
}

TEST_CASE("binary cross entropies give the recorded values") {
  auto x = input();
  check(x, F::binary_cross_entropy(xgrad::sigmoid(x), target()), 0.7630817294120789,
        {0.10374322533607483, -0.12184309214353561, -0.01986716128885746, -0.030404260382056236,
         0.09369608759880066, -0.11319645494222641});
  x = input();
  const auto options = F::BinaryCrossEntropyWithLogitsFuncOptions()
                           .pos_weight(xgrad::tensor({1., 2., .5}))
                           .weight(xgrad::tensor({.5, 1., 2.}));
  check(x, F::binary_cross_entropy_with_logits(x, target(), options), 0.8840010762214661,
        {0.051871612668037415, -0.24368619918823242, -0.01986716128885746, -0.015202130191028118,
         0.09369608759880066, -0.11319645494222641});
}

TEST_CASE("a word stands for the options of a loss") {
  const auto x = xgrad::tensor({1., 2.}), y = xgrad::tensor({0., 4.});
  CHECK(is_close(F::mse_loss(x, y, xgrad::kNone), {1, 4}));
  CHECK(is_close(F::l1_loss(x, y, xgrad::kSum), {3}));
  CHECK(is_close(nn::SmoothL1Loss(nn::SmoothL1LossOptions(xgrad::kMean).beta(1))->forward(x, y), {1}));
}

TEST_CASE("a cloned loss has a weight of its own") {
  const auto classes = xgrad::tensor({2, 0});
  const Tensor weight = xgrad::ones({3});
  nn::CrossEntropyLoss loss(nn::CrossEntropyLossOptions().weight(weight));
  const auto copy = std::dynamic_pointer_cast<nn::CrossEntropyLossImpl>(loss->clone());
  loss->to(xgrad::kFloat64);
  copy->weight.fill_(5);
  CHECK(weight.dtype() == xgrad::kFloat32);
  CHECK(is_close(weight, {1, 1, 1}));
  CHECK(is_close(loss->weight, {1, 1, 1}));
  CHECK(loss->forward(double_input(), classes).dtype() == xgrad::kFloat64);
}

TEST_CASE("cross entropy gives the recorded values for classes, weights, smoothing and probabilities") {
  const auto classes = xgrad::tensor({2, 0});
  const auto weight = xgrad::tensor({.2, .3, .5});
  auto x = input();
  check(x, F::cross_entropy(x, classes), 0.28599196672439575,
        {0.08764519542455673, 0.019556285813450813, -0.107201486825943, -0.14077982306480408,
         0.10291829705238342, 0.03786152973771095});
  x = input();
  check(x, F::cross_entropy(x, classes, F::CrossEntropyFuncOptions().weight(weight).label_smoothing(.1)),
        0.3959675431251526,
        {0.11151003837585449, 0.012720584869384766, -0.12423060834407806, -0.047713421285152435,
         0.0484454371035099, -0.0007320214062929153});
  x = input();
  check(x, F::cross_entropy(x, target().softmax(1), F::CrossEntropyFuncOptions().weight(weight)),
        0.5811291933059692,
        {0.016798485070466995, -0.056132972240448, 0.039334483444690704, 0.0807047188282013,
         0.01191756222397089, -0.09262228012084961});
  x = input();
  check(x,
        F::cross_entropy(x, xgrad::tensor({-100, 1}),
                         F::CrossEntropyFuncOptions().weight(weight).label_smoothing(.2)),
        1.6713542938232422, {0, 0, 0, 0.689961314201355, -0.6562559008598328, -0.03370531275868416});
}

TEST_CASE("derivatives of the elementwise losses, first and second") {
  const auto t = target().to(xgrad::kFloat64);
  const auto tg = (t * 0.8 + 0.1).set_requires_grad(true);
  const auto x = double_input();
  const auto p = xgrad::sigmoid(double_input()).detach().set_requires_grad(true);
  const auto w = xgrad::tensor({1., 2., .5}, xgrad::dtype(xgrad::kFloat64).requires_grad(true));
  for (const int64_t reduction : {xgrad::Reduction::None, xgrad::Reduction::Mean, xgrad::Reduction::Sum}) {
    check_derivatives([&](const variable_list& v) { return xgrad::mse_loss(v[0], v[1], reduction); },
                      {x, tg});
    check_derivatives([&](const variable_list& v) { return xgrad::l1_loss(v[0], v[1], reduction); }, {x, tg});
    check_derivatives(
        [&](const variable_list& v) { return xgrad::smooth_l1_loss(v[0], v[1], reduction, 0.7); }, {x, tg});
    check_derivatives(
        [&](const variable_list& v) { return xgrad::binary_cross_entropy(v[0], v[1], {}, reduction); },
        {p, tg});
    check_derivatives(
        [&](const variable_list& v) {
          return xgrad::binary_cross_entropy_with_logits(v[0], v[1], {}, {}, reduction);
        },
        {x, tg});
    check_derivatives(
        [&](const variable_list& v) {
          return xgrad::binary_cross_entropy_with_logits(v[0], v[1], {}, v[2], reduction);
        },
        {x, tg, w});
  }
}

TEST_CASE("derivatives of the losses over classes, first and second, in any number of dimensions") {
  xgrad::manual_seed(1);
  const auto weight = xgrad::tensor({.2, .3, .5}, xgrad::kFloat64);
  const auto x = xgrad::randn({2, 3, 2}, xgrad::dtype(xgrad::kFloat64).requires_grad(true));
  const auto classes = xgrad::tensor({{0, 2}, {-100, 1}});
  for (const int64_t reduction : {xgrad::Reduction::None, xgrad::Reduction::Mean, xgrad::Reduction::Sum}) {
    check_derivatives([&](const variable_list& v) { return xgrad::nll_loss(v[0], classes, {}, reduction); },
                      {x});
    check_derivatives(
        [&](const variable_list& v) { return xgrad::nll_loss(v[0], classes, weight, reduction); }, {x});
    check_derivatives(
        [&](const variable_list& v) {
          return xgrad::cross_entropy_loss(v[0], classes, weight, reduction, -100, 0.1);
        },
        {x});
  }
}

TEST_CASE("mse broadcasts and promotes, and its gradient comes back in the shape of the argument") {
  const auto before = xgrad::set_warning_handler([](const std::string&) {});
  auto row = xgrad::ones({3}, xgrad::requires_grad());
  const auto loss = xgrad::mse_loss(row, xgrad::zeros({2, 3}, xgrad::kFloat64), xgrad::Reduction::Sum);
  CHECK(loss.dtype() == xgrad::kFloat64);
  loss.backward();
  CHECK(is_close(row.grad(), {4, 4, 4}));
  CHECK(row.grad().dtype() == xgrad::kFloat32);
  xgrad::set_warning_handler(before);
}

TEST_CASE("input and target of unequal shapes are warned of, once per loss, and their numbers are as ever") {
  std::vector<std::string> warnings;
  const auto before = xgrad::set_warning_handler([&](const std::string& text) { warnings.push_back(text); });
  const auto column = xgrad::zeros({3, 1}), row = xgrad::tensor({1., 2., 3.});
  for (int step = 0; step < 2; ++step) {
    CHECK(xgrad::mse_loss(column, row).item<float>() == doctest::Approx(14. / 3));
    CHECK(xgrad::l1_loss(column, row).item<float>() == 2);
    CHECK(xgrad::smooth_l1_loss(column, row, xgrad::Reduction::Mean, 0).item<float>() == 2);
    CHECK(xgrad::mse_loss(row, row).item<float>() == 0);
    CHECK_THROWS_AS(xgrad::mse_loss(row, xgrad::ones({4})), xgrad::Error);
  }
  CHECK(warnings == std::vector<std::string>{
                        "mse_loss: input and target should have the same shape, but are broadcast to [3, 3]: "
                        "input is [3, 1], target is [3]; use view_as",
                        "l1_loss: input and target should have the same shape, but are broadcast to [3, 3]: "
                        "input is [3, 1], target is [3]; use view_as",
                        "smooth_l1_loss: input and target should have the same shape, but are broadcast to "
                        "[3, 3]: input is [3, 1], target is [3]; use view_as"});
  xgrad::set_warning_handler([](const std::string& text) { throw xgrad::ValueError(text); });
  CHECK(message_of([&] { xgrad::mse_loss(row, xgrad::zeros({})); }) ==
        "mse_loss: input and target should have the same shape, but are broadcast to [3]: input is [3], "
        "target is []; use expand_as where that is meant");
  xgrad::set_warning_handler(before);
}

TEST_CASE("certain and wrong probabilities cost 100 and have a finite gradient") {
  auto p = xgrad::tensor({0., 1.}, xgrad::requires_grad());
  const auto loss = xgrad::binary_cross_entropy(p, xgrad::tensor({1., 1.}), {}, xgrad::Reduction::None);
  CHECK(is_close(loss, {100, 0}));
  loss.sum().backward();
  CHECK(is_close(p.grad(), {-1e12, 0}));
}

TEST_CASE("large logits stay exact") {
  const auto x = xgrad::tensor({1000., -1000.});
  CHECK(is_close(
      xgrad::binary_cross_entropy_with_logits(x, xgrad::tensor({0., 0.}), {}, {}, xgrad::Reduction::None),
      {1000, 0}));
}

TEST_CASE("logits far out keep the digits of a target close to their side") {
  // log(1 + e^-x) is 0 at 1e5: the loss is (1 - target) x there, and -target x at -1e5.
  const double inf = std::numeric_limits<double>::infinity(), near = 1 - 0x1p-20;
  const auto x = xgrad::tensor({1e5, -1e5, inf}), t = xgrad::tensor({near, 0x1p-20, 0.}),
             once = xgrad::ones({3}), twice = once * 2;
  const auto loss = [&](const xgrad::Tensor& weight) {
    return xgrad::binary_cross_entropy_with_logits(x, t, {}, weight, xgrad::Reduction::None);
  };
  CHECK(loss({}).equal(xgrad::tensor({1e5 * 0x1p-20, 1e5 * 0x1p-20, inf}).to(xgrad::kFloat)));
  CHECK(loss(once).equal(loss({})));
  CHECK(loss(twice).equal(xgrad::tensor({1e5 * 0x1p-20, 2e5 * 0x1p-20, inf}).to(xgrad::kFloat)));
  x.requires_grad_();
  const auto gradient = xgrad::autograd::grad({loss(twice).sum()}, {x})[0];
  CHECK(gradient.equal(xgrad::tensor({0x1p-20, -0x1p-19, 1.})));
}

TEST_CASE("the modules call the functionals with their options") {
  const auto x = input(), t = target();
  CHECK(xgrad::equal(nn::MSELoss(nn::MSELossOptions(xgrad::kSum))(x, t),
                     xgrad::mse_loss(x, t, xgrad::Reduction::Sum)));
  CHECK(nn::L1Loss(nn::L1LossOptions().reduction(xgrad::kNone))(x, t).dim() == 2);
  nn::CrossEntropyLoss loss(
      nn::CrossEntropyLossOptions().weight(xgrad::tensor({.2, .3, .5})).label_smoothing(.1));
  CHECK(loss(x, xgrad::tensor({2, 0})).item<float>() == doctest::Approx(0.3959675431251526).epsilon(1e-6));
  CHECK(loss->state_dict().keys() == std::vector<std::string>{"weight"});
  CHECK(nn::BCEWithLogitsLoss()(x, t).defined());
  CHECK(nn::BCELoss()(xgrad::sigmoid(x), t).defined());
  CHECK(nn::NLLLoss()(x, xgrad::tensor({2, 0})).item<float>() == -1.75f);
  CHECK(nn::SmoothL1Loss()(x, t).defined());
}

TEST_CASE("the loss is one node with the name of the loss") {
  CHECK(xgrad::mse_loss(input(), target()).grad_fn()->name() == "MseLossBackward");
  CHECK(xgrad::cross_entropy_loss(input(), xgrad::tensor({2, 0})).grad_fn()->name() == "NllLossBackward");
}

TEST_CASE("arguments that do not fit are refused in words") {
  const auto x = input();
  CHECK(message_of([&] { xgrad::binary_cross_entropy_with_logits(x, xgrad::ones({6})); }) ==
        "binary_cross_entropy_with_logits: input and target must have the same shape: input is [2, 3], "
        "target is [6]; use view_as");
  CHECK(message_of([&] { xgrad::binary_cross_entropy(x, target()); }).find("should be between 0 and 1") !=
        std::string::npos);
  const auto half = xgrad::full({2}, .5);
  for (const double wrong : {-.1, 1.5, std::numeric_limits<double>::quiet_NaN()})
    CHECK(message_of([&] {
            xgrad::binary_cross_entropy(half, xgrad::tensor({1., wrong}, half.options()));
          }).find("all elements of target should be between 0 and 1") != std::string::npos);
  CHECK(
      message_of([&] { xgrad::binary_cross_entropy(half, xgrad::ones({2}, xgrad::kDouble)); }) ==
      "binary_cross_entropy: target must have input's dtype: input is float32, target is float64; convert it "
      "with to(float32)");
  CHECK_THROWS_AS(F::cosine_similarity(half, half, F::CosineSimilarityFuncOptions().dim(0).eps(-1)),
                  xgrad::ValueError);
  CHECK(message_of([&] {
          xgrad::cross_entropy_loss(x, xgrad::tensor({0, 3}));
        }) == "cross_entropy: Target 3 is out of bounds: there are 3 classes (0 to 2)");
  CHECK(message_of([&] {
          xgrad::cross_entropy_loss(x, xgrad::tensor({0, 1, 2}));
        }) ==
        "cross_entropy: target must have the shape of input without the classes: input is [2, 3], target is "
        "[3] (expected [2])");
  CHECK_THROWS_AS(xgrad::cross_entropy_loss(x, xgrad::tensor({0., 1.})), xgrad::TypeError);
  CHECK_THROWS_AS(F::cross_entropy(x, xgrad::ones_like(x), F::CrossEntropyFuncOptions().ignore_index(0)),
                  xgrad::ValueError);
  CHECK_THROWS_AS(xgrad::mse_loss(x, xgrad::ones({4})), xgrad::Error);
  CHECK_THROWS_AS(xgrad::mse_loss(x, target(), 5), xgrad::ValueError);
}

TEST_CASE("classes that have changed since forward are looked at again where they are used") {
  for (const bool weighted : {false, true}) {
    const Tensor x = xgrad::ones({2, 3}).requires_grad_(), target = xgrad::tensor({0, 2});
    const Tensor loss = xgrad::nll_loss(x, target, weighted ? xgrad::ones({3}) : Tensor());
    target.data_ptr<int64_t>()[1] = 1000000;  // no version counts this
    CHECK_THROWS_AS(loss.backward({}, true), xgrad::IndexError);
    CHECK_FALSE(x.grad().defined());
  }
  const Tensor x = xgrad::ones({2, 3}).requires_grad_();
  const Tensor kept = xgrad::zeros({1, 3}, xgrad::kLong), z = x.gather(0, kept);
  kept.data_ptr<int64_t>()[0] = -5;
  CHECK_THROWS_AS(z.sum().backward(), xgrad::IndexError);
}

TEST_CASE("l1_loss of integers is an integer, and has no mean") {
  const Tensor a = xgrad::tensor({1, 5}, xgrad::kLong), b = xgrad::tensor({4, 3}, xgrad::kLong);
  CHECK(xgrad::l1_loss(a, b, xgrad::Reduction::None).equal(xgrad::tensor({3, 2}, xgrad::kLong)));
  CHECK(xgrad::l1_loss(a, b, xgrad::Reduction::Sum).equal(xgrad::tensor(5, xgrad::kLong)));
  CHECK_THROWS_AS(xgrad::l1_loss(a, b), xgrad::Error);
}

TEST_CASE("losses of mixed dtypes have the dtype that PyTorch gives them") {
  const Tensor narrow = xgrad::ones({2}), wide = xgrad::zeros({2}, xgrad::kDouble);
  CHECK_EQ(xgrad::binary_cross_entropy_with_logits(narrow, wide).dtype(), xgrad::kDouble);
  CHECK_EQ(xgrad::binary_cross_entropy_with_logits(wide, narrow).dtype(), xgrad::kFloat);
  CHECK_EQ(xgrad::binary_cross_entropy_with_logits(narrow, narrow, {}, wide).dtype(), xgrad::kFloat);
  CHECK_EQ(F::soft_margin_loss(narrow, wide).dtype(), xgrad::kFloat);
  CHECK_EQ(xgrad::huber_loss(narrow, wide).dtype(), xgrad::kFloat);
  CHECK_THROWS_AS(xgrad::huber_loss(xgrad::ones({2}, xgrad::kLong), wide), xgrad::TypeError);
  CHECK_THROWS_AS(F::soft_margin_loss(xgrad::ones({2}, xgrad::kLong), wide), xgrad::TypeError);
}

TEST_CASE("nll_loss has the same bits for any number of threads") {
  xgrad::manual_seed(0);
  const Tensor x = xgrad::randn({20000, 3}, xgrad::requires_grad()), weight = xgrad::rand({3});
  const Tensor target = xgrad::randint(0, 3, {20000}, xgrad::kLong);
  const int before = xgrad::get_num_threads();
  std::vector<Tensor> losses, gradients;
  for (const int threads : {1, 2, 3}) {
    xgrad::set_num_threads(threads);
    losses.push_back(xgrad::nll_loss(x, target, weight));
    gradients.push_back(xgrad::autograd::grad({losses.back()}, {x})[0]);
  }
  xgrad::set_num_threads(before);
  for (const std::size_t i : {1, 2}) {
    CHECK(losses[i].equal(losses[0]));
    CHECK(gradients[i].equal(gradients[0]));
  }
  const Tensor picked = x.detach().gather(1, target.unsqueeze(1)).squeeze(1),
               w = weight.index_select(0, target);
  CHECK(losses[0].item<double>() ==
        doctest::Approx((-picked * w).sum().item<double>() / w.sum().item<double>()));
}
