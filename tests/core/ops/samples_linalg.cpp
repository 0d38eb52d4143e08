// Samples of distances, decompositions and solvers. The matrices are far from singular, and their eigenvalues
// and singular values differ.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

Tensor square(IntArrayRef sizes, double seed = 0) {
  return spread(sizes, -1, 1, seed) + eye(sizes.back(), kDouble) * 2;
}
Tensor symmetric(const Tensor& x) { return x + x.transpose(-2, -1); }

void add_distances(std::vector<Row>& rows) {
  const auto two = [](IntArrayRef a, IntArrayRef b) {
    return Tensors{spread(a, -2, 2), spread(b, -2, 2, 1)};
  };
  std::vector<Sample> pairs{
      {"by products", two({3, 2}, {4, 2}), [](const Tensors& x) { return cdist(x[0], x[1], 2, 1); }},
      {"broadcast batches", two({2, 1, 3, 2}, {2, 2, 2}),
       [](const Tensors& x) { return cdist(x[0], x[1], 2, 1); }}};
  std::vector<Sample> within;
  const Tensor scales = tensor({1., 1.7, 2.3}, kDouble);  // no two coordinates are equally far apart
  for (const double p : {0., 0.5, 1., 2., 3., HUGE_VAL}) {
    const std::string name = concat("of order ", p);
    pairs.push_back({name, two({2, 3, 2}, {4, 2}), [=](const Tensors& x) {
                       return cdist(x[0] * scales.narrow(0, 0, 2), x[1] * scales.narrow(0, 0, 2), p);
                     }});
    within.push_back(
        {name, {spread({5, 3}, -2, 2)}, [=](const Tensors& x) { return pdist(x[0] * scales, p); }});
  }
  rows.push_back(row(
      "cdist", "CdistBackward", 2, pairs, [](const Tensors& x) { return cdist(x[0], x[1]); },
      two({3, 2}, {3, 4}), "cdist: "));
  rows.push_back(row(
      "pdist", "PdistBackward", 1, within, [](const Tensors& x) { return pdist(x[0]); },
      {spread({2, 2, 2}, 0, 1)}, "pdist: a matrix expected"));
}

void add_cross(std::vector<Row>& rows) {
  const Call call = [](const Tensors& x) { return linalg::cross(x[0], x[1]); };
  rows.push_back(row("linalg.cross", "LinalgCrossBackward", 2,
                     {{"rows", {spread({2, 3}, -2, 2), spread({2, 3}, -2, 2, 1)}, call},
                      {"broadcast", {spread({2, 1, 3}, -2, 2), spread({1, 2, 3}, -2, 2, 1)}, call},
                      {"columns",
                       {spread({3, 2}, -2, 2), spread({3, 2}, -2, 2, 1)},
                       [](const Tensors& x) { return cross(x[0], x[1]); }}},
                     call, {spread({2, 3}, -2, 2), spread({2, 2}, -2, 2)}, "linalg.cross: "));
}

void add_solvers(std::vector<Row>& rows) {
  const Tensors flat{spread({2, 3}, -1, 1)};
  const auto of_one = [&](const char* op, const char* node, const Call& f) {
    rows.push_back(row(op, node, 1,
                       {{"one matrix", {square({3, 3})}, f},
                        {"a batch", {square({2, 1, 2, 2})}, f},
                        {"of no size", {spread({2, 0, 0}, 0, 1)}, f}},
                       f, flat, std::string(op) + ": "));
  };
  of_one("linalg.det", "LinalgDetBackward", [](const Tensors& x) { return linalg::det(x[0]); });
  of_one("linalg.slogdet", "LinalgSlogdetBackward",
         [](const Tensors& x) { return std::get<1>(linalg::slogdet(x[0])); });
  of_one("linalg.inv", "LinalgInvExBackward", [](const Tensors& x) { return linalg::inv(x[0]); });
  const Call solve = [](const Tensors& x) { return linalg::solve(x[0], x[1]); };
  rows.push_back(row("linalg.solve", "LinalgSolveExBackward", 2,
                     {{"a matrix", {square({3, 3}), spread({3, 2}, -1, 1, 1)}, solve},
                      {"a vector", {square({3, 3}), spread({3}, -1, 1, 1)}, solve},
                      {"broadcast batches", {square({2, 1, 2, 2}), spread({3, 2, 1}, -1, 1, 1)}, solve},
                      {"from the right",
                       {square({3, 3}), spread({2, 3}, -1, 1, 1)},
                       [](const Tensors& x) { return linalg::solve(x[0], x[1], false); }}},
                     solve, {square({3, 3}), spread({2, 3}, -1, 1)}, "linalg.solve: incompatible shapes"));
  std::vector<Sample> triangles;
  for (const bool upper : {false, true})
    for (const bool left : {false, true})
      triangles.push_back({std::string(upper ? "upper" : "lower") + (left ? " left" : " right"),
                           {square({2, 3, 3}), spread({3, 3}, -1, 1, 1)},
                           [=](const Tensors& x) {
                             return linalg::solve_triangular(x[0], x[1], upper, left, upper && left);
                           }});
  rows.push_back(row(
      "linalg.solve_triangular", "LinalgSolveTriangularBackward", 2, triangles,
      [](const Tensors& x) { return linalg::solve_triangular(x[0], x[0], true); }, flat,
      "linalg.solve_triangular: A must be batches of square matrices"));
}

