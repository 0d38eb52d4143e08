// Triangular matrices: equations with them, and Cholesky's decomposition, which makes one.
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

struct SolveTriangular : Kernel<2> {
  static constexpr OpName name{"linalg.solve_triangular", "LinalgSolveTriangularBackward"};
  struct {
    bool upper, left, unit;
  } how;
  Tensor forward(const Tensor& a, const Tensor& b) const {
    // A X = B is X^T A^T = B^T, and memory in row-major order holds the columns of the transpose.
    const Tensor triangle = how.left ? a.contiguous() : as_columns(a);
    Tensor x = how.left ? b.clone(MemoryFormat::Contiguous) : as_columns(b);
    dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      lapack::solve_triangular(name.op, batch_count(b), b.size(how.left ? -1 : -2),
                               b.size(how.left ? -2 : -1), {how.upper != how.left, how.unit},
                               data_of<T>(triangle), data_of<T>(x));
    });
    return x;
  }
  std::array<Tensor, 2> backward_all(const WantedInputs& wanted, const Tensor& g, const Tensor& a,
                                     const Tensor& x) const {
    const Tensor of_b = linalg::solve_triangular(a.mT(), g, !how.upper, how.left, how.unit);
    return {wanted[0] ? of_triangle(how.left ? matmul(of_b, x.mT()) : matmul(x.mT(), of_b)) : Tensor(), of_b};
  }
  using saved_all = Saved<In<0>, Out>;

  // The negative, without what is not read.
  Tensor of_triangle(const Tensor& product) const {
    return -(how.upper ? triu(product, how.unit ? 1 : 0) : tril(product, how.unit ? -1 : 0));
  }
};

struct Cholesky : Kernel<1> {
  static constexpr OpName name{"linalg.cholesky", "LinalgCholeskyExBackward"};
  bool upper;
  const char* refusing;  // what is not positive-definite, in the name of this op; null if that is let pass
  std::tuple<Tensor, Tensor> forward(const Tensor& a) const {
    Tensor out = as_columns(a), info = new_tensor(kInt, batch_sizes(a));
    const lapack::Outcome outcome = dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      return lapack::cholesky(name.op, batch_count(a), a.size(-1), upper, data_of<T>(out),
                              data_of<int>(info));
    });
    if (outcome.info != 0 && refusing)
      fail_matrix(
          refusing, a, outcome,
          concat("The factorization could not be completed because the input is not positive-definite "
                 "(the leading minor of order ",
                 outcome.info, " is not positive-definite)."));
    keep_triangle_of_columns(out, upper);
    return {out, info};
  }
  // L^-T S L^-1 with the symmetric S that has the lower triangle of L^T g (Murray, arXiv:1602.07527).
  Tensor backward(const Tensor& g, const Tensor& out) const {
    const Tensor l = upper ? out.mT() : out, product = matmul(l.mT(), upper ? g.mT() : g);
    const Tensor below = tril(product, -1), symmetric = tril(product) + below.mT();
    const Tensor right = linalg::solve_triangular(l, symmetric, false, false);
    return linalg::solve_triangular(l.mT(), right, true) / 2;
  }
  using saved = Saved<Out>;
};

}  // namespace

Tensor linalg::solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unitriangular) {
  check_square("linalg.solve_triangular", A);
  check_matrices("linalg.solve_triangular", B);
  check_same_dtype("linalg.solve_triangular", A, B);
  XGRAD_CHECK(A.size(-1) == B.size(left ? -2 : -1),
              "linalg.solve_triangular: incompatible shapes for the equation ", left ? "A X = B" : "X A = B",
              ": A is ", A.sizes(), ", B is ", B.sizes(), " (", A.size(-1), " vs ", B.size(left ? -2 : -1),
              ")");
  const auto [a, b] = broadcast_batches("linalg.solve_triangular", A, B);
  return differentiable(SolveTriangular{{}, {upper, left, unitriangular}}, a, b);
}

std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper, bool transpose,
                                            bool unitriangular) {
  check_square("triangular_solve", A);
  check_matrices("triangular_solve", self);
  const auto [a, b] = broadcast_batches("triangular_solve", A, self);
  return {linalg::solve_triangular(transpose ? a.mT() : a, b, upper != transpose, true, unitriangular),
          a.clone()};
}

Tensor linalg::cholesky(const Tensor& A, bool upper) {
  check_square("linalg.cholesky", A);
  return std::get<0>(differentiable(Cholesky{{}, upper, "linalg.cholesky"}, A));
}
std::tuple<Tensor, Tensor> linalg::cholesky_ex(const Tensor& A, bool upper, bool check_errors) {
  check_square("linalg.cholesky_ex", A);
  return differentiable(Cholesky{{}, upper, check_errors ? "linalg.cholesky_ex" : nullptr}, A);
}
Tensor cholesky(const Tensor& self, bool upper) { return linalg::cholesky(self, upper); }

Tensor cholesky_solve(const Tensor& self, const Tensor& L, bool upper) {
  check_square("cholesky_solve", L);
  check_matrices("cholesky_solve", self);
  check_same_dtype("cholesky_solve", L, self);
  XGRAD_CHECK(self.size(-2) == L.size(-1), "cholesky_solve: incompatible shapes: L is ", L.sizes(),
              ", self is ", self.sizes(), " (", L.size(-1), " vs ", self.size(-2), ")");
  const Tensor lower = upper ? L.mT() : L;
  return linalg::solve_triangular(lower.mT(), linalg::solve_triangular(lower, self, false), true);
}
Tensor cholesky_inverse(const Tensor& self, bool upper) {
  check_square("cholesky_inverse", self);
  return cholesky_solve(eye(self.size(-1), self.options().requires_grad(false)), self, upper);
}

}  // namespace xgrad
