// Decompositions and solvers against what defines them, and what they say of matrices that they cannot take.
#include <array>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "core/ops/samples.h"

using namespace xgrad;
using samples::spread;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool close(const Tensor& a, const Tensor& b, double tolerance = 1e-10) {
  return allclose(a, b, tolerance, tolerance);
}
Tensor identity(int64_t n) { return eye(n, kDouble); }

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const LinAlgError& e) {
    return e.what();
  } catch (const Error& e) {
    return std::string("not a LinAlgError: ") + e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a matrix is the product of the parts it decomposes into") {
  for (const auto& sizes :
       std::vector<std::vector<int64_t>>{{3, 3}, {2, 5, 3}, {2, 1, 3, 5}, {4, 1}, {0, 3, 2}}) {
    CAPTURE(IntArrayRef(sizes).size());
    const Tensor a = spread(sizes, -1, 1);
    for (const char* mode : {"reduced", "complete"}) {
      const auto [q, r] = linalg::qr(a, mode);
      CHECK(close(matmul(q, r), a));
      const Tensor product = matmul(q.mT(), q);
      CHECK(close(product, identity(q.size(-1)).expand(product.sizes())));
      CHECK(equal(r, triu(r)));
    }
    const auto [u, s, vt] = linalg::svd(a, false);
    CHECK(close(matmul(u * s.unsqueeze(-2), vt), a));
    CHECK(close(linalg::svdvals(a), s));
    const Tensor symmetric = matmul(a, a.mT());
    const auto [w, v] = linalg::eigh(symmetric);
    CHECK(close(matmul(v * w.unsqueeze(-2), v.mT()), symmetric));
    CHECK(close(linalg::eigvalsh(symmetric), w));
    const Tensor positive = symmetric + identity(a.size(-2)), l = linalg::cholesky(positive);
    CHECK(close(matmul(l, l.mT()), positive));
    CHECK(close(linalg::cholesky(positive, true), l.mT()));
  }
}

TEST_CASE("large matrices are decomposed by halves, the tall, the wide, the huge and the tiny ones") {
  for (const ScalarType t : {kFloat, kDouble})
    for (const auto& sizes : std::vector<std::array<int64_t, 2>>{{150, 37}, {37, 150}, {81, 81}, {9, 8}})
      for (const double size : {1., t == kFloat ? 1e-30 : 1e-270, t == kFloat ? 1e30 : 1e270}) {
        const int64_t m = sizes[0], n = sizes[1];
        INFO(m, " x ", n, " of size ", size);
        const Tensor unit = spread({2, m, n}, -1, 1).to(t), a = unit * size;
        const double tolerance = t == kFloat ? 2e-5 : 1e-13;
        for (const char* mode : {"reduced", "complete", "r"}) {
          const auto [q, r] = linalg::qr(a, mode);
          CHECK(equal(r, triu(r)));
          if (q.numel() == 0) continue;
          CHECK(close(matmul(q, r) / size, unit, tolerance));
          CHECK(close(matmul(q.mT(), q), eye(q.size(-1), t).expand({2, q.size(-1), q.size(-1)}), tolerance));
        }
        const auto [u, s, vt] = linalg::svd(a, false);
        const Tensor values = s / size, whole = eye(s.size(-1), t).expand({2, s.size(-1), s.size(-1)});
        CHECK(close(matmul(u * values.unsqueeze(-2), vt), unit, 10 * tolerance));
        CHECK(close(matmul(u.mT(), u), whole, tolerance));
        CHECK(close(matmul(vt, vt.mT()), whole, tolerance));
        CHECK(close(linalg::svdvals(a) / size, values, 10 * tolerance));
      }
  for (const int64_t n : {65, 130, 200}) {
    const Tensor a = spread({n, n}, -1, 1), positive = matmul(a, a.mT()) + identity(n);
    const Tensor l = linalg::cholesky(positive);
    CHECK(close(matmul(l, l.mT()), positive, 1e-9));
    CHECK(equal(l, tril(l)));
    CHECK(close(linalg::cholesky(positive, true), l.mT(), 1e-9));
    Tensor broken = positive.clone();
    broken[n - 2][n - 2] = -1;
    CHECK(std::get<1>(linalg::cholesky_ex(broken)).item<int>() == n - 1);
    const Tensor b = spread({n, 2}, -1, 1, 1);
    CHECK(close(matmul(positive, linalg::solve(positive, b)), b, 1e-9));
  }
}

