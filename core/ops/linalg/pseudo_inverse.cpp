// The pseudo-inverse, ranks, and least squares.
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

namespace xgrad {

namespace {

using namespace ops;

double precision(const Tensor& a) { return a.dtype() == kFloat ? 0x1p-23 : 0x1p-52; }

// Below what a singular value counts as 0: one for each matrix.
struct Tolerance {
  Tensor absolute, relative;
  Tolerance(const Tensor& a, const optional<Tensor>& atol, const optional<Tensor>& rtol) {
    const TensorOptions options = a.options();
    const bool has_atol = atol && atol->defined(), has_rtol = rtol && rtol->defined();
    absolute = has_atol ? *atol : zeros({}, options);
    if (has_rtol) {
      relative = *rtol;
      return;
    }
    relative = full({}, precision(a) * static_cast<double>(std::max(a.size(-1), a.size(-2))), options);
    if (has_atol) relative = where(*atol > 0, zeros({}, options), relative);
  }
  // Whether each of `values`, which are not negative, is above it.
  static Tensor above(const Tensor& values, const Tensor& absolute, const Tensor& relative) {
    const Tensor largest = amax(values, -1, true);
    return values > maximum(absolute.unsqueeze(-1).to(values.dtype()),
                            relative.unsqueeze(-1).to(values.dtype()) * largest);
  }
};

// Golub and Pereyra's derivative of the pseudo-inverse y of a; the cheaper order of products.
Tensor pinv_gradient(const Tensor& g, const Tensor& y, const Tensor& a) {
  const Tensor yt = y.mT(), gt = g.mT();
  if (a.size(-2) <= a.size(-1)) {
    const Tensor k = matmul(gt, y), kyt = matmul(k, yt);
    return kyt - matmul(y, k).mT() - matmul(matmul(a, y), kyt) + matmul(matmul(yt, y), gt - matmul(k, a));
  }
  const Tensor k = matmul(y, gt), ytk = matmul(yt, k);
  return ytk - matmul(k, y).mT() + matmul(matmul(gt - matmul(a, k), y), yt) - matmul(matmul(ytk, y), a);
}

struct Pinv : Kernel<3> {
  static constexpr OpName name{"linalg.pinv", "LinalgPinvBackward"};
  bool hermitian;
  Tensor forward(const Tensor& a, const Tensor& atol, const Tensor& rtol) const {
    if (a.size(-1) == 0 || a.size(-2) == 0)
      return zeros(with_sizes(batch_sizes(a), {a.size(-1), a.size(-2)}), a.options());
    if (hermitian) {
      const auto [w, v] = linalg::eigh(a);
      return assembled(v, w, v.mT(), Tolerance::above(w.abs(), atol, rtol));
    }
    const auto [u, s, vt] = linalg::svd(a, false);
    return assembled(vt.mT(), s, u.mT(), Tolerance::above(s, atol, rtol));
  }
  static Tensor assembled(const Tensor& left, const Tensor& values, const Tensor& right, const Tensor& kept) {
    return matmul(left * where(kept, values.reciprocal(), 0.).unsqueeze(-2), right);
  }
  static Tensor backward_0(const Tensor& g, const Tensor& a, const Tensor& y) {
    return pinv_gradient(g, y, a);
  }
  using saved_0 = Saved<In<0>, Out>;
};

struct LeastSquares : Kernel<2> {
  static constexpr OpName name{"linalg.lstsq", "LinalgLstsqBackward"};
  lapack::Lstsq driver;
  double rcond;

  std::tuple<Tensor, Tensor, Tensor, Tensor> forward(const Tensor& a, const Tensor& b) const {
    const int64_t m = a.size(-2), n = a.size(-1), k = b.size(-1), count = batch_count(a);
    const IntArrayRef batch = batch_sizes(a);
    const Tensor lost = as_columns(a), sides = new_columns(a.dtype(), with_sizes(batch, {std::max(m, n), k}));
    sides.narrow(-2, 0, m).copy_(b);
    Tensor rank = new_tensor(kLong, batch), s = new_tensor(a.dtype(), with_sizes(batch, {std::min(m, n)}));
    const lapack::Outcome outcome = dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      return lapack::lstsq(name.op, driver, count, m, n, k, static_cast<T>(rcond), data_of<T>(lost),
                           data_of<T>(sides), data_of<int64_t>(rank), data_of<T>(s));
    });
    if (outcome.info != 0)
      fail_matrix(
          name.op, a, outcome,
          concat("The least squares solution could not be computed because the input matrix does not have "
                 "full rank or is not finite (error code: ",
                 outcome.info, ")."));
    const Tensor none = new_tensor(a.dtype(), {0});
    const bool by_values = driver == lapack::Lstsq::gelsd || driver == lapack::Lstsq::gelss;
    Tensor rests = none;
    if (m > n && (driver == lapack::Lstsq::gels || (by_values && (rank == n).all().item<bool>()))) {
      const Tensor rest = sides.narrow(-2, n, m - n);
      rests = sum(rest * rest, -2);
    }
    return {as_columns(sides.narrow(-2, 0, n)), rests,
            driver == lapack::Lstsq::gels ? new_tensor(kLong, {0}) : rank, by_values ? s : none};
  }
  // Of pinv(a) b.
  static std::array<Tensor, 2> backward_all(const WantedInputs& wanted, const Tensor& g, const Tensor& a,
                                            const Tensor& b, const Tensor& rank) {
    const bool full = (rank == std::min(a.size(-2), a.size(-1))).all().item<bool>();
    const Tensor inverse = full ? inverse_of_full_rank(a) : linalg::pinv(a);
    return {wanted[0] ? pinv_gradient(matmul(g, b.mT()), inverse, a) : Tensor(),
            wanted[1] ? matmul(inverse.mT(), g) : Tensor()};
  }
  static Tensor inverse_of_full_rank(const Tensor& a) {
    if (a.size(-2) < a.size(-1)) return inverse_of_full_rank(a.mT()).mT();
    const auto [q, r] = linalg::qr(a);
    return linalg::solve_triangular(r, q.mT(), true);
  }
  using saved_all = Saved<In<0>, In<1>, Output<2>>;
};

