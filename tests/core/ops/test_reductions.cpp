// Reductions and scans as ops: dtypes of results, empty dimensions, NaN and zeros in derivatives. The values
// expected are PyTorch 2.15's or closed forms.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double NaN = std::nan("");

Tensor doubles(const std::vector<double>& values) { return tensor(values, kDouble); }

bool same(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && allclose(a, b, 1e-12, 1e-12, true);
}

// The gradient of the sum of f at x.
template <class F>
Tensor gradient(const F& f, const std::vector<double>& at) {
  const Tensor x = doubles(at).requires_grad_();
  return autograd::grad({f(x).sum()}, {x})[0];
}

}  // namespace

TEST_CASE("a sum or product in bool is whether any or all elements are not 0") {
  CHECK(same(tensor({2, 2}).sum(kBool), tensor(true)));
  CHECK(same(tensor({0.3, 0.0}).sum(kBool), tensor(true)));
  CHECK(same(tensor({0.3, 0.0}).prod(kBool), tensor(false)));
  CHECK(same(tensor({0.3, 0.2}).prod(kBool), tensor(true)));
  CHECK(same(zeros({3}).sum(0, false, kBool), tensor(false)));
}

TEST_CASE("all and any are bool, and uint8 of uint8") {
  const Tensor x = tensor({1.0, 0.0, NaN, 2.0}).reshape({2, 2});
  CHECK(same(x.all(1), tensor({false, true})));
  CHECK(same(x.any(0, true), tensor({true, true}).reshape({1, 2})));
  CHECK(same(x.all({0, 1}), tensor(false)));
  CHECK(same(x.any(IntArrayRef()), x.ne(0)));
  CHECK_EQ(x.to(kByte).all().dtype(), kByte);
  CHECK(same(tensor({1, 2}, kByte).any(0), tensor(1, kByte)));
  CHECK(same(zeros({2, 0}).all(1), tensor({true, true})));
  CHECK(same(zeros({2, 0}).any(1), tensor({false, false})));
}

TEST_CASE("a mean of 16-bit elements is rounded once") {
  for (ScalarType t : {kHalf, kBFloat16}) {
    CHECK_EQ(ones({100000}, t).mean().item<double>(), 1);
    CHECK(same(ones({3, 100000}, t).mean({1}), ones({3}, t)));
    CHECK_EQ(mse_loss(ones({100000}, t), zeros({100000}, t)).item<double>(), 1);
  }
}

TEST_CASE("a NaN makes every gradient of amax, amin and aminmax NaN, and takes that of max") {
  CHECK(same(gradient([](const Tensor& x) { return x.amax(); }, {1, NaN, 2}), doubles({NaN, NaN, NaN})));
  CHECK(same(gradient([](const Tensor& x) { return x.amin({0}); }, {1, NaN, 2}), doubles({NaN, NaN, NaN})));
  CHECK(same(gradient([](const Tensor& x) { return std::get<1>(x.aminmax()); }, {1, NaN}),
             doubles({NaN, NaN})));
  CHECK(same(gradient([](const Tensor& x) { return x.max(); }, {1, NaN, NaN}), doubles({0, 0.5, 0.5})));
}

TEST_CASE("smallest and largest share their gradients among equal elements") {
  const auto both = [](const Tensor& x) { return std::get<0>(x.aminmax(0)) + std::get<1>(x.aminmax(0)); };
  CHECK(same(gradient(both, {1, 1, 2}), doubles({0.5, 0.5, 1})));
}

TEST_CASE("the derivative of a product with zeros takes linear time") {
  const int64_t n = 200000;
  const Tensor x = ones({n}, kDouble);
  x[7] = 0;
  x.requires_grad_();
  Tensor expected = zeros({n}, kDouble);
  expected[7] = 1;
  CHECK(same(autograd::grad({x.prod()}, {x})[0], expected));
  const Tensor recorded = autograd::grad({x.prod()}, {x}, {}, std::nullopt, true)[0];
  CHECK(same(recorded.detach(), expected));
  // Of what stands beside the zero the derivative is another product of others.
  expected = ones({n}, kDouble);
  expected[7] = 0;
  CHECK(same(autograd::grad({recorded[7]}, {x})[0], expected));
}

TEST_CASE("second derivatives of products are products of the others") {
  const Tensor x = doubles({0, 2, 0, 3}).requires_grad_();
  const Tensor first = autograd::grad({x.prod()}, {x}, {}, std::nullopt, true)[0];
  for (int64_t i = 0; i < 4; ++i) {
    const Tensor row = autograd::grad({first[i]}, {x}, {}, true)[0];
    for (int64_t j = 0; j < 4; ++j) {
      double others = i == j ? 0 : 1;
      for (int64_t k = 0; k < 4; ++k)
        if (k != i && k != j) others *= x[k].item<double>();
      CHECK_EQ(row[j].item<double>(), others);
    }
  }
}

