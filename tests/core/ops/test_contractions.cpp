// Contractions, distances and differences beyond what is recorded: against sums that are written out.
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "core/ops/samples.h"

using namespace xgrad;
using samples::spread;
using samples::Tensors;

namespace {

bool close(const Tensor& a, const Tensor& b) { return allclose(a, b, 1e-12, 1e-12); }

}  // namespace

TEST_CASE("einsum sums products over the letters that the result does not have") {
  const Tensor a = spread({2, 3, 4}, -1, 1), b = spread({4, 3, 5}, -1, 1, 1), c = spread({5, 2}, -1, 1, 2);
  const Tensor all = a.permute({0, 1, 2}).unsqueeze(3) * b.permute({1, 0, 2}).unsqueeze(0);  // [i, j, k, l]
  CHECK(close(einsum("ijk,kjl->il", {a, b}), all.sum({1, 2})));
  CHECK(close(einsum("ijk,kjl", {a, b}), all.sum({1, 2})));
  CHECK(close(einsum("ijk,kjl->lji", {a, b}), all.sum(2).permute({2, 1, 0})));
  CHECK(close(einsum("ijk,kjl->", {a, b}), all.sum()));
  CHECK(close(einsum(" ijk , kjl , li -> j ", {a, b, c}),
              (all * c.t().unsqueeze(1).unsqueeze(1)).sum({0, 2, 3})));
}

TEST_CASE("einsum takes diagonals of repeated letters, and broadcasts what dots stand for") {
  const Tensor a = spread({3, 3}, -1, 1), b = spread({4, 1, 3, 2}, -1, 1), c = spread({5, 2, 3}, -1, 1, 1);
  CHECK(close(einsum("ii", {a}), a.trace()));
  CHECK(close(einsum("ii->i", {a}), a.diagonal()));
  CHECK(
      close(einsum("iji->j", {spread({3, 2, 3}, -1, 1)}), spread({3, 2, 3}, -1, 1).diagonal(0, 0, 2).sum(1)));
  CHECK(close(einsum("...ij,...jk", {b, c}), matmul(b, c)));
  CHECK(close(einsum("...ij,...jk->ik", {b, c}), matmul(b, c).sum({0, 1})));
  CHECK(close(einsum("ij,kj->ik", {a, ones({2, 1}, kDouble)}), a.sum(1, true).expand({3, 2})));
}

TEST_CASE("the order in which einsum multiplies does not change what it computes") {
  const Tensors t{spread({2, 9}, -1, 1), spread({9, 9}, -1, 1, 1), spread({9, 3}, -1, 1, 2),
                  spread({3}, -1, 1, 3)};
  const Tensor expected = matmul(matmul(matmul(t[0], t[1]), t[2]), t[3]);
  CHECK(close(einsum("ab,bc,cd,d->a", t), expected));
  CHECK(close(einsum("ab,bc,cd,d->a", t, {2, 3, 1, 2, 0, 1}), expected));
  CHECK_THROWS_AS(einsum("ab,bc,cd,d->a", t, {0, 4, 0, 1, 0, 1}), Error);
  CHECK_THROWS_AS(einsum("ab,bc,cd,d->a", t, {0, 1}), Error);
}

TEST_CASE("a product of integers stays in their dtype, and a sum without a product is int64") {
  const Tensor a = arange(6, kInt).reshape({2, 3});
  CHECK(equal(einsum("ij->i", {a}), a.sum(1)));
  CHECK(equal(einsum("ij,jk->i", {a, a.t()}), mm(a, a.t()).sum(1)));
  CHECK(einsum("ij,ij->i", {a, a}).dtype() == kInt);
  CHECK(equal(tensordot(a, a.t(), 1), mm(a, a.t())));
  CHECK(equal(addmv(ones({2}, kInt), a, ones({3}, kInt), 2.5, 1.5), tensor({5, 14}, kInt)));
  CHECK_THROWS_AS(addr(a, ones({2}, kInt), ones({3}, kInt), 2.5), Error);
}

TEST_CASE("addr adds to what has the product's shape, or is spread over it") {
  const Tensor x = tensor({1., 2.}), y = tensor({3., 4., 5.}), a = arange(6.).reshape({2, 3});
  const Tensor product = tensor({3., 4., 5., 6., 8., 10.}).view({2, 3});
  CHECK(equal(addr(a, x, y), a + product));
  CHECK(equal(addr(a, x, y, 1, -2), a - 2 * product));
  CHECK(equal(addr(a, x, y, 2, 3), 2 * a + 3 * product));
  CHECK(equal(addr(y, x, y), y + product));
  CHECK(equal(a.clone().addr_(x, y), a + product));
  CHECK_THROWS_AS(addr(ones({4, 2, 3}), x, y), Error);
}

TEST_CASE("a beta of 0 drops what is added to, NaN included, and its gradient is 0") {
  const Tensor nan = full({2}, std::numeric_limits<double>::quiet_NaN(), kDouble).requires_grad_();
  const Tensor a = spread({2, 3}, -1, 1), x = spread({3}, -1, 1);
  const Tensor out = addmv(nan, a, x, 0);
  CHECK(close(out.detach(), mv(a, x)));
  out.sum().backward();
  CHECK(equal(nan.grad(), zeros({2}, kDouble)));
}

