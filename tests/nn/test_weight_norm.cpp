// weight_norm and spectral_norm against values recorded from PyTorch 2.15, and what they do to a module.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
namespace utils = xgrad::nn::utils;
using xgrad::Tensor;
using Names = std::vector<std::string>;

namespace {

Tensor counted(xgrad::IntArrayRef sizes, double divisor) {
  int64_t n = 1;
  for (const int64_t size : sizes) n *= size;
  return (xgrad::arange(n, xgrad::kFloat32) / divisor).view(sizes);
}

}  // namespace

TEST_CASE("weight_norm takes the weight apart into length and direction") {
  xgrad::manual_seed(0);
  auto fc = utils::weight_norm(nn::Linear(3, 2));
  CHECK(fc->named_parameters().keys() == Names{"bias", "weight_g", "weight_v"});
  const Tensor y = fc(counted({2, 3}, 4));
  CHECK(is_close(y, {-0.1716029, 0.4795931, -0.2989469, 0.1102609}));
  y.pow(2).sum().backward();
  const auto p = fc->named_parameters();
  CHECK(is_close(p["weight_g"], {0.5672246, 0.5039373}));
  CHECK(is_close(p["weight_g"].grad(), {0.3999619, -0.110543}));
  CHECK(
      is_close(p["weight_v"].grad(), {-0.4453726, -0.9020825, -0.5839071, 0.07218701, 0.4115398, 0.7892066}));
  utils::remove_weight_norm(fc);
  CHECK(fc->state_dict().keys() == Names{"bias", "weight"});
  CHECK(is_close(fc->weight, {-0.004322518, 0.3097159, -0.4751854, -0.4248946, -0.222369, 0.1548207}));
  CHECK(fc->weight.is_leaf());
  CHECK(fc->weight.requires_grad());
  CHECK(fc->parameters()[1].is_same(fc->weight));
}

TEST_CASE("weight_norm takes any dimension, or all, and any parameter") {
  xgrad::manual_seed(0);
  auto conv = utils::weight_norm(nn::Conv2d(2, 3, 2), "weight", 1);
  CHECK(conv->named_parameters()["weight_g"].sizes() == xgrad::IntArrayRef({1, 2, 1, 1}));
  CHECK(is_close(conv(counted({1, 2, 3, 3}, 9)),
                 {0.116197, 0.1015068, 0.07212674, 0.05743663, -0.7920393, -0.8830094, -1.06495, -1.15592,
                  0.9351455, 0.9987093, 1.125837, 1.189401}));

  xgrad::manual_seed(0);
  auto fc = utils::weight_norm(nn::Linear(3, 2), "weight", -1);  // all, as in Python
  const Tensor norm = fc->named_parameters()["weight_g"];
  CHECK(norm.dim() == 0);
  CHECK(is_close(norm, {0.7587}, 1e-4));

  xgrad::manual_seed(0);
  nn::LSTM lstm(2, 2);
  utils::weight_norm(*lstm, "weight_hh_l0", xgrad::nullopt);
  CHECK(lstm->state_dict().keys() ==
        Names{"weight_ih_l0", "bias_ih_l0", "bias_hh_l0", "weight_hh_l0_g", "weight_hh_l0_v"});
  const Tensor y = std::get<0>(lstm(counted({3, 1, 2}, 5)));
  CHECK(is_close(y, {-0.1890156, 0.04504407, -0.2245792, 0.0002619296, -0.2008577, -0.02315791}));
  y.sum().backward();
  CHECK(is_close(lstm->named_parameters()["weight_hh_l0_g"].grad(), {-0.02918994}));
}

