// Products beyond what the registry's samples show: what addmm adds, and how gradients lie in memory.
#include "core/autograd/checks.h"

#include <cmath>
#include <vector>

using namespace xgrad;
using checks::check_error;
using checks::error_of;

TEST_CASE("addmm adds whatever broadcasts, dense or not, by the sum of products") {
  manual_seed(1);
  const Tensor a = randn({5, 3}, kDouble), b = randn({3, 4}, kDouble);
  const Tensor wide = randn({5, 8}, kDouble);
  const Tensor addends[] = {randn({4}, kDouble),
                            randn({1, 4}, kDouble),
                            randn({5, 4}, kDouble),
                            randn({5, 1}, kDouble),
                            randn({1}, kDouble),
                            tensor(0.5, kDouble),
                            randn({4, 5}, kDouble).t(),
                            wide.slice(1, 0, 8, 2),
                            wide.slice(1, 2, 6),
                            randn({8}, kDouble).slice(0, 0, 8, 2),
                            randn({4}, kDouble).expand({5, 4})};
  const Tensor product = (a.unsqueeze(2) * b.unsqueeze(0)).sum(1);
  for (const Tensor& self : addends)
    for (double beta : {1.0, -0.5}) {
      const Tensor kept = self.clone();
      CHECK(allclose(addmm(self, a, b, beta, 2), 2 * product + beta * self, 1e-12, 1e-12));
      CHECK(equal(self, kept));
    }
  CHECK_THROWS_AS(addmm(randn({3}, kDouble), a, b), Error);
}

TEST_CASE("the gradient of a weight that is used transposed is dense and no copy of what backward made") {
  manual_seed(2);
  const Tensor weight = randn({4, 3}).requires_grad_(), bias = randn({4}).requires_grad_();
  const Tensor x = randn({5, 3}), loss = linear(x, weight, bias).pow(2).sum();
  const void* made = nullptr;
  weight.register_hook([&](const Tensor& g) { made = g.data_ptr(); });
  loss.backward();
  CHECK(weight.grad().is_contiguous());
  CHECK(weight.grad().data_ptr() == made);
  CHECK_FALSE(weight.grad().is_view());
  const Tensor g = 2 * linear(x, weight, bias).detach();
  CHECK(allclose(weight.grad(), (g.unsqueeze(2) * x.unsqueeze(1)).sum(0), 1e-5, 1e-5));
  CHECK(allclose(bias.grad(), g.sum(0), 1e-5, 1e-5));
}

TEST_CASE("a gradient that is a part of a larger tensor is copied, not the larger tensor kept") {
  const Tensor x = ones({2, 3}).requires_grad_();
  const Tensor arriving = arange(12, kFloat).view({4, 3});
  x.backward(arriving.slice(0, 0, 2));
  CHECK(x.grad().data_ptr() != arriving.data_ptr());
  CHECK(equal(x.grad(), arriving.slice(0, 0, 2)));
}

TEST_CASE("both arguments of a product may be transposed, and their gradients lie as they do") {
  manual_seed(3);
  const Tensor a = randn({3, 5}, kDouble).t().requires_grad_(),
               b = randn({4, 3}, kDouble).t().requires_grad_();
  const Tensor g = randn({5, 4}, kDouble);
  const auto grads = autograd::grad({mm(a, b)}, {a, b}, {g});
  CHECK(grads[0].strides() == a.strides());
  CHECK(grads[1].strides() == b.strides());
  CHECK(allclose(grads[0], (g.unsqueeze(1) * b.detach().unsqueeze(0)).sum(2)));
  CHECK(allclose(grads[1], (a.detach().unsqueeze(2) * g.unsqueeze(1)).sum(0)));
}

TEST_CASE("a product over nothing is zero, and sizes of 0 give results and gradients of their shapes") {
  using Sizes = std::vector<int64_t>;
  struct Case {
    Sizes left, right, result;
  };
  const std::vector<Case> cases = {{{2, 3, 0}, {0, 4}, {2, 3, 4}},
                                   {{2, 0, 3}, {3, 4}, {2, 0, 4}},
                                   {{0, 2, 3}, {3, 4}, {0, 2, 4}},
                                   {{2, 2, 3}, {3, 0}, {2, 2, 0}},
                                   {{2, 3, 0}, {2, 0, 4}, {2, 3, 4}},
                                   {{0, 2, 3}, {0, 3, 4}, {0, 2, 4}},
                                   {{2, 3, 0}, {0}, {2, 3}},
                                   {{0}, {2, 0, 3}, {2, 3}},
                                   {{0}, {0}, {}},
                                   {{0}, {0, 3}, {3}},
                                   {{3, 0}, {0}, {3}},
                                   {{0, 3}, {3}, {0}},
                                   {{3, 0}, {0, 4}, {3, 4}},
                                   {{0, 3}, {3, 0}, {0, 0}},
                                   {{1, 2, 3}, {0, 3, 4}, {0, 2, 4}},
                                   {{0, 1, 2, 3}, {5, 3, 4}, {0, 5, 2, 4}},
                                   {{5, 0, 2, 3}, {1, 3, 4}, {5, 0, 2, 4}},
                                   {{3, 4}, {2, 4, 0}, {2, 3, 0}},
                                   {{4}, {0, 4, 3}, {0, 3}},
                                   {{0, 2, 4}, {4}, {0, 2}},
                                   {{2, 0, 3, 0}, {0, 2}, {2, 0, 3, 2}}};
  for (const Case& c : cases) {
    CAPTURE(c.left);
    CAPTURE(c.right);
    const Tensor a = ones(c.left, kDouble).requires_grad_(), b = ones(c.right, kDouble).requires_grad_();
    const Tensor out = matmul(a, b);
    CHECK(out.equal(zeros(c.result, kDouble)));
    out.sum().backward();
    CHECK(a.grad().equal(zeros(c.left, kDouble)));
    CHECK(b.grad().equal(zeros(c.right, kDouble)));
  }
}

