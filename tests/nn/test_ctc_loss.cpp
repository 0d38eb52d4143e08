// CTC against the sum over all alignments, and losses whose values no other loss or recorded case states.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "values.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;
using xgrad::autograd::variable_list;

namespace {

Tensor scores(xgrad::IntArrayRef sizes) {
  xgrad::manual_seed(3);
  return xgrad::randn(sizes, xgrad::kFloat64).set_requires_grad(true);
}

// What a path says: repeats are one, blanks (0) nothing.
std::vector<int64_t> said(const std::vector<int64_t>& path) {
  std::vector<int64_t> word;
  int64_t before = 0;
  for (const int64_t c : path) {
    if (c != 0 && c != before) word.push_back(c);
    before = c;
  }
  return word;
}

// -log of the probability that a sample [T, C] says `word`.
double by_hand(const Tensor& log_probs, const std::vector<int64_t>& word) {
  const int64_t steps = log_probs.size(0), classes = log_probs.size(1);
  double sum = 0;
  for (int64_t number = 0; number < static_cast<int64_t>(std::pow(classes, steps)); ++number) {
    std::vector<int64_t> path;
    double log_probability = 0;
    for (int64_t t = 0, rest = number; t < steps; ++t, rest /= classes) {
      path.push_back(rest % classes);
      log_probability += log_probs[t][rest % classes].item<double>();
    }
    if (said(path) == word) sum += std::exp(log_probability);
  }
  return -std::log(sum);
}

Tensor longs(const std::vector<int64_t>& values) { return xgrad::tensor(values, xgrad::kLong); }

}  // namespace

TEST_CASE("CTC sums the probabilities of all alignments, of each sample by its lengths") {
  const Tensor log_probs = scores({5, 3, 3}).detach().log_softmax(2);
  const auto options = F::CTCLossFuncOptions().reduction(xgrad::kNone);
  const Tensor loss = F::ctc_loss(log_probs, longs({1, 2, 2, 2, 1, 0}).view({3, 2}), longs({5, 4, 3}),
                                  longs({2, 2, 1}), options);
  CHECK(is_close(
      loss,
      {by_hand(log_probs.select(1, 0), {1, 2}), by_hand(log_probs.select(1, 1).slice(0, 0, 4), {2, 2}),
       by_hand(log_probs.select(1, 2).slice(0, 0, 3), {1})},
      1e-12));
  const Tensor joined =
      F::ctc_loss(log_probs, longs({1, 2, 2, 2, 1}), longs({5, 4, 3}), longs({2, 2, 1}), options);
  CHECK(is_close(joined, {loss[0].item<double>(), loss[1].item<double>(), loss[2].item<double>()}, 1e-15));
  const Tensor mean = F::ctc_loss(log_probs, longs({1, 2, 2, 2, 1}), longs({5, 4, 3}), longs({2, 2, 1}));
  CHECK(mean.item<double>() == doctest::Approx((loss / longs({2, 2, 1})).mean().item<double>()));
}

TEST_CASE("CTC's gradient is right for what goes through a log_softmax") {
  const auto loss = [](const variable_list& v) {
    return variable_list{
        F::ctc_loss(v[0].log_softmax(2), longs({1, 2, 1, 1}).view({2, 2}), longs({4, 4}), longs({2, 2}))};
  };
  CHECK(xgrad::autograd::gradcheck(loss, {scores({4, 2, 3})}));
}

TEST_CASE("a target that is too long costs infinity, or nothing on demand") {
  const Tensor x = scores({2, 1, 3}), log_probs = x.log_softmax(2);
  const Tensor target = longs({1, 1}).view({1, 2});  // needs a blank between
  CHECK(std::isinf(F::ctc_loss(log_probs, target, longs({2}), longs({2})).item<double>()));
  const Tensor loss =
      F::ctc_loss(log_probs, target, longs({2}), longs({2}), F::CTCLossFuncOptions().zero_infinity(true));
  CHECK(loss.item<double>() == 0);
  loss.backward();
  CHECK(x.grad().eq(0).all().item<bool>());
  CHECK(F::ctc_loss(log_probs, longs({}).view({1, 0}), longs({2}), longs({0})).item<double>() ==
        doctest::Approx(-log_probs.select(2, 0).sum().item<double>()));
}