TEST_CASE("spectral_norm divides by an estimate that training improves, also over two forwards") {
  xgrad::manual_seed(0);
  auto fc = utils::spectral_norm(nn::Linear(3, 2));
  CHECK(fc->state_dict().keys() == Names{"bias", "weight_orig", "weight_u", "weight_v"});
  CHECK(is_close(fc->weight, {-0.004322518, 0.3097158, -0.4751853, -0.4248946, -0.222369, 0.1548207}));
  const Tensor u = fc->named_buffers()["weight_u"], v = fc->named_buffers()["weight_v"];
  CHECK(is_close(u, {-0.6127873, -0.7902479}));
  CHECK(is_close(v, {0.3430648, 0.7127795, -0.6117613}));
  const Tensor x = counted({2, 3}, 4);
  const Tensor first = fc(x), difference = first - fc(x * 2);
  CHECK(is_close(difference, {0.421962, -0.05748129, 0.7574582, 0.9155484}));
  difference.pow(2).sum().backward();
  CHECK(is_close(fc->named_parameters()["weight_orig"].grad(),
                 {1.04781, -4.565587, -4.312667, 2.922161, -4.801223, -2.950408}, 1e-5));
  CHECK(is_close(u, {-0.5634073, -0.8261793}));
  fc->eval();
  CHECK(is_close(fc(x), {-0.4339936, 0.5153369, -0.769961, -0.4590594}));
  CHECK(is_close(u, {-0.5634073, -0.8261793}));
  utils::remove_spectral_norm(fc);
  CHECK(fc->state_dict().keys() == Names{"bias", "weight"});
  CHECK(is_close(fc->weight, {-0.01140395, 0.8171127, -1.253665, -1.120985, -0.5866685, 0.4084583}));
}

TEST_CASE("the rows of a transposed convolution are its second dimension") {
  xgrad::manual_seed(0);
  auto conv = utils::spectral_norm(nn::ConvTranspose2d(2, 3, 2), "weight", 3);
  CHECK(conv->named_buffers()["weight_u"].sizes() == xgrad::IntArrayRef({3}));
  const Tensor y = conv(counted({1, 2, 2, 2}, 9));
  CHECK(is_close(y.flatten().slice(0, 0, 6),
                 {-0.2686648, -0.4786259, -0.2078367, -0.4764518, -0.7642348, -0.2544795}));
}

TEST_CASE("a normed module is trained, copied and loaded like any other") {
  xgrad::manual_seed(0);
  nn::Sequential net(utils::weight_norm(nn::Linear(2, 4)), nn::Tanh(),
                     utils::spectral_norm(nn::Linear(4, 1)));
  xgrad::optim::SGD sgd(net->parameters(), xgrad::optim::SGDOptions(0.1));
  const Tensor x = xgrad::randn({8, 2});
  double first = 0, last = 0;
  for (int step = 0; step < 20; ++step) {
    sgd.zero_grad();
    const Tensor loss = (net(x).squeeze(1) - x.sum(1)).pow(2).mean();
    loss.backward();
    sgd.step();
    (step == 0 ? first : last) = loss.item<double>();
  }
  CHECK(last < first / 2);
  net->eval();
  const Tensor y = net(x);
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  CHECK(copy->state_dict().keys() == net->state_dict().keys());
  CHECK(xgrad::equal(nn::call(*copy, x), y));
  copy->parameters()[1].detach().zero_();
  CHECK(xgrad::equal(net(x), y));
  CHECK_FALSE(xgrad::equal(nn::call(*copy, x), y));
  copy->load_state_dict(net->state_dict());
  CHECK(xgrad::equal(nn::call(*copy, x), y));
}

TEST_CASE("what cannot be normed is refused, and nothing is changed") {
  nn::Linear fc(2, 3);
  CHECK_THROWS_AS(utils::weight_norm(*fc, "wait"), xgrad::ValueError);
  CHECK_THROWS_AS(utils::weight_norm(*fc, "weight", 2), xgrad::IndexError);
  CHECK_THROWS_AS(utils::spectral_norm(*fc, "weight", 0), xgrad::ValueError);
  CHECK_THROWS_AS(utils::remove_weight_norm(*fc), xgrad::ValueError);
  CHECK(fc->state_dict().keys() == Names{"weight", "bias"});
  utils::weight_norm(fc);
  CHECK(message_of([&] {
          utils::spectral_norm(fc);
        }).find("weight_norm is applied to the parameter 'weight'") != std::string::npos);
  CHECK_THROWS_AS(utils::remove_spectral_norm(fc), xgrad::ValueError);
}
