// Initial values: the same seed gives PyTorch's numbers, recorded from 1.13.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
namespace init = xgrad::nn::init;

TEST_CASE("a linear layer starts with the numbers of the same seed in PyTorch") {
  xgrad::manual_seed(42);
  nn::Linear layer(3, 2);
  CHECK(is_close(layer->weight, {0.4414065182209015, 0.47920528054237366, -0.1352572739124298,
                                 0.5303604602813721, -0.1264995038509369, 0.11650390923023224}));
  CHECK(is_close(layer->bias, {-0.28108587861061096, 0.3390677869319916}));
  CHECK(layer->weight.requires_grad());
}

TEST_CASE("xavier and kaiming draw the numbers of the same seed in PyTorch") {
  xgrad::manual_seed(7);
  CHECK(is_close(init::xavier_uniform_(xgrad::empty({2, 3})),
                 {0.0765114575624466, -0.6598891615867615, 0.34881535172462463, 0.3437293767929077,
                  -0.5854901075363159, -0.16418224573135376}));
  CHECK(is_close(init::kaiming_normal_(xgrad::empty({2, 3}), 0, xgrad::kFanOut, xgrad::kReLU),
                 {-1.251400113105774, -1.8840675354003906, 0.4457423985004425, -0.7068324685096741,
                  -1.5749677419662476, -0.631848931312561}));
}

TEST_CASE("constants fill also a leaf that requires a gradient") {
  const auto w = xgrad::empty({2, 2}, xgrad::requires_grad());
  CHECK(is_close(init::ones_(w), {1, 1, 1, 1}));
  CHECK(is_close(init::zeros_(w), {0, 0, 0, 0}));
  CHECK(is_close(init::constant_(w, 2.5), {2.5, 2.5, 2.5, 2.5}));
  CHECK(is_close(init::eye_(w), {1, 0, 0, 1}));
  CHECK(w.is_leaf());
}

TEST_CASE("gains are those of the formulas") {
  CHECK(init::calculate_gain(xgrad::kSigmoid) == 1);
  CHECK(init::calculate_gain(xgrad::kTanh) == doctest::Approx(5.0 / 3));
  CHECK(init::calculate_gain(xgrad::kReLU) == doctest::Approx(1.4142135623730951));
  CHECK(init::calculate_gain(xgrad::kLeakyReLU, 0.2) == doctest::Approx(1.3867504905630728));
}

TEST_CASE("a vector has no fan") {
  CHECK(message_of([] { init::xavier_uniform_(xgrad::empty({3})); }) ==
        "xavier_uniform_: needs a tensor with at least two dimensions: got [3]");
}

TEST_CASE("orthogonal rows or columns, sparse columns and kept channels are PyTorch's for the same seed") {
  xgrad::manual_seed(0);
  CHECK(is_close(init::orthogonal_(xgrad::empty({2, 3}), 2),
                 {1.1479619, -0.2185892, -1.6230843, -0.6908302, -1.8617654, -0.2378711}, 2e-6));
  xgrad::manual_seed(0);
  CHECK(is_close(init::orthogonal_(xgrad::empty({3, 2})),
                 {0.5349525, -0.1699301, -0.7563608, 0.3401838, -0.376489, -0.9248777}, 2e-6));
  xgrad::manual_seed(0);
  CHECK(is_close(init::sparse_(xgrad::empty({4, 3}), .5, .1),
                 {0, 0, 0, 0.0568431, 0, 0, 0.0403347, 0.0838026, -0.0719258, 0, -0.0596635, 0.0182036}));
  CHECK(is_close(init::dirac_(xgrad::empty({4, 2, 3}), 2),
                 {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}));
}

TEST_CASE("a kernel of any dimension with dirac's ones keeps a signal") {
  const auto w = init::dirac_(xgrad::empty({2, 2, 3, 3}));
  CHECK(w.sum().item<float>() == 2);
  CHECK(w[0][0][1][1].item<float>() == 1);
  CHECK(w[1][1][1][1].item<float>() == 1);
}

TEST_CASE("truncated draws lie within their bounds") {
  const auto t = init::trunc_normal_(xgrad::empty({1000}), 0, 1, -.5, 2);
  CHECK(t.min().item<float>() >= -.5);
  CHECK(t.max().item<float>() <= 2);
  CHECK(t.mean().item<float>() == doctest::Approx(.5).epsilon(.2));
}

TEST_CASE("shapes that a scheme has no meaning for are refused") {
  using xgrad::empty;
  CHECK(message_of([] {
          init::orthogonal_(empty({3}));
        }).find("2 or more dimensions are supported: got [3]") != std::string::npos);
  CHECK(message_of([] { init::sparse_(empty({3}), .5); }).find("Only tensors with 2 dimensions") !=
        std::string::npos);
  CHECK(message_of([] {
          init::dirac_(empty({3, 3, 1}), 2);
        }).find("must be divisible by groups: it is 3, groups is 2") != std::string::npos);
  CHECK(init::_calculate_fan_in_and_fan_out(empty({4, 3, 5})) == std::make_tuple<int64_t, int64_t>(15, 20));
  CHECK(init::calculate_gain(xgrad::kSELU) == .75);
}