TEST_CASE("distances through a product of matrices are those of differences, and where points meet flat") {
  const Tensor a = spread({30, 3}, -1, 1), b = spread({28, 3}, -1, 1, 1);
  CHECK(allclose(cdist(a, b), (a.unsqueeze(1) - b).pow(2).sum(-1).sqrt(), 1e-7, 1e-7));
  const Tensor x = a.clone().requires_grad_();
  cdist(x, x.detach(), 2, 1).sum().backward();
  CHECK_FALSE(any(x.grad() != x.grad()).item<bool>());
  CHECK(equal(cdist(zeros({2, 0}), zeros({3, 0})), zeros({2, 3})));
  CHECK(close(
      pdist(a, 1),
      (a.unsqueeze(1) - a).abs().sum(-1).index({triu_indices(30, 30, 1)[0], triu_indices(30, 30, 1)[1]})));
}

TEST_CASE("distances of every order are the norms of the differences of rows") {
  for (const ScalarType dtype : {kFloat, kDouble})
    for (const int64_t n : {1, 5, 70}) {
      const Tensor a = spread({n, 67}, -1, 1).to(dtype), b = spread({n + 3, 67}, -1, 1, 1).to(dtype);
      const Tensor difference = a.unsqueeze(1) - b;
      const Tensor pairs = triu_indices(n, n, 1);
      for (const double p : {0., 0.5, 1., 2., 3., HUGE_VAL}) {
        CAPTURE(n);
        CAPTURE(p);
        const Tensor expected = norm(difference, p, -1);
        CHECK(allclose(cdist(a, b, p, 2), expected, 1e-4, 1e-6));
        CHECK(allclose(pdist(a, p), norm(a.unsqueeze(1) - a, p, -1).index({pairs[0], pairs[1]}), 1e-4, 1e-6));
      }
    }
}

TEST_CASE("where points meet, distances of every order have a derivative of 0") {
  for (const double p : {0., 0.5, 1., 1.5, 2., 3., HUGE_VAL}) {
    CAPTURE(p);
    const Tensor x = ones({4, 3}, kDouble).requires_grad_();
    (pdist(x, p).sum() + cdist(x, x, p).sum()).backward();
    CHECK(equal(x.grad(), zeros({4, 3}, kDouble)));
  }
}

TEST_CASE("gradient is exact for parabolas with edges of second order, by steps and by coordinates") {
  const Tensor x = tensor({0., 0.5, 1.25, 3., 4.}, kDouble), even = arange(5, kDouble) * 0.5;
  const auto parabola = [](const Tensor& t) { return 3 * t * t - 2 * t + 1; };
  CHECK(close(gradient(parabola(x), {x}, nullopt, 2)[0], 6 * x - 2));
  CHECK(close(gradient(parabola(even), Scalar(0.5), IntArrayRef(0), 2)[0], 6 * even - 2));
  const Tensor plane = parabola(even).unsqueeze(1) + 7 * x;
  const std::vector<Tensor> both = gradient(plane, {even, x}, nullopt, 2);
  CHECK(close(both[0], (6 * even - 2).unsqueeze(1).expand({5, 5})));
  CHECK(close(both[1], full({5, 5}, 7, kDouble)));
}

TEST_CASE("trapezoids along any dimension, with a vector of coordinates for all") {
  const Tensor x = tensor({0., 1., 3.}, kDouble), y = spread({3, 2}, -1, 1);
  const Tensor expected = (y[0] + y[1]) / 2 + (y[1] + y[2]);
  CHECK(close(trapezoid(y, x, 0), expected));
  CHECK(close(cumulative_trapezoid(y, x, 0)[1], expected));
  CHECK(close(trapezoid(y, 2, 0), y[0] + 2 * y[1] + y[2]));
  CHECK(close(trapezoid(y.t(), x), expected));
}

TEST_CASE("differences with what is put before and behind, whose shape is looked at for none too") {
  const Tensor x = spread({2, 3}, -1, 1), before = spread({2, 1}, -1, 1, 1);
  CHECK(equal(diff(x, 1, 1, before), cat({x.narrow(1, 0, 1) - before, diff(x, 1, 1)}, 1)));
  CHECK(equal(diff(x, 0, 1, before), x));
  CHECK_THROWS_AS(diff(x, 0, 1, spread({3, 1}, -1, 1)), Error);
  CHECK_THROWS_AS(diff(x, 0, 2, before), IndexError);
}

TEST_CASE("correlations stay within [-1, 1], of equal variables too") {
  const Tensor x = spread({1, 7}, -1, 1).expand({3, 7});
  CHECK(corrcoef(x).max().item<double>() <= 1);
  CHECK(close(corrcoef(x), ones({3, 3}, kDouble)));
  const Tensor two = spread({2, 5}, -1, 1), doubled = cat({two, two.narrow(1, 0, 1)}, 1);
  CHECK(close(cov(two, 1, tensor({2, 1, 1, 1, 1})), cov(doubled)));
}

TEST_CASE("a Kronecker product holds every product of two elements where its indices say") {
  const Tensor a = spread({12, 16}, -1, 1), b = spread({9, 7}, -1, 1, 1), v = spread({11}, -1, 1, 2);
  CHECK(equal(kron(a, b), a.repeat_interleave(9, 0).repeat_interleave(7, 1) * b.repeat({12, 16})));
  CHECK(equal(kron(a, v.repeat(5)), a.repeat_interleave(55, 1) * v.repeat({12, 80})));
  CHECK(equal(kron(v, a.repeat({3, 1})), v.repeat_interleave(16).expand({36, 176}) * a.repeat({3, 11})));
  CHECK(kron(a, zeros({0, 7})).sizes() == IntArrayRef{0, 112});
  const Tensor x = a.clone().requires_grad_(), y = b.clone().requires_grad_();
  kron(x, y).sum().backward();
  CHECK(close(x.grad(), b.sum().expand({12, 16})));
  CHECK(close(y.grad(), a.sum().expand({9, 7})));
}