TEST_CASE("CTC refuses lengths, targets and blanks that do not fit") {
  const Tensor log_probs = scores({4, 2, 3}).log_softmax(2), target = longs({1, 2, 1, 1}).view({2, 2});
  const auto refused = [&](const char* text, const Tensor& t, const Tensor& in, const Tensor& out,
                           int64_t blank = 0) {
    const std::string message =
        message_of([&] { F::ctc_loss(log_probs, t, in, out, F::CTCLossFuncOptions().blank(blank)); });
    return message.find(text) != std::string::npos;
  };
  CHECK(refused("Expected input_lengths to be between 0 and 4, but got 5", target, longs({4, 5}),
                longs({2, 2})));
  CHECK(refused("Expected target_lengths to be between 0 and 2, but got 3", target, longs({4, 4}),
                longs({2, 3})));
  CHECK(refused("Target 3 is out of bounds", target + 2, longs({4, 4}), longs({2, 2})));
  CHECK(refused("blank must be in label range: it is 3", target, longs({4, 4}), longs({2, 2}), 3));
  CHECK(refused("it has 1, the batch 2", target, longs({4}), longs({2, 2})));
  CHECK(refused("targets has 3 classes, the target_lengths together are 4", longs({1, 2, 1}), longs({4, 4}),
                longs({2, 2})));
}

TEST_CASE("the triplet loss takes any distance, without one the Euclidean") {
  const Tensor a = scores({3, 4}), p = scores({3, 4}) * 0.5, n = scores({3, 4}).flip({0});
  CHECK(xgrad::allclose(F::triplet_margin_with_distance_loss(a, p, n), F::triplet_margin_loss(a, p, n)));
  auto options = F::TripletMarginWithDistanceLossFuncOptions().margin(.5).swap(true);
  options.distance_function([](const Tensor& x, const Tensor& y) { return (x - y).abs().sum({-1}); });
  const Tensor loss = nn::TripletMarginWithDistanceLoss(options)(a, p, n);
  CHECK(xgrad::allclose(
      loss,
      F::triplet_margin_loss(a, p, n, F::TripletMarginLossFuncOptions().margin(.5).p(1).eps(0).swap(true))));
}

TEST_CASE("the weights of a loss are buffers and count") {
  const Tensor weight = xgrad::tensor({1., 2., 4.}, xgrad::kFloat64), x = scores({2, 3});
  nn::MultiMarginLoss loss(nn::MultiMarginLossOptions().weight(weight));
  CHECK(loss->state_dict().contains("weight"));
  const Tensor plain = F::multi_margin_loss(x, longs({2, 2}));
  CHECK(xgrad::allclose(loss(x, longs({2, 2})), 4 * plain));
  nn::MultiLabelSoftMarginLoss soft{nn::MultiLabelSoftMarginLossOptions(weight)};
  CHECK(xgrad::allclose(soft(x, xgrad::ones({2, 3}, xgrad::kFloat64)),
                        -(x.detach().sigmoid().log() * weight).mean()));
}

TEST_CASE("losses over classes refuse targets out of range") {
  const Tensor x = scores({2, 3});
  CHECK(message_of([&] {
          F::multi_margin_loss(x, longs({0, 3}));
        }) == "multi_margin_loss: Target 3 is out of bounds: there are 3 classes (0 to 2)");
  CHECK(message_of([&] { F::multi_margin_loss(x, longs({-1, 0})); }).find("Target -1") != std::string::npos);
  CHECK(message_of([&] {
          F::multilabel_margin_loss(x, longs({0, -1, -1}));
        }).find("input is [2, 3], target is [3]") != std::string::npos);
  CHECK(message_of([&] {
          F::multi_margin_loss(x, longs({0, 1}), F::MultiMarginLossFuncOptions().p(3));
        }).find("only p == 1 and p == 2 supported") != std::string::npos);
  // Without reduction the losses have the shape of the targets.
  const auto each = F::MultiMarginLossFuncOptions().reduction(xgrad::kNone);
  CHECK(F::multi_margin_loss(scores({3}), longs({1}), each).sizes() == xgrad::IntArrayRef{1});
  CHECK(F::multi_margin_loss(scores({3}), longs({1})[0], each).dim() == 0);
}