void add_decompositions(std::vector<Row>& rows) {
  const Tensors vector{spread({3}, -1, 1)};
  const auto positive = [](const Tensor& x) { return matmul(x, x.transpose(-2, -1)); };
  rows.push_back(row(
      "linalg.cholesky", "LinalgCholeskyExBackward", 1,
      {{"lower", {square({3, 3})}, [=](const Tensors& x) { return linalg::cholesky(positive(x[0])); }},
       {"upper",
        {square({2, 2, 2})},
        [=](const Tensors& x) { return linalg::cholesky(positive(x[0]), true); }}},
      [](const Tensors& x) { return linalg::cholesky(x[0] * 0); }, {square({2, 2})},
      "linalg.cholesky: The factorization could not be completed"));
  const auto both = [](const std::tuple<Tensor, Tensor>& pair) {
    return cat({std::get<0>(pair).reshape(-1), std::get<1>(pair).reshape(-1)});
  };
  const Call qr = [=](const Tensors& x) { return both(linalg::qr(x[0])); };
  rows.push_back(row(
      "linalg.qr", "LinalgQrBackward", 1,
      {{"square", {square({2, 3, 3})}, qr},
       {"tall", {spread({4, 2}, -1, 1)}, qr},
       {"wide", {spread({2, 4}, -1, 1)}, qr},
       {"only R", {spread({4, 2}, -1, 1)}, [](const Tensors& x) { return std::get<1>(linalg::qr(x[0])); }},
       {"complete",
        {spread({2, 3}, -1, 1)},
        [=](const Tensors& x) { return both(linalg::qr(x[0], "complete")); }}},
      qr, vector, "linalg.qr: "));
  const Call lu = [](const Tensors& x) { return std::get<0>(linalg::lu_factor(x[0])); };
  rows.push_back(row("linalg.lu_factor", "LinalgLuFactorExBackward", 1,
                     {{"square", {square({2, 3, 3})}, lu},
                      {"tall", {spread({4, 2}, -1, 1)}, lu},
                      {"wide", {spread({2, 4}, -1, 1)}, lu},
                      {"of nothing", {spread({2, 0, 3}, -1, 1)}, lu}},
                     lu, {zeros({2, 2}, kDouble)}, "linalg.lu_factor: U[1,1] is zero"));
  const Call ldl = [](const Tensors& x) { return std::get<0>(linalg::ldl_factor(symmetric(x[0].detach()))); };
  rows.push_back(row(
      "linalg.ldl_factor", "", 1, each({{3, 3}, {2, 4, 4}, {0, 2, 2}}, ldl),
      [](const Tensors& x) { return std::get<0>(linalg::ldl_factor(x[0])); }, {zeros({2, 2}, kDouble)},
      "linalg.ldl_factor: D[1,1] is zero"));
  const Call solved = [](const Tensors& x) {
    const auto [factors, pivots] =
        linalg::ldl_factor(tensor({0., 1., 2., 1., 0., 3., 2., 3., 0.}, kDouble).view({3, 3}));
    return linalg::ldl_solve(factors.to(x[0].dtype()), pivots, x[0]);
  };
  rows.push_back(row("linalg.ldl_solve", "LinalgLdlSolveBackward", 3,
                     each({{3, 2}, {2, 3, 1}, {3, 0}}, solved), solved, {spread({2, 2}, -1, 1)},
                     "linalg.ldl_solve: incompatible shapes"));
  // The signs of eigenvectors and of singular vectors are LAPACK's affair.
  rows.push_back(row(
      "linalg.eigh", "LinalgEighBackward", 1,
      {{"values and vectors",
        {spread({2, 3, 3}, -1, 1)},
        [](const Tensors& x) {
          const auto [w, v] = linalg::eigh(symmetric(x[0]));
          return w.unsqueeze(-2) + v * v;
        }},
       {"vectors",
        {spread({3, 3}, -1, 1)},
        [](const Tensors& x) { return std::get<1>(linalg::eigh(symmetric(x[0]), "U")).abs(); }}},
      [](const Tensors& x) { return std::get<0>(linalg::eigh(x[0], "X")); }, {square({2, 2})},
      "linalg.eigh: "));
  rows.push_back(row(
      "linalg.eigvalsh", "LinalgEigvalshBackward", 1,
      {{"values",
        {spread({2, 3, 3}, -1, 1)},
        [](const Tensors& x) { return linalg::eigvalsh(symmetric(x[0])); }}},
      [](const Tensors& x) { return linalg::eigvalsh(x[0]); }, vector, "linalg.eigvalsh: "));
  const auto all = [](const std::tuple<Tensor, Tensor, Tensor>& parts) {
    const auto& [u, s, vt] = parts;
    return cat({(u * u).reshape(-1), s.reshape(-1), (vt * vt).reshape(-1)});
  };
  const Call svd = [=](const Tensors& x) { return all(linalg::svd(x[0], false)); };
  rows.push_back(row("linalg.svd", "LinalgSvdBackward", 1,
                     {{"square", {square({2, 2, 2})}, svd},
                      {"tall", {spread({4, 2}, -1, 1)}, svd},
                      {"wide", {spread({2, 4}, -1, 1)}, svd}},
                     svd, vector, "linalg.svd: "));
  rows.push_back(row(
      "linalg.svdvals", "LinalgSvdvalsBackward", 1,
      {{"values", {spread({2, 2, 3}, -1, 1)}, [](const Tensors& x) { return linalg::svdvals(x[0]); }}},
      [](const Tensors& x) { return linalg::svdvals(x[0]); }, vector, "linalg.svdvals: "));
}