TEST_CASE("running products with zeros have the derivatives of the products") {
  const auto f = [](const Tensor& x) { return x.cumprod(0); };
  CHECK(same(gradient(f, {0, 2, 0, 3}), doubles({3, 0, 0, 0})));
  CHECK(same(gradient(f, {2, 0, 5}), doubles({1, 12, 0})));
}

TEST_CASE("a variance without degrees of freedom") {
  CHECK(std::isnan(doubles({1}).var().item<double>()));
  CHECK_EQ(doubles({1, 2}).var(IntArrayRef(), 5).item<double>(), inf);
  CHECK(std::isnan(zeros({0}).std().item<double>()));
  CHECK(same(gradient([](const Tensor& x) { return x.var(); }, {1}), doubles({NaN})));
  CHECK(same(gradient([](const Tensor& x) { return x.var(IntArrayRef(), 2); }, {1, 2}), doubles({inf, inf})));
  CHECK(same(gradient([](const Tensor& x) { return x.std(); }, {2, 2}), doubles({0, 0})));
}

TEST_CASE("a deviation that is small is not lost where its square is") {
  const Tensor x = doubles({1, 2, 3, 4, 5, 6, 7, 8, 9, 11}).view({2, 5});
  for (const double scale : {1e-19, 1e-23, 1e-30, 1e-36})
    for (const ScalarType dtype : {kFloat, kBFloat16}) {
      const Tensor small = (x * scale).to(dtype), want = small.to(kDouble).std(1) / scale;
      CHECK(allclose(small.std(1).to(kDouble) / scale, want, 0.01, 0));
      CHECK(allclose(std::get<0>(std_mean(small, 1)).to(kDouble) / scale, want, 0.01, 0));
    }
  CHECK(same(ones({2, 3}).std(1), zeros({2})));
}

TEST_CASE("a deviation does not overflow where its square does") {
  const Tensor x = doubles({1, 2, 3, 4, 5, 6, 7, 8, 9, 11}).view({2, 5});
  for (const ScalarType dtype : {kFloat, kBFloat16}) {
    const Tensor large = (x * 1e30).to(dtype), wide = large.to(kDouble);
    const auto near = [&](const Tensor& t, const Tensor& want) {
      return t.dtype() == dtype && allclose(t.to(kDouble) / 1e30, want / 1e30, 0.01, 0);
    };
    CHECK(near(large.std(), wide.std()));
    CHECK(near(large.std(1), wide.std(1)));
    CHECK(near(std::get<1>(std_mean(large, 0)), wide.mean({0})));
    CHECK(large.var().item<double>() == inf);
    CHECK((std::get<0>(var_mean(large, 1)) == inf).all().item<bool>());
  }
  // Squares that are added up overflow before their mean does.
  CHECK(allclose((x * 5e18).to(kFloat).repeat({10, 1}).var(0) / 1e37,
                 (x * 5e18).repeat({10, 1}).var(0).to(kFloat) / 1e37));
  const Tensor leaf = (x * 1e30).to(kFloat).requires_grad_(), plain = x.clone().requires_grad_();
  CHECK(allclose(autograd::grad({leaf.std()}, {leaf})[0],
                 autograd::grad({plain.std()}, {plain})[0].to(kFloat)));
  CHECK((x * 1e200).var().item<double>() == inf);
}

TEST_CASE("the variance of nothing is NaN whatever the correction, as PyTorch's") {
  for (const double correction : {-1., 0., 1.})
    CHECK(std::isnan(zeros({0, 2}).var(nullopt, Scalar(correction)).item<double>()));
}

TEST_CASE("an int is a dimension of a variance, a bool whether it is unbiased") {
  const Tensor x = doubles({1, 3, 5, 11}).reshape({2, 2});
  CHECK(same(x.var(0), doubles({8, 32})));
  CHECK(same(x.var(false), doubles({14})[0]));
  CHECK(same(x.std({1}, false), doubles({1, 3})));
  CHECK(same(std::get<1>(var_mean(x, {1}, 0, true)), doubles({2, 8}).reshape({2, 1})));
}