TEST_CASE("losses with margins have the derivatives of their formulas") {
  const Tensor a = scores({3, 4}), b = (scores({3, 4}) * 0.7 + 0.1).detach().set_requires_grad(true);
  const Tensor ones = xgrad::tensor({1., -1., 1.}, xgrad::kFloat64),
               labels = longs({2, 0, -1, 0, 1, -1, 0, 0, 3, 2, 1, 0});
  const auto check = [](const auto& loss, const variable_list& inputs) {
    const auto function = [&](const variable_list& v) { return variable_list{loss(v)}; };
    CHECK(xgrad::autograd::gradcheck(function, inputs));
    CHECK(xgrad::autograd::gradgradcheck(function, inputs));
  };
  check([&](const variable_list& v) { return F::cosine_embedding_loss(v[0], v[1], ones); }, {a, b});
  check([](const variable_list& v) { return F::triplet_margin_loss(v[0], v[1], v[0].flip({0})); }, {a, b});
  check([&](const variable_list& v) { return F::multilabel_margin_loss(v[0], labels.view({3, 4})); }, {a});
  check(
      [](const variable_list& v) {
        return F::multi_margin_loss(v[0], longs({0, 3, 1}), F::MultiMarginLossFuncOptions().p(2));
      },
      {a});
  check([](const variable_list& v) { return F::soft_margin_loss(v[0], v[1]); }, {a, b});
  check([](const variable_list& v) { return F::gaussian_nll_loss(v[0], v[1], v[1].square() + 0.1); }, {a, b});
}

TEST_CASE("a variance may lack the last dimension, and must not be negative") {
  const Tensor x = scores({2, 3}), y = scores({2, 3}) * 0.3, var = xgrad::tensor({1., 2.}, xgrad::kFloat64);
  CHECK(xgrad::allclose(F::gaussian_nll_loss(x, y, var),
                        F::gaussian_nll_loss(x, y, var.unsqueeze(1).expand({2, 3}))));
  CHECK(message_of([&] { F::gaussian_nll_loss(x, y, -var); }).find("var has negative entry") !=
        std::string::npos);
  CHECK(message_of([&] {
          F::gaussian_nll_loss(x, y, scores({3, 3}));
        }).find("var is of incorrect size") != std::string::npos);
}

TEST_CASE("shapes that do not broadcast are refused in the name of the loss") {
  const Tensor a = scores({2, 3}), b = scores({2, 4}), ones = xgrad::ones({2});
  CHECK(message_of([&] { F::cosine_embedding_loss(a, b, ones); }).find("cosine_embedding_loss: shapes") == 0);
  CHECK(message_of([&] {
          F::cosine_embedding_loss(a, a, xgrad::ones({3}));
        }).find("cosine_embedding_loss: shapes") == 0);
  CHECK(message_of([&] { F::triplet_margin_loss(a, a, b); }).find("triplet_margin_loss: shapes") == 0);
  CHECK_THROWS_AS(F::triplet_margin_loss(a, a, a, F::TripletMarginLossFuncOptions().margin(0)),
                  xgrad::ValueError);
  CHECK_THROWS_AS(
      nn::TripletMarginWithDistanceLoss(nn::TripletMarginWithDistanceLossOptions().margin(-1))(a, a, a),
      xgrad::ValueError);
  CHECK(message_of([&] { F::soft_margin_loss(a, b); }).find("soft_margin_loss: shapes") == 0);
  CHECK(message_of([&] { F::kl_div(a, b); }).find("kl_div: shapes") == 0);
}
