// LU decompositions as such: factors, and what is solved with them.
#include <numeric>

#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

// P of m x m, where pivots were found one after the other.
Tensor permutation(const Tensor& pivots, int64_t m, ScalarType dtype) {
  const Tensor from = pivots.contiguous();
  const int64_t k = from.size(-1);
  const IntArrayRef outer = from.sizes().slice(0, from.sizes().size() - 1);
  const Tensor order = empty(with_sizes(outer, {m}), kLong);
  auto* row = order.data_ptr<int64_t>();
  const int* pivot = from.data_ptr<int>();
  for (int64_t b = 0; b < numel_of(outer); ++b, row += m) {
    std::iota(row, row + m, 0);
    for (int64_t i = 0; i < k; ++i, ++pivot) {
      XGRAD_CHECK(*pivot > i && *pivot <= m, "lu_unpack: pivots must be rows from 1 to ", m,
                  ", and not before their own: pivot ", i, " is ", *pivot);
      std::swap(row[i], row[*pivot - 1]);
    }
  }
  // Column i has its 1 where the row came from.
  return zeros(with_sizes(outer, {m, m}), dtype).scatter_(-2, order.unsqueeze(-2), 1);
}

Tensor lower_of(const Tensor& lu) {
  const int64_t m = lu.size(-2), k = std::min(m, lu.size(-1));
  return tril(lu.narrow(-1, 0, k), -1) + eye(m, k, lu.options().requires_grad(false));
}
Tensor upper_of(const Tensor& lu) { return triu(lu.narrow(-2, 0, std::min(lu.size(-2), lu.size(-1)))); }

struct LuFactor : Kernel<1> {
  static constexpr OpName name{"linalg.lu_factor", "LinalgLuFactorExBackward"};
  static std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& a) {
    const int64_t m = a.size(-2), n = a.size(-1);
    const Tensor rows = a.contiguous();
    Tensor lu = new_columns(a.dtype(), a.sizes()),
           pivots = new_tensor(kInt, with_sizes(batch_sizes(a), {std::min(m, n)})),
           info = new_tensor(kInt, batch_sizes(a));
    dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      lapack::lu_factor(name.op, batch_count(a), m, n, data_of<T>(rows), data_of<T>(lu), data_of<int>(pivots),
                        data_of<int>(info));
    });
    return {lu, pivots, info};
  }

  // With M = L^-1 P^T dA U^-1 of the square part, dL = L tril(M, -1) and dU = triu(M) U; what A has beyond
  // it, below or on the right, follows from these.
  static Tensor backward(const Tensor& g, const Tensor& lu, const Tensor& pivots) {
    const int64_t m = lu.size(-2), n = lu.size(-1), k = std::min(m, n);
    const auto square = [k](const Tensor& t) { return t.narrow(-2, 0, k).narrow(-1, 0, k); };
    const Tensor l = lower_of(square(lu)), u = upper_of(square(lu));
    const auto from_left = [&](const Tensor& t) {
      return linalg::solve_triangular(l.mT(), t, true, true, true);
    };
    const auto from_right = [&](const Tensor& t) {
      return linalg::solve_triangular(u.mT(), t, false, false);
    };
    Tensor below = matmul(l.mT(), tril(square(g), -1)), above = matmul(triu(square(g)), u.mT()), rest;
    if (m > n) {
      const Tensor g2 = g.narrow(-2, k, m - k);
      above = above - matmul(lu.narrow(-2, k, m - k).mT(), g2);
      rest = from_right(g2);
    } else if (m < n) {
      const Tensor g2 = g.narrow(-1, k, n - k);
      below = below - matmul(g2, lu.narrow(-1, k, n - k).mT());
      rest = from_left(g2);
    }
    Tensor result = from_right(from_left(tril(below, -1) + triu(above)));
    if (rest.defined()) result = cat({result, rest}, m > n ? -2 : -1);
    return matmul(permutation(pivots, m, lu.dtype()), result);
  }
  using saved = Saved<Output<0>, Output<1>>;
};

void check_factors(const char* op, const Tensor& lu, const Tensor& pivots) {
  check_matrices(op, lu);
  XGRAD_CHECK_AS(TypeError, pivots.dtype() == kInt, op, ": pivots must be int32: got ", pivots.dtype());
  const DimVector sizes = with_sizes(batch_sizes(lu), {std::min(lu.size(-2), lu.size(-1))});
  XGRAD_CHECK(pivots.sizes() == IntArrayRef(sizes), op, ": pivots must be ", IntArrayRef(sizes), ": LU is ",
              lu.sizes(), ", pivots is ", pivots.sizes());
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg::lu_factor_ex(const Tensor& A, bool pivot, bool check_errors) {
  check_matrices("linalg.lu_factor_ex", A);
  XGRAD_CHECK(pivot, "linalg.lu_factor_ex: LU without pivoting is not implemented");
  auto result = differentiable(LuFactor{}, A);
  const Tensor& info = std::get<2>(result);
  const int* infos = info.data_ptr<int>();
  for (int64_t i = 0; check_errors && i < info.numel(); ++i)
    if (infos[i] != 0)
      fail_matrix(
          "linalg.lu_factor", A, {i, infos[i]},
          concat("U[", infos[i], ",", infos[i],
                 "] is zero and using it on lu_solve would result in a division by zero. If you still want "
                 "to perform the factorization, consider calling linalg.lu(A, pivot) or "
                 "linalg.lu_factor_ex(A, pivot)"));
  return result;
}
std::tuple<Tensor, Tensor> linalg::lu_factor(const Tensor& A, bool pivot) {
  const auto [lu, pivots, info] = lu_factor_ex(A, pivot, true);
  return {lu, pivots};
}
std::tuple<Tensor, Tensor, Tensor> linalg::lu(const Tensor& A, bool pivot) {
  const auto [lu, pivots, info] = lu_factor_ex(A, pivot);
  return lu_unpack(lu, pivots);
}

std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data,
                                             bool unpack_pivots) {
  check_factors("lu_unpack", LU_data, LU_pivots);
  const Tensor none = empty({0}, LU_data.options().requires_grad(false));
  return {unpack_pivots ? permutation(LU_pivots, LU_data.size(-2), LU_data.dtype()) : none,
          unpack_data ? lower_of(LU_data) : none, unpack_data ? upper_of(LU_data) : none};
}

Tensor linalg::lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) {
  check_square("linalg.lu_solve", LU);
  check_factors("linalg.lu_solve", LU, pivots);
  check_matrices("linalg.lu_solve", B);
  check_same_dtype("linalg.lu_solve", LU, B);
  XGRAD_CHECK(LU.size(-1) == B.size(left ? -2 : -1), "linalg.lu_solve: incompatible shapes: LU is ",
              LU.sizes(), ", B is ", B.sizes(), " (", LU.size(-1), " vs ", B.size(left ? -2 : -1), ")");
  if (!left) return lu_solve(LU, pivots, B.mT(), true, !adjoint).mT();
  const Tensor p = permutation(pivots, LU.size(-1), LU.dtype());
  if (!adjoint) return solve_triangular(LU, solve_triangular(LU, matmul(p.mT(), B), false, true, true), true);
  return matmul(p, solve_triangular(LU.mT(), solve_triangular(LU.mT(), B, false), true, true, true));
}
Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots) {
  return linalg::lu_solve(LU_data, LU_pivots, self);
}

}  // namespace xgrad