TEST_CASE("a column of zeros and one that is not finite have reflections") {
  Tensor a = spread({20, 10}, -1, 1);
  a.narrow(1, 3, 2).zero_();
  const auto [q, r] = linalg::qr(a);
  CHECK(close(matmul(q, r), a));
  CHECK(close(matmul(q.mT(), q), identity(10)));
  a[4][6] = kNaN;
  CHECK(std::get<1>(linalg::qr(a))[6][6].isnan().item<bool>());
}

TEST_CASE("LU factors make up their matrix, and solve equations from either side") {
  for (const auto& sizes :
       std::vector<std::vector<int64_t>>{{3, 3}, {2, 5, 3}, {2, 1, 3, 5}, {4, 1}, {0, 3, 2}}) {
    const Tensor a = spread(sizes, -1, 1);
    const auto [p, l, u] = linalg::lu(a);
    CHECK(close(matmul(p, matmul(l, u)), a));
    CHECK(equal(l, tril(l)));
    CHECK(equal(u, triu(u)));
  }
  const Tensor a = spread({2, 4, 4}, -1, 1) + 2 * identity(4), b = spread({2, 4, 3}, -1, 1, 1);
  const auto [lu, pivots] = linalg::lu_factor(a);
  CHECK(pivots.dtype() == kInt);
  CHECK(close(matmul(a, linalg::lu_solve(lu, pivots, b)), b));
  CHECK(close(matmul(a.mT(), linalg::lu_solve(lu, pivots, b, true, true)), b));
  CHECK(close(matmul(linalg::lu_solve(lu, pivots, b.mT(), false), a), b.mT()));
  CHECK(close(matmul(a, b.lu_solve(lu, pivots)), b));
}

TEST_CASE("a symmetric matrix that is not definite is solved by L D L^T") {
  // The factors are those of PyTorch 2.15: the second and third row are one block of D.
  const Tensor a = tensor({1., 2., -1., 2., 4., 3., -1., 3., 0.}, kDouble).view({3, 3});
  const auto parts = linalg::ldl_factor(a);
  const Tensor &ld = std::get<0>(parts), &pivots = std::get<1>(parts);
  CHECK(close(ld, tensor({1., 0., 0., 2., 0., 0., -1., 5., -1.}, kDouble).view({3, 3})));
  CHECK(equal(pivots, tensor({1, -3, -3}, kInt)));
  const Tensor batch = stack({a, -2 * a}), b = spread({2, 3, 2}, -1, 1);
  const auto [factors, rows] = linalg::ldl_factor(batch);
  CHECK(close(matmul(batch, linalg::ldl_solve(factors, rows, b)), b));
  CHECK(close(matmul(a, linalg::ldl_solve(ld, pivots, b)), b));
  CHECK(error_of([&] {
          linalg::ldl_solve(ld, pivots * 0 - 3, b);
        }).find("not a LinAlgError: linalg.ldl_solve: pivots must be") == 0);
  CHECK(error_of([&] { linalg::ldl_factor(a.clone().requires_grad_()); }).find("has no derivative") !=
        std::string::npos);
}

TEST_CASE("decompositions that do not throw say where they failed") {
  const Tensor a = stack({identity(3), zeros({3, 3}, kDouble)});
  CHECK(equal(std::get<1>(linalg::inv_ex(a)), tensor({0, 1}, kInt)));
  CHECK(equal(std::get<2>(linalg::lu_factor_ex(a)), tensor({0, 1}, kInt)));
  CHECK(
      equal(std::get<1>(linalg::cholesky_ex(a - 2 * identity(3) * tensor({0., 1.}, kDouble).view({2, 1, 1}))),
            tensor({0, 1}, kInt)));
  CHECK(close(std::get<0>(linalg::inv_ex(a))[0], identity(3)));
  CHECK(error_of([&] { linalg::inv_ex(a, true); }).find("linalg.inv_ex: (Batch element 1): ") == 0);
  CHECK(error_of([&] {
          linalg::cholesky_ex(a, false, true);
        }).find("linalg.cholesky_ex: (Batch element 1): ") == 0);
  CHECK(error_of([&] { linalg::lu_factor(a); }).find("linalg.lu_factor: (Batch element 1): U[1,1] is zero") ==
        0);
}

