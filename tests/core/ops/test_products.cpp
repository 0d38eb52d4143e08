// Products beyond what the registry's samples show: what addmm adds, and how gradients lie in memory.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

using namespace xgrad;

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