void add_pseudo_inverses(std::vector<Row>& rows) {
  const Tensors vector{spread({3}, -1, 1)};
  const Call pinv = [](const Tensors& x) { return linalg::pinv(x[0]); };
  rows.push_back(row("linalg.pinv", "LinalgPinvBackward", 3,
                     {{"tall", {spread({2, 4, 2}, -1, 1)}, pinv},
                      {"wide", {spread({2, 4}, -1, 1)}, pinv},
                      {"symmetric",
                       {square({3, 3})},
                       [](const Tensors& x) {
                         return linalg::pinv(symmetric(x[0]), nullopt, optional<double>(1e-9), true);
                       }}},
                     pinv, vector, "linalg.pinv: "));
  const Call lstsq = [](const Tensors& x) { return std::get<0>(linalg::lstsq(x[0], x[1])); };
  rows.push_back(row("linalg.lstsq", "LinalgLstsqBackward", 2,
                     {{"tall", {spread({4, 2}, -1, 1), spread({4, 3}, -1, 1, 1)}, lstsq},
                      {"wide", {spread({2, 4}, -1, 1), spread({2, 1}, -1, 1, 1)}, lstsq},
                      {"a vector", {spread({4, 2}, -1, 1), spread({4}, -1, 1, 1)}, lstsq}},
                     lstsq, {spread({4, 2}, -1, 1), spread({3, 2}, -1, 1)}, "linalg.lstsq: "));
}

}  // namespace

void add_linalg(std::vector<Row>& rows) {
  add_cross(rows);
  add_distances(rows);
  add_solvers(rows);
  add_decompositions(rows);
  add_pseudo_inverses(rows);
}

}  // namespace samples
