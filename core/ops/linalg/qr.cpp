// QR decompositions.
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

struct Qr : Kernel<1, 2> {
  static constexpr OpName name{"linalg.qr", "LinalgQrBackward"};
  enum class Mode { reduced, complete, r } mode;

  std::tuple<Tensor, Tensor> forward(const Tensor& a) const {
    const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n), rows = mode == Mode::complete ? m : k;
    const Tensor reflections = as_columns(a), tau = new_tensor(a.dtype(), with_sizes(batch_sizes(a), {k}));
    dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      lapack::qr(batch_count(a), m, n, data_of<T>(reflections), data_of<T>(tau));
    });
    Tensor r = as_columns(reflections.narrow(-2, 0, rows));
    keep_triangle_of_columns(r, true);
    if (mode == Mode::r) return {new_tensor(a.dtype(), {0}), r};
    Tensor q = new_columns(a.dtype(), with_sizes(batch_sizes(a), {m, rows}));
    q.narrow(-1, 0, k).copy_(reflections.narrow(-1, 0, k));
    dispatch<ComputeFloats>(name.op, a.dtype(), [&]<class T>() {
      lapack::q_of_reflections(batch_count(a), m, rows, k, data_of<T>(q), data_of<T>(tau));
    });
    return {q, r};
  }

  Tensor backward(const Tensor& gq, const Tensor& gr, const Tensor& q, const Tensor& r) const {
    const int64_t n = r.size(-1);
    XGRAD_CHECK(mode != Mode::r,
                "linalg.qr: the derivative depends on Q, which mode \"r\" does not compute; use \"reduced\"");
    const int64_t m = q.size(-2);
    XGRAD_CHECK(mode == Mode::reduced || m <= n,
                "linalg.qr: not differentiable with mode \"complete\" and more rows than columns: A has ", m,
                " by ", n);
    Tensor inner = gr.defined() ? matmul(gr, r.mT()) : Tensor();
    if (gq.defined()) inner = gr.defined() ? inner - matmul(q.mT(), gq) : -matmul(q.mT(), gq);
    if (m >= n) {
      const Tensor g = matmul(q, triu(inner) + triu(inner, 1).mT());
      return linalg::solve_triangular(r.mT(), gq.defined() ? g + gq : g, false, false);
    }
    // Q depends on the first m columns alone.
    const Tensor skew = tril(inner.mT() - inner, -1);
    Tensor g = linalg::solve_triangular(r.narrow(-1, 0, m).mT(), matmul(q, skew), false, false);
    g = cat({g, zeros(with_sizes(batch_sizes(r), {m, n - m}), r.options())}, -1);
    return gr.defined() ? g + matmul(q, gr) : g;
  }
  using saved = Saved<Output<0>, Output<1>>;
};

}  // namespace

std::tuple<Tensor, Tensor> linalg::qr(const Tensor& A, std::string_view mode) {
  check_matrices("linalg.qr", A);
  XGRAD_CHECK(mode == "reduced" || mode == "complete" || mode == "r",
              "linalg.qr: mode must be \"reduced\", \"complete\" or \"r\": got \"", mode, "\"");
  return differentiable(Qr{{},
                           mode == "reduced"    ? Qr::Mode::reduced
                           : mode == "complete" ? Qr::Mode::complete
                                                : Qr::Mode::r},
                        A);
}

std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some) {
  return linalg::qr(self, some ? "reduced" : "complete");
}

}  // namespace xgrad