lapack::Lstsq driver_named(std::string_view name) {
  if (name == "gels") return lapack::Lstsq::gels;
  if (name == "gelsd") return lapack::Lstsq::gelsd;
  if (name == "gelss") return lapack::Lstsq::gelss;
  XGRAD_CHECK(name == "gelsy",
              "linalg.lstsq: driver must be \"gels\", \"gelsy\", \"gelsd\" or \"gelss\": got \"", name, "\"");
  return lapack::Lstsq::gelsy;
}

optional<Tensor> as_number(optional<double> value) {
  return value ? optional<Tensor>(scalar_tensor(*value, kDouble)) : nullopt;
}

}  // namespace

Tensor linalg::pinv(const Tensor& A, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                    bool hermitian) {
  check_matrices("linalg.pinv", A);
  if (hermitian) check_square("linalg.pinv", A);
  const Tolerance tolerance(A, atol, rtol);
  // Tolerances may be more than matrices.
  const DimVector batch =
      broadcast_sizes("linalg.pinv", batch_sizes(A),
                      broadcast_sizes("linalg.pinv", tolerance.absolute.sizes(), tolerance.relative.sizes()));
  const Tensor a =
      batch_sizes(A) == IntArrayRef(batch) ? A : A.expand(with_sizes(batch, {A.size(-2), A.size(-1)}));
  return differentiable(Pinv{{}, hermitian}, a, tolerance.absolute, tolerance.relative);
}
Tensor linalg::pinv(const Tensor& A, optional<double> atol, optional<double> rtol, bool hermitian) {
  return pinv(A, as_number(atol), as_number(rtol), hermitian);
}
Tensor linalg::pinv(const Tensor& A, double rcond, bool hermitian) {
  return pinv(A, nullopt, optional<double>(rcond), hermitian);
}
Tensor linalg::pinv(const Tensor& A, const Tensor& rcond, bool hermitian) {
  return pinv(A, as_number(0), optional<Tensor>(rcond), hermitian);
}
Tensor pinverse(const Tensor& self, double rcond) { return linalg::pinv(self, rcond); }

Tensor linalg::matrix_rank(const Tensor& A, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                           bool hermitian) {
  check_matrices("linalg.matrix_rank", A);
  if (A.size(-1) == 0 || A.size(-2) == 0) return zeros(batch_sizes(A), kLong);
  const Tensor a = A.detach();
  const Tolerance tolerance(a, atol, rtol);
  return count_nonzero(
      Tolerance::above(hermitian ? eigvalsh(a).abs() : svdvals(a), tolerance.absolute, tolerance.relative),
      -1);
}
Tensor linalg::matrix_rank(const Tensor& A, optional<double> atol, optional<double> rtol, bool hermitian) {
  return matrix_rank(A, as_number(atol), as_number(rtol), hermitian);
}
Tensor linalg::matrix_rank(const Tensor& A, const Tensor& tol, bool hermitian) {
  return matrix_rank(A, optional<Tensor>(tol), as_number(0), hermitian);
}
Tensor linalg::matrix_rank(const Tensor& A, double tol, bool hermitian) {
  return matrix_rank(A, scalar_tensor(tol, kDouble), hermitian);
}

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg::lstsq(const Tensor& A, const Tensor& B,
                                                         optional<double> rcond,
                                                         optional<std::string_view> driver) {
  check_matrices("linalg.lstsq", A);
  check_same_dtype("linalg.lstsq", A, B);
  XGRAD_CHECK(B.dim() >= 1, "linalg.lstsq: B must have at least one dimension");
  XGRAD_CHECK(A.dim() >= B.dim() && A.dim() - B.dim() <= 1,
              "linalg.lstsq: B must have as many dimensions as A, or one less: A is ", A.sizes(), ", B is ",
              B.sizes());
  const bool vector = is_vector_side(A, B);
  const Tensor sides = vector ? B.unsqueeze(-1) : B;
  XGRAD_CHECK(A.size(-2) == sides.size(-2), "linalg.lstsq: A and B must have as many rows: A is ", A.sizes(),
              ", B is ", B.sizes(), " (", A.size(-2), " vs ", sides.size(-2), ")");
  const auto [a, b] = broadcast_batches("linalg.lstsq", A, sides);
  const double smallest =
      rcond.value_or(precision(A) * static_cast<double>(std::max(A.size(-1), A.size(-2))));
  auto results = differentiable(LeastSquares{{}, driver_named(driver.value_or("gelsy")), smallest}, a, b);
  if (vector) std::get<0>(results) = std::get<0>(results).squeeze(-1);
  return results;
}

}  // namespace xgrad
