// Symmetric matrices that need not be positive-definite: L D L^T, and what is solved with it.
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad {

namespace {

using namespace ops;

void check_no_gradient(const char* op, const char* what, const Tensor& t) {
  XGRAD_CHECK(!GradMode::is_enabled() || !t.requires_grad(), op, ": has no derivative by ", what,
              ", which requires a gradient; detach() it, or use linalg.solve");
}

struct LdlFactor : Kernel<1> {
  static constexpr OpName name{"linalg.ldl_factor", ""};
  static std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& a) {
    const int64_t n = a.size(-1);
    Tensor ld = as_columns(a), pivots = new_tensor(kInt, with_sizes(batch_sizes(a), {n})),
           info = new_tensor(kInt, batch_sizes(a));
    dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      lapack::ldl_factor(name.op, batch_count(a), n, data_of<T>(ld), data_of<int>(pivots),
                         data_of<int>(info));
    });
    keep_triangle_of_columns(ld, false);
    return {ld, pivots, info};
  }
};

struct LdlSolve : Kernel<3> {
  static constexpr OpName name{"linalg.ldl_solve", "LinalgLdlSolveBackward"};
  static Tensor forward(const Tensor& b, const Tensor& ld, const Tensor& pivots) {
    Tensor x = as_columns(b);
    const Tensor factors = as_columns(ld), rows = pivots.contiguous();
    dispatch<ComputeFloats>(name.op, b.dtype(), [&]<class T>() {
      lapack::ldl_solve(name.op, batch_count(b), b.size(-2), b.size(-1), data_of<T>(factors),
                        data_of<int>(rows), data_of<T>(x));
    });
    return x;
  }
  // A is symmetric.
  static Tensor backward_0(const Tensor& g, const Tensor& ld, const Tensor& pivots) {
    return linalg::ldl_solve(ld, pivots, g);
  }
  using saved_0 = Saved<In<1>, In<2>>;
};

// LAPACK follows the pivots: rows from 1 on, or the negative of one, twice, for a block of two rows.
void check_pivots(const Tensor& pivots) {
  const Tensor rows = pivots.contiguous();
  const int64_t n = rows.size(-1);
  const int* p = rows.data_ptr<int>();
  for (int64_t i = 0; i < rows.numel();) {
    const bool block = p[i] < 0, fits = !block || (i % n + 1 < n && p[i + 1] == p[i]);
    const int64_t row = std::abs(int64_t{p[i]});
    XGRAD_CHECK(row >= 1 && row <= n && fits,
                "linalg.ldl_solve: pivots must be those of ldl_factor: a row from 1 to ", n,
                ", or its negative twice: pivot ", i % n, " is ", p[i]);
    i += block ? 2 : 1;
  }
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg::ldl_factor_ex(const Tensor& A, bool, bool check_errors) {
  check_square("linalg.ldl_factor_ex", A);
  check_no_gradient("linalg.ldl_factor", "A", A);
  auto result = differentiable(LdlFactor{}, A);
  const Tensor& info = std::get<2>(result);
  const int* infos = info.data_ptr<int>();
  for (int64_t i = 0; check_errors && i < info.numel(); ++i)
    if (infos[i] != 0)
      fail_matrix("linalg.ldl_factor", A, {i, infos[i]},
                  concat("D[", infos[i], ",", infos[i],
                         "] is zero, and nothing can be solved with it; linalg.ldl_factor_ex returns it"));
  return result;
}
std::tuple<Tensor, Tensor> linalg::ldl_factor(const Tensor& A, bool hermitian) {
  const auto [ld, pivots, info] = ldl_factor_ex(A, hermitian, true);
  return {ld, pivots};
}

Tensor linalg::ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool) {
  const char* op = "linalg.ldl_solve";
  check_square(op, LD);
  check_matrices(op, B);
  check_same_dtype(op, LD, B);
  check_no_gradient(op, "LD", LD);
  XGRAD_CHECK_AS(TypeError, pivots.dtype() == kInt, op, ": pivots must be int32: got ", pivots.dtype());
  const DimVector sizes = with_sizes(batch_sizes(LD), {LD.size(-1)});
  XGRAD_CHECK(pivots.sizes() == IntArrayRef(sizes), op, ": pivots must be ", IntArrayRef(sizes), ": LD is ",
              LD.sizes(), ", pivots is ", pivots.sizes());
  XGRAD_CHECK(LD.size(-1) == B.size(-2), op, ": incompatible shapes: LD is ", LD.sizes(), ", B is ",
              B.sizes(), " (", LD.size(-1), " vs ", B.size(-2), ")");
  check_pivots(pivots);
  const auto [ld, b] = broadcast_batches(op, LD, B);
  return differentiable(LdlSolve{}, b, ld, pivots.expand(with_sizes(batch_sizes(ld), {LD.size(-1)})));
}

}  // namespace xgrad