TEST_CASE("the exponential of a matrix that turns is a rotation, also many times around") {
  const Tensor turn = tensor({0., -1., 1., 0.}, kDouble).view({2, 2});
  for (const double angle : {0., 0.1, 2., 100.}) {
    const Tensor expected =
        tensor({std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle)}, kDouble);
    CHECK(close(linalg::matrix_exp(turn * angle), expected.view({2, 2})));
  }
  const Tensor a = spread({2, 3, 3}, -1, 1);
  CHECK(close(matmul(matrix_exp(a), matrix_exp(-a)), identity(3).expand({2, 3, 3})));
  CHECK(matrix_exp(zeros({2, 0, 0})).numel() == 0);
}

TEST_CASE("reflections multiply to the Q of a QR decomposition") {
  const Tensor a = spread({2, 5, 3}, -1, 1), c = spread({2, 5, 2}, -1, 1, 1);
  const auto [reflections, tau] = a.geqrf();
  const auto [q, r] = linalg::qr(a, "complete");
  CHECK(close(linalg::householder_product(reflections, tau), q.narrow(-1, 0, 3)));
  CHECK(close(reflections.orgqr(tau), q.narrow(-1, 0, 3)));
  CHECK(close(reflections.ormqr(tau, c), matmul(q, c)));
  CHECK(close(ormqr(reflections, tau, c, true, true), matmul(q.mT(), c)));
  CHECK(close(ormqr(reflections, tau, c.mT(), false), matmul(c.mT(), q)));
  CHECK(close(triu(reflections).narrow(-2, 0, 3), r.narrow(-2, 0, 3)));
}

TEST_CASE("what Cholesky's factor solves, and the inverse it gives") {
  const Tensor a = spread({2, 3, 3}, -1, 1), positive = matmul(a, a.mT()) + identity(3),
               b = spread({2, 3, 1}, -1, 1);
  for (const bool upper : {false, true}) {
    const Tensor factor = linalg::cholesky(positive, upper);
    CHECK(close(matmul(positive, b.cholesky_solve(factor, upper)), b));
    CHECK(close(factor.cholesky_inverse(upper), linalg::inv(positive)));
  }
}

TEST_CASE("tensors are solved and inverted as the matrices that they are") {
  const Tensor a = spread({2, 3, 6}, -1, 1) + 2 * identity(6).view({2, 3, 6}), b = spread({2, 3}, -1, 1, 1);
  CHECK(close(tensordot(a, linalg::tensorsolve(a, b), {2}, {0}), b));
  CHECK(close(linalg::tensorsolve(a.movedim(-1, 0), b, IntArrayRef{0}), linalg::tensorsolve(a, b)));
  CHECK(close(tensordot(linalg::tensorinv(a), b, {1, 2}, {0, 1}), linalg::tensorsolve(a, b)));
  CHECK(close(linalg::vecdot(a, a), (a * a).sum(-1)));
}

TEST_CASE("condition numbers are products of norms, and infinite where a matrix is singular") {
  const Tensor a = tensor({1., 2., 3., 4.}, kDouble).view({2, 2});
  CHECK(close(linalg::cond(a), tensor(14.933034373659268, kDouble)));
  CHECK(close(linalg::cond(a, Scalar(-2)), tensor(1 / 14.933034373659268, kDouble)));
  CHECK(close(linalg::cond(a, Scalar(1)), tensor(21., kDouble)));
  CHECK(close(linalg::cond(a, "fro"), tensor(15., kDouble)));
  CHECK(std::isinf(linalg::cond(ones({2, 2}), Scalar(1)).item<double>()));
}

TEST_CASE("full matrices of a singular value decomposition are orthonormal, and of nothing the identity") {
  const auto [u, s, vt] = linalg::svd(spread({4, 2}, -1, 1));
  CHECK(close(matmul(u.mT(), u), identity(4)));
  CHECK(close(matmul(vt, vt.mT()), identity(2)));
  CHECK(equal(std::get<0>(linalg::svd(zeros({3, 0}, kDouble))), identity(3)));
}

