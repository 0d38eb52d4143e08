// Normalisation layers against values recorded from PyTorch 2.15.
#include <doctest/doctest.h>

#include "values.h"

using namespace xgrad;

namespace {

Tensor waves() { return arange(12, TensorOptions(kFloat)).reshape({2, 3, 2}).sin(); }

}  // namespace

TEST_CASE("without a momentum batch norm averages over all batches") {
  nn::BatchNorm1d norm(nn::BatchNorm1dOptions(3).momentum(nullopt));
  norm(waves());
  norm(waves() * 2 + 1);
  CHECK(is_close(norm->running_mean, {0.9571408033370972, 1.4194602966308594, -0.7224018573760986}));
  CHECK(is_close(norm->running_var, {0.7052182555198669, 0.41038480401039124, 0.10979339480400085}));
  CHECK(norm->num_batches_tracked.item<int64_t>() == 2);
  norm->eval();
  norm(waves());
  CHECK(norm->num_batches_tracked.item<int64_t>() == 2);
}

// As a penalty on a critic's gradient asks for, and once more: PyTorch's own third derivative of layer_norm
// is off, and its batch_norm has none.
TEST_CASE("gradient penalties go through normalisation, and can be differentiated") {
  using xgrad::autograd::variable_list;
  const Tensor weight = (xgrad::arange(4, xgrad::kDouble) * 0.3 + 0.5).requires_grad_();
  const Tensor bias = (xgrad::arange(4, xgrad::kDouble) * 0.2).requires_grad_();
  const std::function<Tensor(const variable_list&)> norms[] = {
      [](const variable_list& v) {
        return xgrad::layer_norm(v[0], {3}, v[1].narrow(0, 0, 3), v[2].narrow(0, 0, 3));
      },
      [](const variable_list& v) {
        return xgrad::batch_norm(v[0], v[1], v[2], {}, {}, true, 0.1, 1e-5, false);
      },
      [](const variable_list& v) { return xgrad::group_norm(v[0], 2, v[1], v[2]); },
      [](const variable_list& v) {
        return xgrad::instance_norm(v[0], v[1], v[2], {}, {}, true, 0.1, 1e-5, false);
      }};
  for (const auto& norm : norms) {
    const auto penalty = [&](const variable_list& v) {
      const xgrad::AutoGradMode recorded(true);  // differences are taken without
      const Tensor gradient = xgrad::autograd::grad({norm(v).sin().sum()}, {v[0]}, {}, true, true)[0];
      return variable_list{(gradient.flatten(1).norm(2, 1) - 1).pow(2).mean()};
    };
    const Tensor x = (xgrad::arange(24, xgrad::kDouble) * 1.3).sin().view({2, 4, 3}).requires_grad_();
    CHECK(xgrad::autograd::gradcheck(penalty, {x, weight, bias}));
    CHECK(xgrad::autograd::gradgradcheck(penalty, {x, weight, bias}));
  }
}

TEST_CASE("instance norm keeps running statistics, and uses them in evaluation") {
  nn::InstanceNorm1d norm(nn::InstanceNorm1dOptions(3).track_running_stats(true).affine(true));
  CHECK(is_close(norm(waves()).flatten().narrow(0, 0, 2), {-0.9999716877937317, 0.9999717473983765}, 1e-5));
  CHECK(is_close(norm->running_mean, {0.030476052314043045, 0.061297353357076645, -0.08149345219135284}));
  CHECK(is_close(norm->running_var, {0.9396229982376099, 0.9230825304985046, 0.9062190055847168}));
  norm->eval();
  CHECK(is_close(norm(waves()[0]), {-0.03143978491425514, 0.8366407155990601, 0.8826189637184143,
                                    0.08308134227991104, -0.7093876004219055, -0.9217092394828796}));
}

TEST_CASE("running statistics that want a gradient are refused, unless nothing is recorded") {
  const Tensor x = xgrad::rand({4, 3}), mean = xgrad::zeros({3}), var = xgrad::ones({3});
  const Tensor wanting = xgrad::zeros({3}, xgrad::requires_grad());
  namespace F = nn::functional;
  for (const bool training : {true, false}) {
    const auto options = F::BatchNormFuncOptions().training(training);
    CHECK(message_of([&] { F::batch_norm(x, wanting, var, options); }).find("respect to running_mean") !=
          std::string::npos);
    CHECK_THROWS_AS(F::batch_norm(x, mean, wanting, options), xgrad::Error);
  }
  const xgrad::NoGradGuard no_grad;
  CHECK_NOTHROW(F::batch_norm(x, wanting, var));
}

TEST_CASE("rms norm has the dtype's epsilon by default") {
  CHECK(is_close(nn::RMSNorm(nn::RMSNormOptions({3, 2}))(waves())[0],
                 {0.0, 1.180787205696106, 1.2759641408920288, 0.19802547991275787, -1.0619769096374512,
                  -1.3456026315689087}));
}

TEST_CASE("cross-map normalisation reaches as far to both sides") {
  const Tensor x = arange(20, TensorOptions(kFloat)).reshape({1, 5, 2, 2}).sin();
  const auto first = [&](int64_t size) {
    return nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(size).alpha(0.5).beta(0.7).k(2))(x).flatten().narrow(
        0, 0, 6);
  };
  CHECK(is_close(first(3), {0.0, 0.47386130690574646, 0.5319657921791077, 0.08465217798948288,
                            -0.42785388231277466, -0.5353416204452515}));
  CHECK(is_close(first(4), {0.0, 0.484023779630661, 0.5385923981666565, 0.08519358187913895,
                            -0.4366406798362732, -0.5478944182395935}));
}

