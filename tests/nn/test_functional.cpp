// Functionals with options, and ATen's functions, against values recorded from PyTorch 2.15.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;

namespace {

Tensor image() { return xgrad::arange(20, xgrad::kFloat32).pow(2).div(10).view({1, 1, 4, 5}); }
F::InterpolateFuncOptions antialiased(xgrad::nn::UpsampleMode mode) {
  return F::InterpolateFuncOptions().mode(mode).antialias(true);
}
using Size = std::vector<int64_t>;
using Scales = std::vector<double>;

Tensor six() { return xgrad::tensor({-1.f, 2.f, -3.f, 4.f, -5.f, -6.f}).view({2, 3}); }

// Query, key, value and all weights, drawn as where the values were recorded.
struct Attention {
  Attention() {
    xgrad::manual_seed(0);
    for (Tensor* t : {&q, &k, &v}) *t = xgrad::randn({t == &q ? 2 : 3, 2, 4});
    w = xgrad::randn({12, 4});
    b = xgrad::randn({12});
    out_w = xgrad::randn({4, 4});
    out_b = xgrad::randn({4});
    bias_k = xgrad::randn({1, 1, 4});
    bias_v = xgrad::randn({1, 1, 4});
  }
  Tensor q, k, v, w, b, out_w, out_b, bias_k, bias_v;
};

}  // namespace

TEST_CASE("interpolate refuses an image without channels and takes a batch without images") {
  const auto to_three = F::InterpolateFuncOptions().size(Size{3, 3});
  CHECK_THROWS_AS(F::interpolate(xgrad::zeros({2, 0, 4, 4}), to_three), xgrad::Error);
  CHECK(F::interpolate(xgrad::zeros({0, 2, 4, 4}), to_three).sizes() == xgrad::IntArrayRef{0, 2, 3, 3});
}

TEST_CASE("interpolate with antialias takes in all of an image that shrinks") {
  const Tensor x = image();
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kBilinear).size(Size{2, 3})),
                 {2.848979, 4.373016, 6.35102, 15.30816, 19.30159, 23.74898}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kBilinear).size(Size{2, 3}).align_corners(true)),
                 {7.242858, 10.075, 12.3625, 20.3381, 25.7, 29.75833}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kBicubic).size(Size{2, 3})),
                 {1.732816, 3.101353, 4.981589, 16.07744, 20.45259, 25.33944}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kBicubic).size(Size{5, 3})),
                 {-0.1065604, 0.2248237, 1.067907, 1.510182, 2.979642, 4.960801, 6.172692, 9.044534, 12.42808,
                  14.8918, 19.16602, 23.95194, 24.13464, 29.54694, 35.47094}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kBicubic).scale_factor(Scales{.55, .45})),
                 {1.120349, 2.93326, 15.04059, 20.86581}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kLanczos).size(Size{5, 3})),
                 {-0.007664561, 0.316086, 1.203215, 1.50475, 2.919742, 4.898113, 5.314156, 8.221428, 11.69208,
                  15.41326, 19.81281, 24.77575, 24.07153, 29.56233, 35.6165}));
  CHECK(is_close(F::interpolate(x, antialiased(xgrad::kLanczos).scale_factor(Scales{.55, .45})),
                 {0.1995959, 1.973496, 15.07201, 21.49377}));
  CHECK_THROWS_AS(F::interpolate(x, antialiased(xgrad::kLanczos).size(Size{2, 3}).align_corners(true)),
                  xgrad::ValueError);
  CHECK_THROWS_AS(F::interpolate(x, antialiased(xgrad::kLanczos).antialias(false).size(Size{2, 3})),
                  xgrad::ValueError);
  CHECK(is_close(xgrad::_upsample_lanczos2d_aa(x, {2, 3}, false),
                 {1.193828, 2.486692, 4.342936, 16.24059, 20.76228, 25.84734}));
  CHECK(is_close(xgrad::_upsample_bilinear2d_aa(x, {2, 3}, false),
                 {2.848979, 4.373016, 6.35102, 15.30816, 19.30159, 23.74898}));
}