TEST_CASE("only one triangle is read") {
  const Tensor a = matmul(spread({3, 3}, -1, 1), spread({3, 3}, -1, 1).mT()) + identity(3);
  const Tensor lower = a.masked_fill(triu(ones({3, 3}), 1) > 0, kNaN), upper = lower.mT();
  CHECK(close(linalg::cholesky(lower), linalg::cholesky(a)));
  CHECK(close(linalg::cholesky(upper, true), linalg::cholesky(a, true)));
  CHECK(close(linalg::eigvalsh(lower), linalg::eigvalsh(a)));
  CHECK(close(linalg::eigvalsh(upper, "U"), linalg::eigvalsh(a)));
  const Tensor b = spread({3, 2}, -1, 1);
  CHECK(close(matmul(tril(a), linalg::solve_triangular(lower, b, false)), b));
  const Tensor ones_on_diagonal = triu(a, 1) + identity(3);
  CHECK(close(matmul(ones_on_diagonal, linalg::solve_triangular(upper, b, true, true, true)), b));
}

TEST_CASE("an inverse, a solution and a determinant agree") {
  const Tensor a = spread({2, 3, 3}, -1, 1) + identity(3) * 2, b = spread({2, 3, 4}, -1, 1);
  CHECK(close(matmul(a, linalg::inv(a)), identity(3).expand({2, 3, 3})));
  CHECK(close(linalg::solve(a, b), matmul(linalg::inv(a), b)));
  CHECK(close(matmul(linalg::solve(a, b.mT(), false), a), b.mT()));
  CHECK(close(std::get<0>(triangular_solve(b, a, false, true)), linalg::solve(tril(a).mT(), b)));
  const Tensor m = a.select(0, 0), d = linalg::det(m);
  const double expected =
      (m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
       m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]))
          .item<double>();
  CHECK(d.item<double>() == doctest::Approx(expected));
  const auto [sign, logarithm] = linalg::slogdet(-m);
  CHECK(sign.item<double>() == (expected > 0 ? -1 : 1));
  CHECK(logarithm.item<double>() == doctest::Approx(std::log(std::fabs(expected))));
  CHECK(std::isnan(logdet(m * d.sign().neg().unsqueeze(0)).item<double>()) == true);
}

TEST_CASE("matrices of all sizes are solved alike, those that need LAPACK and those that do not") {
  for (const int64_t n : {1, 2, 5, 8, 9, 17, 40}) {
    CAPTURE(n);
    const Tensor a = spread({3, n, n}, -1, 1) + tril(ones({n, n}, kDouble), -1),
                 b = spread({3, n, 2}, -1, 1, 1);
    CHECK(close(matmul(a, linalg::solve(a, b)), b, 1e-8));
    CHECK(close(matmul(a, linalg::inv(a)), identity(n).expand(a.sizes()), 1e-8));
    CHECK(close(linalg::det(a).abs(), linalg::svdvals(a).prod(-1), 1e-8));
    CHECK(close(linalg::det(matmul(a, a)), linalg::det(a).square(), 1e-8));
    const Tensor singular = a * (arange(n) != n - 1);
    CHECK(linalg::det(singular).abs().max().item<double>() == 0);
    CHECK(error_of([&] {
            linalg::inv(singular);
          }).find(concat("(Batch element 0): The diagonal element ", n)) != std::string::npos);
    CHECK(error_of([&] { linalg::solve(singular, b); }).find("singular") != std::string::npos);
  }
}

TEST_CASE("equations with triangles hold for few and for many sides, on the left and on the right") {
  for (const int64_t n : {1, 7, 8, 9, 17, 40, 70})
    for (const int64_t sides : {1, 9, 30})
      for (const bool upper : {false, true})
        for (const bool unit : {false, true}) {
          CAPTURE(n);
          CAPTURE(sides);
          const Tensor a = spread({2, n, n}, -0.5, 0.5) + identity(n) * 2,
                       b = spread({2, n, sides}, -1, 1, 1);
          const Tensor t = unit    ? (upper ? triu(a, 1) : tril(a, -1)) + identity(n)
                           : upper ? triu(a)
                                   : tril(a);
          CHECK(close(matmul(t, linalg::solve_triangular(a, b, upper, true, unit)), b, 1e-8));
          CHECK(close(matmul(linalg::solve_triangular(a, b.mT(), upper, false, unit), t), b.mT(), 1e-8));
          CHECK(close(matmul(a, linalg::solve(a, b)), b, 1e-8));
        }
}

