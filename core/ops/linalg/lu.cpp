// What comes of an LU decomposition: determinants, inverses, solutions.
#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/indexing.h>

namespace xgrad {

namespace {

using namespace ops;

// The diagonal of U, and the sign of the exchanged rows. Of dense matrices the transposes are factored, whose
// determinants are the same, as they lie.
std::pair<Tensor, Tensor> lu_diagonal(const char* op, const Tensor& a) {
  const Tensor lu = a.is_contiguous() ? a.clone() : as_columns(a),
               parity = new_tensor(a.dtype(), batch_sizes(a));
  dispatch<ComputeFloats>(op, a.dtype(), [&]<class T>() {
    lapack::lu(op, batch_count(a), a.size(-1), data_of<T>(lu), data_of<T>(parity));
  });
  return {lu.diagonal(0, -2, -1), parity};
}

// The derivative of the determinant, of regular matrices with their determinants d ...
Tensor cofactors(const Tensor& a, const Tensor& d) { return linalg::inv(a).mT() * for_matrices(d); }
// ... and of any: singular values change places with the products of all others.
Tensor cofactors(const Tensor& a) {
  const auto [u, s, vt] = linalg::svd(a, false);
  const Tensor sign = linalg::det(u) * linalg::det(vt);
  const Tensor others = s.unsqueeze(-2).expand(a.sizes()).masked_fill(eye(a.size(-1), kBool), 1).prod(-1);
  return matmul(u * (others * sign.unsqueeze(-1)).unsqueeze(-2), vt);
}

struct Det : Kernel<1> {
  static constexpr OpName name{"linalg.det", "LinalgDetBackward"};
  static Tensor forward(const Tensor& a) {
    const auto [diagonal, parity] = lu_diagonal(name.op, a);
    return diagonal.prod(-1) * parity;
  }
  static Tensor backward(const Tensor& g, const Tensor& a, const Tensor& d) {
    const Tensor singular = (d.detach() == 0).reshape(-1);
    if (!any(singular).item<bool>()) return cofactors(a, d) * for_matrices(g);
    const int64_t n = a.size(-1);
    const Tensor at = nonzero(singular).select(1, 0), regular = nonzero(logical_not(singular)).select(1, 0);
    const Tensor all = a.reshape({batch_count(a), n, n}), of_all = d.reshape(-1);
    Tensor result = zeros_like(all).index_put({at}, cofactors(all.index_select(0, at)));
    result =
        result.index_put({regular}, cofactors(all.index_select(0, regular), of_all.index_select(0, regular)));
    return result.reshape(a.sizes()) * for_matrices(g);
  }
  using saved = Saved<In<0>, Out>;
};

struct Inv : Kernel<1> {
  static constexpr OpName name{"linalg.inv", "LinalgInvExBackward"};
  const char* refusing;  // singular matrices, in the name of this op; null if they are inf
  std::tuple<Tensor, Tensor> forward(const Tensor& a) const {
    const Tensor rows = a.contiguous();
    Tensor out = new_columns(a.dtype(), a.sizes()), info = new_tensor(kInt, batch_sizes(a));
    const lapack::Outcome outcome = dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      return lapack::inverse(name.op, batch_count(a), a.size(-1), data_of<T>(rows), data_of<T>(out),
                             data_of<int>(info));
    });
    if (outcome.info != 0 && refusing)
      fail_matrix(
          refusing, a, outcome,
          concat("The diagonal element ", outcome.info,
                 " is zero, the inversion could not be completed because the input matrix is singular."));
    return {out, info};
  }
  static Tensor backward(const Tensor& g, const Tensor& out) {
    return -matmul(out.mT(), matmul(g, out.mT()));
  }
  using saved = Saved<Out>;
  static Tensor tangent(const Tensor& t, const Tensor& out) { return -matmul(out, matmul(t, out)); }
};