TEST_CASE("norms at zero, of NaN and of nothing") {
  for (double p : {0.5, 1., 1.5, 2., 3., inf, -inf, -1.})
    CHECK(same(gradient([p](const Tensor& x) { return x.norm(p); }, {0, 0}), doubles({0, 0})));
  CHECK_EQ(doubles({NaN, 1}).norm(0).item<double>(), 2);
  CHECK(std::isnan(doubles({NaN, 1}).norm(inf).item<double>()));
  CHECK(same(gradient([](const Tensor& x) { return x.norm(inf); }, {-2, 2}), doubles({-0.5, 0.5})));
  CHECK_EQ(zeros({0}).norm().item<double>(), 0);
  CHECK_THROWS_AS(zeros({0}).norm(inf), Error);
  CHECK_THROWS_AS(zeros({0}).norm(-1), Error);
  CHECK_THROWS_AS(tensor({1, 2}).norm(), TypeError);
  CHECK_THROWS_AS(norm(doubles({1}), 2, kFloat), Error);
  CHECK_EQ(norm(ones({4}), 2, kDouble).dtype(), kDouble);
}

TEST_CASE("logsumexp of infinities, of nothing and of integers") {
  CHECK_EQ(doubles({-inf, -inf}).logsumexp({0}).item<double>(), -inf);
  CHECK_EQ(doubles({inf, 1}).logsumexp({0}).item<double>(), inf);
  CHECK(std::isnan(doubles({NaN, 1}).logsumexp({0}).item<double>()));
  CHECK_EQ(zeros({0}).logsumexp({0}).item<double>(), -inf);
  CHECK_EQ(tensor({1, 2}).logsumexp({0}).dtype(), kFloat);
  CHECK_EQ(doubles({1000, 1000}).logsumexp({0}).item<double>(), doctest::Approx(1000 + std::log(2.)));
  CHECK(same(gradient([](const Tensor& x) { return x.logsumexp({0}); }, {-inf, 1}), doubles({0, 1})));
}

TEST_CASE("what is NaN does not count") {
  const Tensor x = doubles({1, NaN, 2, NaN, NaN, NaN}).reshape({2, 3});
  CHECK(same(x.nansum({1}), doubles({3, 0})));
  CHECK(same(x.nanmean({1}), doubles({1.5, NaN})));
  CHECK(same(gradient([](const Tensor& t) { return t.nansum(); }, {1, NaN}), doubles({1, 0})));
  CHECK(same(tensor({1, 2}, kChar).nansum(), tensor(int64_t{3})));
  CHECK(same(x.count_nonzero(0), tensor({2, 2, 2}, kLong)));
  CHECK(same(doubles({0, -0., 5e-324, -1e300, NaN, inf}).count_nonzero(), tensor(int64_t{4})));
}

TEST_CASE("logarithms of running sums far from 1 have gradients") {
  const auto f = [](const Tensor& x) { return x.logcumsumexp(0); };
  CHECK(same(gradient(f, {10000, -10000, 10000}), doubles({2.5, 0, 0.5})));
  CHECK(same(gradient(f, {-10000, -10000}), doubles({1.5, 0.5})));
}

TEST_CASE("scans keep shapes, and promote integers to int64") {
  CHECK(same(tensor({true, true}).cumsum(0), tensor({1, 2}, kLong)));
  CHECK(same(tensor({1.5, 2.0}).cumsum(0, kInt), tensor({1, 3}, kInt)));
  CHECK(same(tensor(3.).cumprod(0), tensor(3.)));
  CHECK_EQ(zeros({2, 0}).cumsum(1).sizes(), IntArrayRef({2, 0}));
  CHECK_THROWS_AS(ones({2}).cumsum(0, kBool), TypeError);
  CHECK_THROWS_AS(tensor({1, 2}).logcumsumexp(0), TypeError);
  const auto [values, indices] = doubles({1, NaN, 0, NaN}).cummax(0);
  CHECK(same(values, doubles({1, NaN, NaN, NaN})));
  CHECK(same(indices, tensor({0, 1, 1, 3}, kLong)));
}

namespace {

// One element after the other, as it is defined. Rounded to T once.
template <class T, class F>
Tensor scanned(const Tensor& x, double start, const F& f) {
  const Tensor in = x.to(kDouble).contiguous(), out = empty_like(in);
  const int64_t rows = in.size(0), n = in.size(1);
  for (int64_t r = 0; r < rows; ++r) {
    long double so_far = start;
    for (int64_t i = 0; i < n; ++i) {
      so_far = f(so_far, in.data_ptr<double>()[r * n + i]);
      out.data_ptr<double>()[r * n + i] = static_cast<double>(so_far);
    }
  }
  return out.to(scalar_type_of<T>);
}

template <class T>
void check_scans_of_rows() {
  const auto sum = [](long double a, double b) { return a + b; };
  const auto product = [](long double a, double b) { return a * b; };
  for (const int64_t n : {1, 2, 3, 4, 5, 7, 8, 16, 17, 19, 37, 300}) {
    CAPTURE(n);
    const Tensor x = randint(-2, 3, {11, n}, scalar_type_of<T>), sums = scanned<T>(x, 0, sum);
    const Tensor turned = x.t().contiguous().t(), apart = empty({11, 2 * n}, x.dtype()).slice(1, 0, 2 * n, 2);
    apart.copy_(x);
    for (const Tensor& each : {x, turned, apart}) {
      CHECK(each.cumsum(1).to(x.dtype()).equal(sums));
      CHECK(each.t().cumsum(0).to(x.dtype()).equal(sums.t()));
      CHECK(each.clone().cumsum_(1).equal(sums));
      Tensor out = empty({11, n}, x.dtype()), across = empty({n, 11}, x.dtype()).t();
      CHECK(cumsum_out(out, each, 1).equal(sums));
      CHECK(cumsum_out(across, each, 1).equal(sums));
      const Tensor factors = (each + 3).div(2, "floor");
      CHECK(factors.cumprod(1).to(x.dtype()).equal(scanned<T>(factors, 1, product)));
    }
  }
}

}  // namespace