TEST_CASE("large matrices are factored by halves, with the pivots that rows are exchanged by") {
  const int64_t n = 150;
  const Tensor a = (spread({2, n, n}, -1, 1) + identity(n) * 5).flip({1}), b = spread({2, n, 3}, -1, 1, 1);
  for (const Tensor& part : {a, a.narrow(-1, 0, 90), a.narrow(-2, 30, 20)}) {
    const auto [p, l, u] = linalg::lu(part);
    CHECK(close(matmul(p, matmul(l, u)), part, 1e-8));
    CHECK(l.abs().max().item<double>() == 1);
  }
  CHECK(linalg::solve(a, b.narrow(-1, 0, 0)).numel() == 0);
  CHECK(close(matmul(a, linalg::inv(a)), identity(n).expand(a.sizes()), 1e-8));
  CHECK(close(matmul(a, linalg::solve(a, b)), b, 1e-8));
  CHECK(error_of([&] { linalg::inv(a * (arange(n) != n - 1)); }).find("The diagonal element 150 is zero") !=
        std::string::npos);
}

TEST_CASE("eigenvectors of large symmetric matrices, of either triangle and of numbers of any size") {
  const int64_t n = 150;
  const Tensor half = spread({3, n, n}, -1, 1) * tensor({1., 1e-160, 1e160}, kDouble).view({3, 1, 1});
  const Tensor a = half + half.mT(), scale = a.abs().amax({1, 2}, true);
  for (const bool upper : {false, true}) {
    const auto [w, v] = linalg::eigh(upper ? triu(a) : tril(a), upper ? "U" : "L");
    CHECK(close(matmul(v.mT(), v), identity(n).expand(a.sizes()), 1e-8));
    CHECK(close(matmul(v * (w.unsqueeze(-2) / scale), v.mT()), a / scale, 1e-8));
    CHECK(all(w.diff() >= 0).item<bool>());
  }
}

TEST_CASE("a vector for each matrix is no matrix") {
  const Tensor a = spread({2, 2, 2}, -1, 1) + identity(2) * 2, b = spread({2, 2}, -1, 1);
  CHECK(close(linalg::solve(a, b), linalg::solve(a, b.unsqueeze(-1)).squeeze(-1)));
  CHECK(linalg::solve(a, b).sizes().vec() == std::vector<int64_t>{2, 2});
}

TEST_CASE("a matrix that cannot be taken is named") {
  const Tensor singular = tensor({{1., 2.}, {2., 4.}}), batch = stack({eye(2, kFloat), singular});
  CHECK(error_of([&] { linalg::inv(singular); }) ==
        "linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input "
        "matrix is singular.");
  CHECK(error_of([&] {
          linalg::solve(batch, ones({2, 1}));
        }) == "linalg.solve: (Batch element 1): The solver failed because the input matrix is singular.");
  CHECK(
      error_of([&] { linalg::cholesky(-batch); }) ==
      "linalg.cholesky: (Batch element 0): The factorization could not be completed because the input is not "
      "positive-definite (the leading minor of order 1 is not positive-definite).");
  CHECK(error_of([&] {
          linalg::svd(full({2, 2}, kNaN));
        }).find("linalg.svd: The algorithm failed to converge") == 0);
  CHECK(error_of([&] {
          linalg::inv(ones({2, 2}, kLong));
        }) ==
        "not a LinAlgError: linalg.inv: only for float32 and float64: A is int64; convert it with to(...)");
}

TEST_CASE("the derivative of a determinant is its cofactors where it is 0 too") {
  const Tensor a = stack({tensor({{1., 2.}, {2., 4.}}, kDouble), tensor({{3., 1.}, {0., 2.}}, kDouble),
                          zeros({2, 2}, kDouble)})
                       .requires_grad_();
  linalg::det(a).sum().backward();
  const Tensor expected =
      tensor({{{4., -2.}, {-2., 1.}}, {{2., 0.}, {-1., 3.}}, {{0., 0.}, {0., 0.}}}, kDouble);
  CHECK(close(a.grad(), expected));
}

