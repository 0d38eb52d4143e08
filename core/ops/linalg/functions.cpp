// Functions of matrices that are made of other ops: no stanzas.
#include <cmath>

#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

// H_1 ... H_k c, or H_k ... H_1 c.
Tensor reflected(const Tensor& a, const Tensor& tau, Tensor c, bool transposed) {
  const int64_t m = a.size(-2), k = tau.size(-1);
  const Tensor vectors = tril(a.narrow(-1, 0, k), -1) + eye(m, k, a.options().requires_grad(false));
  for (int64_t i = 0; i < k; ++i) {
    const int64_t at = transposed ? i : k - 1 - i;
    const Tensor v = vectors.narrow(-1, at, 1);
    c = c - matmul(v * tau.narrow(-1, at, 1).unsqueeze(-1), matmul(v.mT(), c));
  }
  return c;
}

void check_reflections(const char* op, const Tensor& a, const Tensor& tau) {
  check_matrices(op, a);
  check_same_dtype(op, a, tau);
  XGRAD_CHECK(tau.dim() == a.dim() - 1 && tau.sizes().slice(0, tau.sizes().size() - 1) == batch_sizes(a) &&
                  tau.size(-1) <= a.size(-1) && tau.size(-1) <= a.size(-2),
              op, ": tau must have A's batch, and no more elements than A columns or rows: A is ", a.sizes(),
              ", tau is ", tau.sizes());
}

}  // namespace

Tensor linalg::householder_product(const Tensor& A, const Tensor& tau) {
  check_reflections("linalg.householder_product", A, tau);
  XGRAD_CHECK(A.size(-2) >= A.size(-1),
              "linalg.householder_product: A must not have more columns than rows: A is ", A.sizes());
  const Tensor whole = eye(A.size(-2), A.size(-1), A.options().requires_grad(false));
  return reflected(A, tau, whole.expand(A.sizes()), false);
}
Tensor orgqr(const Tensor& self, const Tensor& tau) { return linalg::householder_product(self, tau); }

Tensor ormqr(const Tensor& self, const Tensor& tau, const Tensor& other, bool left, bool transpose) {
  check_reflections("ormqr", self, tau);
  check_matrices("ormqr", other);
  check_same_dtype("ormqr", self, other);
  XGRAD_CHECK(batch_sizes(other) == batch_sizes(self) && other.size(left ? -2 : -1) == self.size(-2),
              "ormqr: other must have self's batch, and as many ", left ? "rows" : "columns",
              " as self rows: self is ", self.sizes(), ", other is ", other.sizes());
  return left ? reflected(self, tau, other, transpose) : reflected(self, tau, other.mT(), !transpose).mT();
}

std::tuple<Tensor, Tensor> geqrf(const Tensor& self) {
  check_matrices("geqrf", self);
  const int64_t m = self.size(-2), n = self.size(-1);
  const NoGradGuard no_grad;
  const Tensor a = as_columns(self),
               tau = new_tensor(a.dtype(), with_sizes(batch_sizes(a), {std::min(m, n)}));
  dispatch<ComputeFloats>("geqrf", a.dtype(), [&]<class T>() {
    lapack::qr(batch_count(a), m, n, data_of<T>(a), data_of<T>(tau));
  });
  return {a, tau};
}

// Taylor's polynomial of degree 12 of A / 2^s, whose norm is so small that it is exact, squared s times.
Tensor linalg::matrix_exp(const Tensor& A) {
  check_square("linalg.matrix_exp", A);
  if (A.numel() == 0) return A.clone();
  const double size = max(sum(abs(A.detach()), -2)).item<double>();
  const int squarings =
      std::isfinite(size) && size > 0.25 ? static_cast<int>(std::ceil(std::log2(size / 0.25))) : 0;
  const Tensor x = A * std::ldexp(1., -squarings), square = matmul(x, x), cube = matmul(square, x);
  const Tensor one = eye(A.size(-1), A.options().requires_grad(false));
  const double factorials[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800};
  Tensor result = cube / 479001600.;
  for (int k = 9; k >= 0; k -= 3) {
    result = one / factorials[k] + x / factorials[k + 1] + square / factorials[k + 2] + result;
    if (k > 0) result = matmul(cube, result);
  }
  for (int i = 0; i < squarings; ++i) result = matmul(result, result);
  return result;
}
Tensor matrix_exp(const Tensor& self) { return linalg::matrix_exp(self); }

Tensor linalg::cond(const Tensor& A, const optional<Scalar>& p) {
  check_matrices("linalg.cond", A);
  if (A.numel() == 0) return zeros(batch_sizes(A), A.options().requires_grad(false));
  const double order = p ? p->toDouble() : 2;
  if (std::abs(order) == 2) {
    const Tensor s = svdvals(A), ratio = s.select(-1, 0) / s.select(-1, -1);
    return order > 0 ? ratio : 1 / ratio;
  }
  check_square("linalg.cond", A);
  return matrix_norm(A, *p) * matrix_norm(std::get<0>(inv_ex(A)), *p);
}
Tensor linalg::cond(const Tensor& A, std::string_view p) {
  check_square("linalg.cond", A);
  return matrix_norm(A, p) * matrix_norm(std::get<0>(inv_ex(A)), p);
}

Tensor linalg::vecdot(const Tensor& x, const Tensor& y, int64_t dim) { return sum(x * y, dim); }

Tensor linalg::tensorinv(const Tensor& A, int64_t ind) {
  XGRAD_CHECK(ind > 0, "linalg.tensorinv: ind must be positive: got ", ind);
  const auto at = static_cast<std::size_t>(std::min(ind, A.dim()));
  const IntArrayRef rows = A.sizes().slice(0, at), columns = A.sizes().slice(at);
  const int64_t n = numel_of(rows);
  XGRAD_CHECK(
      n == numel_of(columns),
      "linalg.tensorinv: the dimensions before ind and from it on must have equally many elements: A is ",
      A.sizes(), ", ind is ", ind, " (", n, " vs ", numel_of(columns), ")");
  DimVector sizes(columns);
  for (const int64_t size : rows) sizes.push_back(size);
  return inv(A.reshape({n, n})).reshape(sizes);
}

Tensor linalg::tensorsolve(const Tensor& A, const Tensor& B, OptionalIntArrayRef dims) {
  Tensor a = A;
  if (dims.has_value()) {
    DimVector to;
    const auto count = static_cast<int64_t>(dims.value_or({}).size());
    for (int64_t i = 0; i < count; ++i) to.push_back(i - count);
    a = A.movedim(dims.value_or({}), to);
  }
  const auto at = static_cast<std::size_t>(std::min(B.dim(), a.dim()));
  const IntArrayRef sizes = a.sizes().slice(at);
  const int64_t n = numel_of(a.sizes().slice(0, at));
  XGRAD_CHECK(
      n == numel_of(sizes) && n == B.numel(),
      "linalg.tensorsolve: A's first dimensions, as many as B has, and the others must have as many elements "
      "as B: A is ",
      a.sizes(), ", B is ", B.sizes());
  return solve(a.reshape({n, n}), B.reshape({n})).reshape(sizes);
}

}  // namespace xgrad