TEST_CASE("16-bit inputs are normalised in float32 and come back as they were") {
  const Tensor x = waves().to(kBFloat16);
  const Tensor y = nn::GroupNorm(1, 3)(x.to(kFloat)), z = group_norm(x, 1);
  CHECK(z.dtype() == kBFloat16);
  CHECK(allclose(z.to(kFloat), y, 1e-2, 1e-2));
}

TEST_CASE("weights of float32 go with 16-bit inputs") {
  // Recorded from PyTorch 2.15.
  const Tensor x = xgrad::tensor({0.5, 1.25, -2.0}, kHalf).view({1, 3});
  const Tensor weight = xgrad::tensor({1.5f, -0.333f, 2.f}).requires_grad_(),
               bias = xgrad::tensor({.1f, .2f, .3f});
  const auto [y, mean, rstd] = xgrad::native_layer_norm(x, {3}, weight, bias, 1e-5);
  CHECK(y.dtype() == kHalf);
  CHECK(mean.dtype() == kFloat);
  CHECK(rstd.dtype() == kFloat);
  CHECK(allclose(y.to(kFloat), xgrad::tensor({0.7300f, -0.1196f, -2.4590f}).view({1, 3}), 1e-3, 1e-3));
  CHECK(allclose(mean, xgrad::full({1, 1}, -0.0833), 0, 1e-4));
  CHECK(allclose(rstd, xgrad::full({1, 1}, 0.7197), 0, 1e-4));
  y.sum().backward();
  CHECK(weight.grad().dtype() == kFloat);
  CHECK_THROWS_AS(xgrad::layer_norm(x.to(kFloat), {3}, weight.to(kHalf)), xgrad::TypeError);
}

TEST_CASE("normalisation prints and names its state as in Python") {
  CHECK(printed(nn::BatchNorm1d(5)) ==
        "BatchNorm1d(5, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)");
  nn::BatchNorm2d plain(nn::BatchNorm2dOptions(5).momentum(nullopt).affine(false).track_running_stats(false));
  CHECK(printed(plain) ==
        "BatchNorm2d(5, eps=1e-05, momentum=None, affine=False, bias=False, track_running_stats=False)");
  CHECK(plain->state_dict().is_empty());
  CHECK(nn::BatchNorm3d(2)->state_dict().keys() ==
        std::vector<std::string>{"weight", "bias", "running_mean", "running_var", "num_batches_tracked"});
  CHECK(printed(nn::InstanceNorm2d(4)) ==
        "InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)");
  CHECK(printed(nn::LayerNorm(nn::LayerNormOptions({5}))) ==
        "LayerNorm((5,), eps=1e-05, elementwise_affine=True, bias=True)");
  CHECK(printed(nn::LayerNorm(nn::LayerNormOptions({3, 4}).elementwise_affine(false))) ==
        "LayerNorm((3, 4), eps=1e-05, elementwise_affine=False, bias=False)");
  CHECK(printed(nn::GroupNorm(2, 4)) == "GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)");
  CHECK(printed(nn::RMSNorm(nn::RMSNormOptions({5}))) == "RMSNorm((5,), eps=None, elementwise_affine=True)");
  CHECK(printed(nn::LocalResponseNorm(3)) == "LocalResponseNorm(3, alpha=0.0001, beta=0.75, k=1.0)");
  CHECK(printed(nn::CrossMapLRN2d(3)) == "CrossMapLRN2d(3, alpha=0.0001, beta=0.75, k=1)");
  CHECK(printed(nn::CosineSimilarity()) == "CosineSimilarity()");
}

TEST_CASE("group norm needs several values in a group, and points in its images") {
  CHECK_THROWS_AS(nn::GroupNorm(2, 4)(xgrad::ones({2, 4, 0})), xgrad::Error);
  CHECK_THROWS_AS(nn::GroupNorm(4, 4)(xgrad::ones({1, 4, 1})), xgrad::ValueError);
  CHECK(nn::GroupNorm(4, 4)(xgrad::ones({2, 4})).sizes() == xgrad::IntArrayRef({2, 4}));
  CHECK(nn::GroupNorm(2, 4)(xgrad::ones({0, 4, 3})).numel() == 0);
}

TEST_CASE("a wrong shape is refused by the layer, and its statistics stay") {
  nn::BatchNorm2d norm(3);
  CHECK(message_of([&] { norm(zeros({2, 3})); }) == "BatchNorm2d: expected 4 dimensions: input is [2, 3]");
  CHECK(message_of([&] {
          norm(zeros({2, 4, 1, 1}));
        }) ==
        "BatchNorm2d: input must have num_features channels: input is [2, 4, 1, 1], num_features is 3 (4 vs "
        "3)");
  CHECK(message_of([&] {
          norm(zeros({1, 3, 1, 1}));
        }) ==
        "batch_norm: expected more than 1 value per channel when training, got input size [1, 3, 1, 1]");
  CHECK(norm->num_batches_tracked.item<int64_t>() == 0);
  CHECK(message_of([&] { nn::GroupNorm(3, 4); }) ==
        "GroupNorm: num_groups must divide num_channels: num_groups is 3, num_channels is 4");
}