TEST_CASE("the logarithm of a singular matrix's determinant has an infinite derivative") {
  const Tensor a = zeros({2, 2}, kDouble).requires_grad_();
  const Tensor value = std::get<1>(linalg::slogdet(a));
  CHECK(value.item<double>() == -std::numeric_limits<double>::infinity());
  value.backward();
  CHECK_FALSE(any(a.grad().abs() < std::numeric_limits<double>::infinity()).item<bool>());
}

TEST_CASE("a pseudo-inverse fulfils Penrose's conditions, of a matrix without full rank too") {
  const Tensor thin = spread({5, 2}, -1, 1), a = matmul(thin, spread({2, 4}, -1, 1, 1)), y = linalg::pinv(a);
  CHECK(close(matmul(matmul(a, y), a), a));
  CHECK(close(matmul(matmul(y, a), y), y));
  CHECK(close(matmul(a, y), matmul(a, y).mT()));
  CHECK(close(matmul(y, a), matmul(y, a).mT()));
  CHECK(linalg::matrix_rank(a).item<int64_t>() == 2);
  CHECK(linalg::pinv(zeros({0, 3})).sizes().vec() == std::vector<int64_t>{3, 0});
  const Tensor symmetric = matmul(thin, thin.mT());
  CHECK(close(linalg::pinv(symmetric, nullopt, optional<double>(1e-9), true), linalg::pinv(symmetric, 1e-9)));
}

TEST_CASE("all drivers of least squares find the same solution") {
  const Tensor a = spread({2, 5, 3}, -1, 1), b = spread({2, 5, 2}, -1, 1, 1),
               expected = matmul(linalg::pinv(a), b);
  for (const char* driver : {"gels", "gelsy", "gelsd", "gelss"}) {
    CAPTURE(driver);
    const auto [x, rests, rank, values] = linalg::lstsq(a, b, nullopt, driver);
    CHECK(close(x, expected));
    const Tensor rest = matmul(a, x) - b;
    if (rests.numel() > 0) CHECK(close(rests, sum(rest * rest, -2)));
    if (rank.numel() > 0) CHECK(equal(rank, full({2}, 3)));
    if (values.numel() > 0) CHECK(close(values, linalg::svdvals(a)));
  }
}

TEST_CASE("least squares has the rank that rcond says, and the gradient of the pseudo-inverse") {
  for (const auto& sizes : {std::vector<int64_t>{2, 40, 17}, {2, 17, 40}, {2, 33, 33}}) {
    CAPTURE(sizes);
    const Tensor seeds = randn(sizes, kDouble), s = where(arange(17) < 10, 1., 1e-6).to(kDouble);
    const auto [u, values, vt] = linalg::svd(seeds, false);
    const Tensor some = matmul(u.narrow(-1, 0, 17) * s, vt.narrow(-2, 0, 17)),
                 b = randn({2, sizes[1], 3}, kDouble);
    for (const double rcond : {1e-13, 1e-3})
      CHECK(equal(std::get<2>(linalg::lstsq(some, b, rcond)), full({2}, rcond < 1e-9 ? 17 : 10)));
    const Tensor a = seeds.clone().requires_grad_(), c = b.clone().requires_grad_();
    const Tensor expected = matmul(linalg::pinv(a), c), x = std::get<0>(linalg::lstsq(a, c)),
                 g = randn_like(x);
    CHECK(close(x, expected));
    const auto grads = autograd::grad({x}, {a, c}, {g}), of_pinv = autograd::grad({expected}, {a, c}, {g});
    for (const std::size_t i : {0, 1}) CHECK(close(grads[i], of_pinv[i]));
  }
}

TEST_CASE("a mode without Q has no derivative, and says so") {
  const Tensor a = spread({3, 2}, -1, 1).requires_grad_();
  CHECK_THROWS_AS(std::get<1>(linalg::qr(a, "r")).sum().backward(), Error);
  CHECK_THROWS_AS(std::get<1>(linalg::qr(a, "complete")).sum().backward(), Error);
  CHECK_FALSE(a.grad().defined());
}