TEST_CASE("the gradient of antialias is that of its weights, and other modes have none") {
  const Tensor x = image().requires_grad_();
  F::interpolate(x, antialiased(xgrad::kBilinear).size(Size{2, 2}))[0][0][0][0].backward();
  CHECK(is_close(
      x.grad(),
      {0.1363637,  0.1753247,  0.09740261, 0.01948051,  0, 0.1363637, 0.1753247, 0.09740261, 0.01948051, 0,
       0.04545455, 0.05844156, 0.03246754, 0.006493505, 0, 0,         0,         0,          0,          0}));
  CHECK_THROWS_AS(F::interpolate(x, antialiased(xgrad::kNearest).size(Size{2, 2})), xgrad::ValueError);
}

TEST_CASE("ATen's upsampling and padding are interpolate and pad by their dimensions") {
  const Tensor x = image();
  CHECK(is_close(xgrad::upsample_nearest2d(x, {2, 3}), {0.0, 0.1, 0.9, 10.0, 12.1, 16.9}));
  CHECK(
      is_close(xgrad::upsample_bilinear2d(x, {2, 3}, false), {1.45, 2.65, 4.45, 17.11667, 21.65, 26.78333}));
  CHECK(is_close(xgrad::upsample_bicubic2d(x, {2, 3}, false),
                 {0.6670144, 1.759375, 3.473958, 17.6404, 22.54062, 28.06307}));
  const Tensor line = xgrad::arange(3, xgrad::kFloat32).view({1, 1, 3});
  CHECK(is_close(xgrad::upsample_nearest1d(line, {6}, 2.0), {0, 0, 1, 1, 2, 2}));
  CHECK(is_close(xgrad::upsample_linear1d(line, {5}, true), {0, .5, 1, 1.5, 2}));
  CHECK(is_close(xgrad::reflection_pad1d(line, {2, 1}), {2, 1, 0, 1, 2, 1}));
  CHECK(is_close(xgrad::replication_pad1d(line, {2, 1}), {0, 0, 0, 1, 2, 2}));
  CHECK(xgrad::equal(xgrad::replication_pad2d(x, {1, 2, 0, 1}), xgrad::pad(x, {1, 2, 0, 1}, "replicate")));
  CHECK(message_of([&] {
          xgrad::upsample_nearest2d(line, {6});
        }).find("upsample_nearest2d: needs an input of 4") != std::string::npos);
  CHECK(message_of([&] { xgrad::reflection_pad2d(x, {1}); }).find("padding must have 4 numbers") !=
        std::string::npos);
}

TEST_CASE("weights of losses may be absent, undefined or given") {
  const Tensor x = xgrad::tensor({-1., -2., -3., -1.5, -.5, -4.}).view({2, 3}),
               target = xgrad::tensor({int64_t{0}, int64_t{2}}), weight = xgrad::tensor({1., 2., 3.});
  const double plain = 2.5, weighted = (1 * 1 + 3 * 4) / 4.;
  CHECK(is_close(xgrad::nll_loss(x, target, xgrad::nullopt), {plain}));
  CHECK(is_close(xgrad::nll_loss(x, target, Tensor()), {plain}));
  CHECK(is_close(xgrad::nll_loss(x, target, {}), {plain}));
  CHECK(is_close(xgrad::nll_loss(x, target, xgrad::optional<Tensor>(weight)), {weighted}));
  const Tensor images = x.view({2, 3, 1, 1}), places = target.view({2, 1, 1});
  CHECK(is_close(xgrad::nll_loss2d(images, places, weight), {weighted}));
  CHECK_THROWS_AS(xgrad::nll_loss2d(x, target), xgrad::Error);
}

TEST_CASE("rrelu draws slopes in training and takes their mean otherwise") {
  xgrad::manual_seed(0);
  CHECK(is_close(F::rrelu(six(), F::RReLUFuncOptions().training(true)),
                 {-0.3270944, 2, -0.8173875, 4, -1.103524, -1.900935}));
  CHECK(is_close(F::rrelu(six()), {-0.2291667, 2, -0.6875, 4, -1.145833, -1.375}));
  CHECK(is_close(F::rrelu(six(), F::RReLUFuncOptions().lower(.1).upper(.5).training(true)),
                 {-0.3580096, 2, -1.249377, 4, -0.8572123, -1.442658}));
  nn::RReLU layer;
  CHECK(is_close(layer(six()), {-0.2461127, 2, -0.5551474, 4, -1.096738, -0.9709995}));
  layer->options.inplace(true);
  const Tensor x = six();
  CHECK(layer(x).is_same(x));
  CHECK(printed(layer) == "RReLU(lower=0.125, upper=0.3333333333333333, inplace=True)");
  CHECK_THROWS_AS(F::rrelu(six(), F::RReLUFuncOptions().lower(1).training(true)), xgrad::Error);
}

