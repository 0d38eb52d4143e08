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