TEST_CASE("the order of a product of many does not change it, nor does it matter how a power is reached") {
  const Tensor a = spread({2}, -1, 1), b = spread({2, 9}, -1, 1), c = spread({9, 3}, -1, 1),
               d = spread({3}, -1, 1, 1);
  CHECK(close(linalg::multi_dot({a, b, c, d}), matmul(matmul(matmul(a, b), c), d)));
  const Tensor m = spread({2, 3, 3}, -1, 1) + identity(3);
  CHECK(close(linalg::matrix_power(m, 5), matmul(m, matmul(matmul(m, m), matmul(m, m)))));
  CHECK(close(linalg::matrix_power(m, -2), linalg::inv(matmul(m, m))));
  CHECK(equal(linalg::matrix_power(m, 0), identity(3).expand({2, 3, 3})));
  CHECK(linalg::matrix_power(ones({2, 2}, kLong), 3).dtype() == kLong);
  CHECK(equal(m.matrix_exp(), linalg::matrix_exp(m)));
}

TEST_CASE("norms of matrices are what their names say, in whatever dimensions these lie") {
  const Tensor a = spread({3, 2, 4}, -1, 1), m = a.permute({1, 2, 0}).select(0, 0), s = linalg::svdvals(m);
  const auto norm = [&](const Scalar& ord, bool keepdim = false) {
    return linalg::matrix_norm(a, ord, {2, 0}, keepdim);
  };
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(close(norm(2)[0], s[0]));
  CHECK(close(norm(-2)[0], s[2]));
  CHECK(close(norm(1)[0], m.abs().sum(0).max()));
  CHECK(close(norm(-1)[0], m.abs().sum(0).min()));
  CHECK(close(norm(inf)[0], m.abs().sum(1).max()));
  CHECK(close(norm(-inf)[0], m.abs().sum(1).min()));
  CHECK(close(linalg::matrix_norm(a, "nuc", {2, 0})[0], s.sum()));
  CHECK(close(linalg::norm(m), linalg::matrix_norm(m)));
  CHECK(norm(2, true).sizes().vec() == std::vector<int64_t>{1, 2, 1});
  CHECK(linalg::matrix_norm(zeros({0, 3}), 2).item<float>() == 0);
}

TEST_CASE("matrices of a result have their columns side by side, and results do not depend on threads") {
  const Tensor a = spread({64, 16, 16}, -1, 1) + identity(16);
  const int before = get_num_threads();
  set_num_threads(1);
  const Tensor one = linalg::inv(a);
  set_num_threads(2);
  CHECK(equal(one, linalg::inv(a)));
  set_num_threads(before);
  CHECK(one.strides().vec() == std::vector<int64_t>{256, 1, 16});
  CHECK(one.mT().is_contiguous());
}

TEST_CASE("vander has powers in both orders and a gradient") {
  const Tensor x = tensor({1., 2., 3.}, kDouble).requires_grad_();
  CHECK(vander(x.detach()).equal(tensor({1., 1., 1., 4., 2., 1., 9., 3., 1.}, kDouble).view({3, 3})));
  CHECK(linalg::vander(x.detach(), 2).equal(tensor({1., 1., 1., 2., 1., 3.}, kDouble).view({3, 2})));
  CHECK_EQ(vander(x, 0).sizes().vec(), std::vector<int64_t>{3, 0});
  CHECK(autograd::grad({vander(x, 3, true).sum()}, {x})[0].equal(1 + 2 * x.detach()));
  CHECK_THROWS_AS(linalg::vander(x, 1), Error);
  CHECK_THROWS_AS(vander(x.view({1, 3})), Error);
}

TEST_CASE("lstsq refuses sides that are two dimensions away") {
  CHECK_THROWS_AS(linalg::lstsq(ones({4, 3, 2}), ones({3})), Error);
  CHECK_THROWS_AS(linalg::lstsq(ones({3, 2}), ones({4, 3, 2})), Error);
}

TEST_CASE("the gradient of pinv sums over tolerances that are more than matrices") {
  const Tensor a = eye(2, kDouble).mul(2).requires_grad_();
  const Tensor y = linalg::pinv(a, nullopt, optional<Tensor>(zeros({3}, kDouble)));
  CHECK_EQ(y.sizes().vec(), std::vector<int64_t>{3, 2, 2});
  CHECK(allclose(autograd::grad({y.sum()}, {a})[0], full({2, 2}, -0.75, kDouble)));
}