TEST_CASE("the bias of a layer has the dtype of its input, however many dimensions that has") {
  const Tensor weight = ones({4, 3}, kLong), bias = ones({4}, kInt);
  CHECK_THROWS_AS(linear(ones({2, 3}, kLong), weight, bias), TypeError);
  CHECK_THROWS_AS(linear(ones({2, 2, 3}, kLong), weight, bias), TypeError);
  CHECK(linear(ones({2, 2, 3}, kLong), weight, bias.to(kLong)).equal(full({2, 2, 4}, 4, kLong)));
}

TEST_CASE("a layer says which of its tensors does not fit, and takes a bias that broadcasts") {
  const Tensor x = ones({2, 3}), weight = ones({4, 3});
  check_error(error_of([&] { linear(x, weight, ones({5})); }),
              "linear: shapes do not broadcast: self is [5], other is [2, 4]");
  check_error(error_of([&] { linear(x, weight, ones({3, 1, 4})); }), "linear: bias of shape [3, 1, 4]");
  check_error(error_of([&] { linear(x, weight.to(kDouble)); }),
              "linear: weight must have input's dtype: input is float32, weight is float64; convert one with "
              "to(...)");
  check_error(error_of([&] {
                linear(ones({2, 4}), weight, ones({4}));
              }),
              "linear: the last size of input must be in_features: input is [2, 4], weight is [4, 3]");
  for (const Tensor& bias : {full({1}, 2.f), full({2, 1}, 2.f), full({}, 2.f), full({2, 4}, 2.f)})
    CHECK(linear(x, weight, bias).equal(full({2, 4}, 5.f)));
}

TEST_CASE("a layer without inputs gives its bias, one without outputs nothing") {
  const Tensor bias = tensor({1., 2., 3., 4.}, kDouble).requires_grad_();
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{2, 3, 0}, {3, 0}, {0}}) {
    const Tensor x = zeros(sizes, kDouble).requires_grad_(), w = zeros({4, 0}, kDouble).requires_grad_();
    const Tensor out = linear(x, w, bias);
    CHECK(out.equal(bias.expand(out.sizes())));
    const auto gradients = autograd::grad({out.sum()}, {x, w, bias});
    CHECK_EQ(gradients[0].sizes().vec(), sizes);
    CHECK_EQ(gradients[1].sizes().vec(), w.sizes().vec());
    CHECK(gradients[2].equal(full({4}, static_cast<double>(out.numel() / 4), kDouble)));
  }
  CHECK_EQ(linear(zeros({2, 5, 3}), zeros({0, 3}), zeros({0})).sizes().vec(), std::vector<int64_t>{2, 5, 0});
  CHECK_EQ(linear(zeros({0, 3}), zeros({4, 3}), zeros({4})).sizes().vec(), std::vector<int64_t>{0, 4});
  CHECK(addmm(ones({2, 4}), zeros({2, 0}), zeros({0, 4}), 3).equal(full({2, 4}, 3.f)));
  CHECK(addmm(full({4}, std::nan("")), zeros({2, 0}), zeros({0, 4}), 0).equal(zeros({2, 4})));
}

TEST_CASE("products of integers wrap around, whatever their width and however the factors lie") {
  struct Size {
    int64_t m, k, n;
  };
  for (ScalarType dtype : {kByte, kChar, kShort, kInt, kLong})
    for (const Size s : {Size{5, 7, 1}, {6, 270, 9}, {3, 261, 300}, {9, 3, 5}})
      for (int form = 0; form < 4; ++form) {
        const auto factor = [&](int64_t rows, int64_t columns, bool turned) {
          const Tensor x =
              (arange(rows * columns, kLong) * 0x9e3779b97f4a7c15LL).reshape({rows, columns}).to(dtype);
          return turned ? x.t().contiguous().t() : x;
        };
        const Tensor a = factor(s.m, s.k, (form & 1) != 0), b = factor(s.k, s.n, (form & 2) != 0);
        const Tensor expected = (a.to(kLong).unsqueeze(2) * b.to(kLong)).sum(1).to(dtype);
        CHECK(mm(a, b).equal(expected));
        CHECK(addmm(expected, a, b, 3, -2).equal(expected));
        CHECK(mv(a, b.select(1, 0)).equal(expected.select(1, 0)));
      }
}

TEST_CASE("beta and alpha of addmm are exact for 64-bit integers") {
  const Tensor one = ones({1, 1}, kLong);
  const int64_t large = (int64_t{1} << 53) + 1;
  CHECK_EQ(addmm(one, one, one, 1, large).item<int64_t>(), large + 1);
  CHECK_EQ(addmm(one, one, one, large, 1).item<int64_t>(), large + 1);
}