TEST_CASE("scans of rows of every length and layout take element after element") {
  manual_seed(5);
  check_scans_of_rows<float>();
  check_scans_of_rows<double>();
  check_scans_of_rows<int64_t>();
  check_scans_of_rows<int32_t>();
}

TEST_CASE("a cumulative product of floats leaves their range only where it does itself") {
  const Tensor x = tensor({1e-30f, 1e-30f, 1e30f, 1e30f, 1e30f, 1e30f, 1e-30f, 1e-30f});
  CHECK(allclose(x.cumprod(0), tensor({1e-30, 0.0, 1e-30, 1.0, 1e30, inf, 1e30, 1.0}, kFloat), 1e-5, 0));
}

TEST_CASE("softmax of 16-bit elements") {
  const Tensor x = tensor({1.0, 2.0, 3.0, 0.5, 0.5, 0.5}).reshape({2, 3});
  for (ScalarType t : {kHalf, kBFloat16}) {
    const Tensor narrow = x.to(t).requires_grad_(), wide = x.to(kDouble).requires_grad_();
    for (int64_t dim : {0, 1}) {
      const Tensor y = narrow.log_softmax(dim);
      CHECK_EQ(y.dtype(), t);
      CHECK(allclose(y.detach().to(kDouble), wide.log_softmax(dim).detach(), 8e-3, 8e-3));
      const Tensor g = autograd::grad({narrow.softmax(dim).select(0, 0).sum()}, {narrow})[0],
                   exact = autograd::grad({wide.softmax(dim).select(0, 0).sum()}, {wide})[0];
      CHECK_EQ(g.dtype(), t);
      CHECK(allclose(g.to(kDouble), exact, 8e-3, 8e-3));
    }
  }
}

TEST_CASE("a norm of negative order has no gradient where it is 0") {
  for (const double p : {-1., -2., -0.5}) {
    const Tensor x = tensor({0., 1., 2.}, kDouble).requires_grad_();
    const Tensor y = linalg::vector_norm(x, p);
    CHECK_EQ(y.item<double>(), 0);
    CHECK(autograd::grad({y}, {x})[0].equal(zeros({3}, kDouble)));
  }
}

TEST_CASE("the mean of nothing is NaN beside the variance too") {
  CHECK(std::isnan(std::get<1>(var_mean(ones({0}))).item<double>()));
  CHECK(std::isnan(std::get<1>(std_mean(ones({0, 2}), 0))[1].item<double>()));
}

TEST_CASE("equal extremes of a segment share its gradient, and what it starts with takes no share") {
  const Tensor x = tensor({1., 1., 2., 3., 3., 3.}, kDouble).requires_grad_();
  const Tensor lengths = tensor({2, 1, 3}, kLong);
  for (const char* reduce : {"min", "max"}) {
    const Tensor y = segment_reduce(x, reduce, lengths);
    CHECK(
        allclose(autograd::grad({y.sum()}, {x})[0], tensor({0.5, 0.5, 1., 1. / 3, 1. / 3, 1. / 3}, kDouble)));
    const Tensor started = segment_reduce(x, reduce, lengths, nullopt, nullopt, 0, false, 1);
    CHECK(autograd::grad({started.sum()}, {x})[0].slice(0, 0, 2).equal(tensor({0.5, 0.5}, kDouble)));
  }
}

TEST_CASE("segment_reduce refuses indices and no segments") {
  const Tensor x = ones({2}, kDouble), two = tensor({0, 0}, kLong);
  CHECK_THROWS_AS(segment_reduce(x, "sum", tensor({2}, kLong), two), Error);
  CHECK_THROWS_AS(segment_reduce(x.slice(0, 0, 0), "sum", empty({0}, kLong)), Error);
}
