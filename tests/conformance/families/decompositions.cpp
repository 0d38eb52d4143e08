// Rows: decompositions, solvers and norms of matrices.
#include "../registry.h"

namespace conformance {

namespace {

bool is_infinity(const Args& a, const char* name) {
  return a.is_text(name) && (a.text(name) == "inf" || a.text(name) == "-inf");
}

Results norm(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  const std::vector<int64_t> dims = a.integers("dim", {});
  const lib::OptionalIntArrayRef dim =
      a.has("dim") ? lib::OptionalIntArrayRef(dims) : lib::OptionalIntArrayRef();
  if (a.is_text("ord") && !is_infinity(a, "ord"))
    return lib::linalg::norm(self, a.text("ord"), dim, a.flag("keepdim"), a.dtype());
  return lib::linalg::norm(self, a.optional_scalar("ord"), dim, a.flag("keepdim"), a.dtype());
}

Results matrix_norm(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  const std::vector<int64_t> dim = a.integers("dim", {-2, -1});
  if (a.has("ord") && (!a.is_text("ord") || is_infinity(a, "ord")))
    return lib::linalg::matrix_norm(self, a.scalar("ord"), dim, a.flag("keepdim"), a.dtype());
  return lib::linalg::matrix_norm(self, a.text("ord", "fro"), dim, a.flag("keepdim"), a.dtype());
}

Results pinv(const Args& a) {
  if (a.is_tensor("rtol") || a.is_tensor("atol"))
    return lib::linalg::pinv(a.tensor("self"), a.optional_tensor("atol"), a.optional_tensor("rtol"),
                             a.flag("hermitian"));
  const auto real = [&](const char* name) {
    return a.has(name) ? Optional<double>(a.real(name)) : Optional<double>();
  };
  return lib::linalg::pinv(a.tensor("self"), real("atol"), real("rtol"), a.flag("hermitian"));
}

}  // namespace

void register_decompositions(Registry& registry) {
  Table& t = registry.ops;
  t.row("linalg.norm", norm);
  t.row("linalg.matrix_norm", matrix_norm);
  t.row("linalg.pinv", pinv);
  t.row("linalg.det", [](const Args& a) { return lib::linalg::det(a.tensor("A")); });
  t.row("linalg.slogdet", [](const Args& a) { return lib::linalg::slogdet(a.tensor("A")); });
  t.row("logdet", [](const Args& a) { return lib::logdet(a.tensor("self")); });
  t.row("linalg.inv", [](const Args& a) { return lib::linalg::inv(a.tensor("A")); });
  t.row("linalg.solve",
        [](const Args& a) { return lib::linalg::solve(a.tensor("A"), a.tensor("B"), a.flag("left", true)); });
  t.row("linalg.solve_triangular", [](const Args& a) {
    return lib::linalg::solve_triangular(a.tensor("self"), a.tensor("B"), a.flag("upper"),
                                         a.flag("left", true), a.flag("unitriangular"));
  });
  t.row("triangular_solve", [](const Args& a) {
    return lib::triangular_solve(a.tensor("self"), a.tensor("A"), a.flag("upper", true), a.flag("transpose"),
                                 a.flag("unitriangular"));
  });
  t.row("linalg.cholesky",
        [](const Args& a) { return lib::linalg::cholesky(a.tensor("self"), a.flag("upper")); });
  t.row("cholesky", [](const Args& a) { return lib::cholesky(a.tensor("self"), a.flag("upper")); });
  t.row("linalg.qr", [](const Args& a) { return lib::linalg::qr(a.tensor("A"), a.text("mode", "reduced")); });
  t.row("qr", [](const Args& a) { return lib::qr(a.tensor("self"), a.flag("some", true)); });
  t.row("linalg.eigvalsh",
        [](const Args& a) { return lib::linalg::eigvalsh(a.tensor("self"), a.text("UPLO", "L")); });
  t.row("linalg.svdvals", [](const Args& a) { return lib::linalg::svdvals(a.tensor("A")); });
  t.row("linalg.lstsq", [](const Args& a) {
    return std::get<0>(
        lib::linalg::lstsq(a.tensor("self"), a.tensor("b"), Optional<double>(), std::string("gels")));
  });
  t.row("linalg.matrix_power",
        [](const Args& a) { return lib::linalg::matrix_power(a.tensor("self"), a.integer("n")); });
  t.row("linalg.multi_dot", [](const Args& a) { return lib::linalg::multi_dot(a.tensors("tensors")); });
}

}  // namespace conformance
