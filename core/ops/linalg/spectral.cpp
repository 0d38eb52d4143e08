// Eigenvalues of symmetric matrices, and singular values.
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

Tensor scale_columns(const Tensor& a, const Tensor& by) { return a * by.unsqueeze(-2); }
Tensor scale_rows(const Tensor& a, const Tensor& by) { return a * by.unsqueeze(-1); }
Tensor skew(const Tensor& a) { return a - a.mT(); }
Tensor sum_of(const Tensor& a, const Tensor& b) { return a.defined() ? a + b : b; }

// values[j] - values[i], and ones on the diagonal.
Tensor gaps(const Tensor& values) {
  return values.unsqueeze(-2) - values.unsqueeze(-1) + eye(values.size(-1), values.options());
}

void check_convergence(const char* op, const Tensor& a, const lapack::Outcome& outcome) {
  if (outcome.info < 0)
    fail_matrix(op, a, outcome,
                "The algorithm failed to converge because the input matrix contained non-finite values.");
  if (outcome.info > 0)
    fail_matrix(
        op, a, outcome,
        concat("The algorithm failed to converge because the input matrix is ill-conditioned or has too "
               "many repeated values (error code: ",
               outcome.info, ")."));
}

std::tuple<Tensor, Tensor> eigen(const char* op, const Tensor& a, bool upper, bool vectors) {
  const Tensor v = as_columns(upper ? a.mT() : a),
               w = new_tensor(a.dtype(), a.sizes().slice(0, a.sizes().size() - 1));
  check_convergence(op, a, dispatch<ComputeFloats>(op, a.dtype(), [&]<class T>() {
                      return lapack::eigh(op, batch_count(a), a.size(-1), vectors, data_of<T>(v),
                                          data_of<T>(w));
                    }));
  return {w, v};
}

struct Eigh : Kernel<1, 2> {
  static constexpr OpName name{"linalg.eigh", "LinalgEighBackward"};
  bool upper;
  std::tuple<Tensor, Tensor> forward(const Tensor& a) const { return eigen(name.op, a, upper, true); }
  static Tensor backward(const Tensor& gw, const Tensor& gv, const Tensor& w, const Tensor& v) {
    if (!gv.defined()) return matmul(scale_columns(v, gw), v.mT());
    const Tensor product = matmul(v.mT(), gv) / gaps(w);
    Tensor inner = product - diag_embed(product.diagonal(0, -2, -1));
    if (gw.defined()) inner = inner + diag_embed(gw);
    return matmul(v, matmul(inner, v.mT()));
  }
  using saved = Saved<Output<0>, Output<1>>;
};

// Without the vectors, which only backward needs.
struct EigvalsH : Kernel<1> {
  static constexpr OpName name{"linalg.eigvalsh", "LinalgEigvalshBackward"};
  bool upper;
  Tensor forward(const Tensor& a) const { return std::get<0>(eigen(name.op, a, upper, false)); }
  Tensor backward(const Tensor& g, const Tensor& a) const {
    const Tensor v = std::get<1>(linalg::eigh(a, upper ? "U" : "L"));
    return matmul(scale_columns(v, g), v.mT());
  }
  using saved = Saved<In<0>>;
};

std::tuple<Tensor, Tensor, Tensor> singular(const char* op, const Tensor& a, lapack::Vectors vectors) {
  const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n);
  const IntArrayRef batch = batch_sizes(a);
  const Tensor lost = as_columns(a);
  Tensor s = new_tensor(a.dtype(), with_sizes(batch, {k})), u, vt;
  if (vectors != lapack::Vectors::none) {
    const bool all = vectors == lapack::Vectors::all;
    u = new_columns(a.dtype(), with_sizes(batch, {m, all ? m : k}));
    vt = new_columns(a.dtype(), with_sizes(batch, {all ? n : k, n}));
  }
  if (k == 0) {  // LAPACK would not write the vectors
    for (const Tensor* t : {&u, &vt})
      if (t->defined()) t->copy_(eye(t->size(-2), t->size(-1), t->options()));
    return {u, s, vt};
  }
  check_convergence(op, a, dispatch<ComputeFloats>(op, a.dtype(), [&]<class T>() {
                      const auto of = [](const Tensor& t) { return t.defined() ? data_of<T>(t) : nullptr; };
                      return lapack::svd(op, batch_count(a), m, n, vectors, data_of<T>(lost), data_of<T>(s),
                                         of(u), of(vt));
                    }));
  return {u, s, vt};
}