struct SlogDet : Kernel<1, 2> {
  static constexpr OpName name{"linalg.slogdet", "LinalgSlogdetBackward"};
  static std::tuple<Tensor, Tensor> forward(const Tensor& a) {
    const auto [diagonal, parity] = lu_diagonal(name.op, a);
    return {diagonal.sign().prod(-1) * parity, diagonal.abs().log().sum(-1)};
  }
  // The sign does not change.
  static Tensor backward(const Tensor&, const Tensor& g, const Tensor& a) {
    return g.defined() ? std::get<0>(differentiable(Inv{}, a)).mT() * for_matrices(g) : g;
  }
  using saved = Saved<In<0>>;
};

struct Solve : Kernel<2> {
  static constexpr OpName name{"linalg.solve", "LinalgSolveExBackward"};
  static Tensor forward(const Tensor& a, const Tensor& b) {
    const Tensor rows = a.contiguous(), sides = b.contiguous();
    Tensor x = new_columns(b.dtype(), b.sizes());
    const lapack::Outcome outcome = dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      return lapack::solve(name.op, batch_count(a), a.size(-1), b.size(-1), data_of<T>(rows),
                           data_of<T>(sides), data_of<T>(x));
    });
    if (outcome.info != 0)
      fail_matrix(name.op, a, outcome, "The solver failed because the input matrix is singular.");
    return x;
  }
  static std::array<Tensor, 2> backward_all(const WantedInputs& wanted, const Tensor& g, const Tensor& a,
                                            const Tensor& x) {
    const Tensor of_b = linalg::solve(a.mT(), g);
    return {wanted[0] ? -matmul(of_b, x.mT()) : Tensor(), of_b};
  }
  using saved_all = Saved<In<0>, Out>;
};

}  // namespace

Tensor linalg::det(const Tensor& A) {
  check_square("linalg.det", A);
  return differentiable(Det{}, A);
}
Tensor det(const Tensor& self) { return linalg::det(self); }

std::tuple<Tensor, Tensor> linalg::slogdet(const Tensor& A) {
  check_square("linalg.slogdet", A);
  return differentiable(SlogDet{}, A);
}
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg::slogdet(self); }

Tensor logdet(const Tensor& self) {
  check_square("logdet", self);
  const auto [sign, logarithm] = linalg::slogdet(self);
  return logarithm.masked_fill(sign == -1, NAN);
}

Tensor linalg::inv(const Tensor& A) {
  check_square("linalg.inv", A);
  return std::get<0>(differentiable(Inv{{}, "linalg.inv"}, A));
}
std::tuple<Tensor, Tensor> linalg::inv_ex(const Tensor& A, bool check_errors) {
  check_square("linalg.inv_ex", A);
  return differentiable(Inv{{}, check_errors ? "linalg.inv_ex" : nullptr}, A);
}
Tensor inverse(const Tensor& self) { return linalg::inv(self); }

Tensor linalg::solve(const Tensor& A, const Tensor& B, bool left) {
  check_square("linalg.solve", A);
  check_same_dtype("linalg.solve", A, B);
  XGRAD_CHECK(B.dim() >= 1, "linalg.solve: B must have at least one dimension");
  const bool vector = is_vector_side(A, B);
  XGRAD_CHECK(left || !vector, "linalg.solve: B must be matrices where left is false: A is ", A.sizes(),
              ", B is ", B.sizes());
  const Tensor a = left ? A : A.mT(), b = vector ? B.unsqueeze(-1) : left ? B : B.mT();
  XGRAD_CHECK(a.size(-1) == b.size(-2), "linalg.solve: incompatible shapes for the equation ",
              left ? "A X = B" : "X A = B", ": A is ", A.sizes(), ", B is ", B.sizes(), " (", a.size(-1),
              " vs ", b.size(-2), ")");
  const auto [x, y] = broadcast_batches("linalg.solve", a, b);
  const Tensor result = differentiable(Solve{}, x, y);
  return vector ? result.squeeze(-1) : left ? result : result.mT();
}

}  // namespace xgrad