TEST_CASE("gumbel_softmax draws one class, through which a gradient flows") {
  xgrad::manual_seed(0);
  const Tensor z = six().requires_grad_();
  const Tensor soft = F::gumbel_softmax(z, F::GumbelSoftmaxFuncOptions().tau(.5));
  CHECK(is_close(soft, {0.0003047218, 0.9995137, 0.0001815989, 0.9999999, 9.124803e-08, 5.400719e-09}));
  soft[0][0].backward();
  CHECK(is_close(z.grad(), {0.0006092579, -0.0006091472, -1.106743e-07, 0, 0, 0}));
  CHECK(is_close(F::gumbel_softmax(z, F::GumbelSoftmaxFuncOptions().hard(true).dim(0)), {0, 1, 1, 1, 0, 0}));
}

TEST_CASE("multi_head_attention_forward takes masks, a further key and zeros") {
  const Attention a;
  const Tensor mask = xgrad::tensor({false, true, false, false, false, false}).view({2, 3}),
               padding = xgrad::tensor({false, false, true, false, false, false}).view({2, 3});
  const auto [out, weights] = F::multi_head_attention_forward(
      a.q, a.k, a.v,
      F::MultiheadAttentionForwardFuncOptions(4, 2, a.w, a.b, a.bias_k, a.bias_v, true, 0, a.out_w, a.out_b)
          .attn_mask(mask)
          .key_padding_mask(padding));
  CHECK(is_close(out,
                 {-0.2756518, -5.456743, 2.199672, 0.1963857, -0.8518833, -1.275567, 0.998106, -0.3486809,
                  0.6159772, -3.066145, 0.5948396, -1.01368, -1.98402, -1.925351, 2.261603, -0.1367239},
                 1e-5));
  CHECK(is_close(weights, {0.186949,  0,          0,         0.5404288,  0.2726222, 0.3478165, 0.3228257,
                           0,         0.1829839,  0.1463739, 0.1857345,  0,         0.1944372, 0.1082198,
                           0.5116085, 0.02594212, 0.3633216, 0.01232226, 0.1502668, 0.4481473}));
}

TEST_CASE(
    "multi_head_attention_forward takes weights one by one, and keys and values that are not projected") {
  const Attention a;
  const F::MultiheadAttentionForwardFuncOptions common(4, 2, a.w, a.b, {}, {}, false, 0, a.out_w, a.out_b);
  auto separate = common;
  separate.in_proj_weight({}).use_separate_proj_weight(true).need_weights(false);
  separate.q_proj_weight(a.w.slice(0, 0, 4)).k_proj_weight(a.w.slice(0, 4, 8)).v_proj_weight(a.w.slice(0, 8));
  const auto [out, none] = F::multi_head_attention_forward(a.q, a.k, a.v, separate);
  CHECK_FALSE(none.defined());
  CHECK(is_close(out,
                 {1.218361, -0.1766395, -2.503358, -3.096639, -1.721373, -1.803897, 4.404883, 2.714904,
                  1.313165, -0.7530671, -2.054561, -3.532881, -2.604139, -2.418388, 4.55543, 1.723831},
                 1e-5));
  auto fixed = common;
  fixed.static_k(xgrad::randn({4, 5, 2})).static_v(xgrad::randn({4, 5, 2})).average_attn_weights(false);
  const auto [out3, weights] = F::multi_head_attention_forward(a.q, a.k, a.v, fixed);
  CHECK(weights.sizes() == xgrad::IntArrayRef({2, 2, 2, 5}));
  CHECK(is_close(out3,
                 {-0.8639951, -4.605484, 0.7396371, -1.25189, -1.626609, 1.933737, 0.7167022, 1.976807,
                  -0.735346, -1.010561, 0.2732667, -0.5076085, 0.9254904, 1.524429, -0.6551596, 0.6854679},
                 1e-5));
  fixed.static_k(xgrad::randn({4, 5, 3}));
  CHECK(message_of([&] {
          F::multi_head_attention_forward(a.q, a.k, a.v, fixed);
        }).find("static_k must be [N * num_heads, S, head size]") != std::string::npos);
}