struct Svd : Kernel<1, 3> {
  static constexpr OpName name{"linalg.svd", "LinalgSvdBackward"};
  bool full;
  std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& a) const {
    return singular(name.op, a, full ? lapack::Vectors::all : lapack::Vectors::some);
  }
  // Only the first vectors count, as many as there are values: the others may be any.
  Tensor backward(const Tensor& gu_all, const Tensor& gs, const Tensor& gvt_all, const Tensor& u_all,
                  const Tensor& s, const Tensor& vt_all) const {
    const int64_t k = s.size(-1);
    const auto columns = [k](const Tensor& t) { return t.defined() ? t.narrow(-1, 0, k) : t; };
    const auto rows = [k](const Tensor& t) { return t.defined() ? t.narrow(-2, 0, k) : t; };
    const Tensor gu = columns(gu_all), u = columns(u_all), gvt = rows(gvt_all), vt = rows(vt_all);
    if (!gu.defined() && !gvt.defined()) return matmul(scale_columns(u, gs), vt);
    const Tensor gap = gaps(s * s);
    Tensor inner = gs.defined() ? diag_embed(gs) : Tensor();
    if (gu.defined()) inner = sum_of(inner, scale_columns(skew(matmul(u.mT(), gu)) / gap, s));
    if (gvt.defined()) inner = sum_of(inner, scale_rows(skew(matmul(vt, gvt.mT())) / gap, s));
    Tensor g = matmul(u, matmul(inner, vt));
    if (gu.defined() && u.size(-2) > k) {
      const Tensor rest = scale_columns(gu, s.reciprocal());
      g = g + matmul(rest - matmul(u, matmul(u.mT(), rest)), vt);
    }
    if (gvt.defined() && vt.size(-1) > k) {
      const Tensor rest = scale_rows(gvt, s.reciprocal());
      g = g + matmul(u, rest - matmul(matmul(rest, vt.mT()), vt));
    }
    return g;
  }
  using saved = Saved<Output<0>, Output<1>, Output<2>>;
};

struct SvdVals : Kernel<1> {
  static constexpr OpName name{"linalg.svdvals", "LinalgSvdvalsBackward"};
  static Tensor forward(const Tensor& a) { return std::get<1>(singular(name.op, a, lapack::Vectors::none)); }
  static Tensor backward(const Tensor& g, const Tensor& a) {
    const auto [u, s, vt] = linalg::svd(a, false);
    return matmul(scale_columns(u, g), vt);
  }
  using saved = Saved<In<0>>;
};

void check_driver(const char* op, optional<std::string_view> driver) {
  XGRAD_CHECK(!driver, op, ": a driver is chosen on CUDA alone: got \"", *driver, "\"");
}

bool is_upper(const char* op, std::string_view uplo) {
  XGRAD_CHECK(uplo == "L" || uplo == "l" || uplo == "U" || uplo == "u", op,
              ": UPLO must be \"L\" or \"U\": got \"", uplo, "\"");
  return uplo == "U" || uplo == "u";
}

}  // namespace

std::tuple<Tensor, Tensor> linalg::eigh(const Tensor& A, std::string_view UPLO) {
  check_square("linalg.eigh", A);
  return differentiable(Eigh{{}, is_upper("linalg.eigh", UPLO)}, A);
}

Tensor linalg::eigvalsh(const Tensor& A, std::string_view UPLO) {
  check_square("linalg.eigvalsh", A);
  return differentiable(EigvalsH{{}, is_upper("linalg.eigvalsh", UPLO)}, A);
}

std::tuple<Tensor, Tensor, Tensor> linalg::svd(const Tensor& A, bool full_matrices,
                                               optional<std::string_view> driver) {
  check_matrices("linalg.svd", A);
  check_driver("linalg.svd", driver);
  return differentiable(Svd{{}, full_matrices}, A);
}

Tensor linalg::svdvals(const Tensor& A, optional<std::string_view> driver) {
  check_matrices("linalg.svdvals", A);
  check_driver("linalg.svdvals", driver);
  return differentiable(SvdVals{}, A);
}

std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some, bool compute_uv) {
  if (compute_uv) {
    const auto [u, s, vt] = linalg::svd(self, !some);
    return {u, s, vt.mT()};
  }
  const Tensor s = linalg::svdvals(self);
  const auto square = [&](int64_t n) { return zeros(with_sizes(batch_sizes(self), {n, n}), self.options()); };
  return {square(self.size(-2)), s, square(self.size(-1))};
}

}  // namespace xgrad
